import { complete, completionAt } from '../../app/query/language/complete.ts';
import { formatCount } from '../format.ts';
import type { Engine } from './engine.svelte.ts';

/** One way to go on writing. */
export interface Suggestion {
  readonly name: string;
  readonly about: string;
  /** The whole text, and where the cursor is, once it is taken. */
  readonly text: string;
  readonly cursor: number;
}

/** A pause in typing after which the library is asked for values. */
const PAUSE_MS = 80;
const MOST = 8;

/** What can be written where the cursor stands, as a list to choose from. */
export class Completer {
  list = $state.raw<readonly Suggestion[]>([]);
  /** The one that Enter would take; −1 for none. */
  active = $state(-1);

  readonly #engine: Engine;
  #running: AbortController | undefined;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** @param names whether names of fields are offered too: in plain sentences they would be in the way */
  async look(text: string, cursor: number, names: boolean): Promise<void> {
    this.#running?.abort();
    const place = completionAt(text, cursor);
    if (place.kind === 'none' || (place.kind === 'field' && (!names || place.prefix === ''))) {
      this.close();
      return;
    }
    const take = (name: string, about: string, written: string): Suggestion => {
      const taken = complete(text, place, written);
      // A value is done: what comes next is something else.
      const space = place.kind === 'value' && !/^\s/u.test(taken.text.slice(taken.cursor)) ? ' ' : '';
      const head = `${taken.text.slice(0, taken.cursor)}${space}`;
      return { name, about, text: `${head}${taken.text.slice(taken.cursor)}`, cursor: head.length };
    };
    const known = place.choices.map(({ value, about }) => take(value, about, value));
    this.#show(known);
    if (place.ask === null) return;
    const controller = new AbortController();
    this.#running = controller;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    if (controller.signal.aborted) return;
    const asked = { field: place.ask, prefix: place.prefix.slice(0, 200), limit: MOST };
    const found = await this.#engine.call('search.values', asked, controller.signal).catch(() => null);
    // A newer question has closed or filled the list meanwhile.
    if (found === null || this.#running !== controller) return;
    const values = found.values.filter(({ value }) => value !== place.prefix);
    this.#show([...known, ...values.map(({ value, photos }) => take(value, formatCount(photos, 'photo'), value))]);
  }

  /** Moves the choice up (−1) or down (+1), round the ends, where no choice lies. */
  step(by: -1 | 1): void {
    const places = this.list.length + 1;
    this.active = ((this.active + 1 + by + places) % places) - 1;
  }

  close(): void {
    this.#running?.abort();
    this.#show([]);
  }

  #show(list: readonly Suggestion[]): void {
    this.list = list.slice(0, MOST + 4);
    this.active = -1;
  }
}
