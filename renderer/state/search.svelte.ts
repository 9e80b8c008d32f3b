import { toAfterimageError, type ErrorData, type Result } from '../../app/contract/index.ts';
import type { Engine } from './engine.svelte.ts';
import { PhotoList } from './photo-list.ts';

/** A picture that is part of a query: one of the library, or one that was dropped or pasted. */
export type Example =
  | { readonly kind: 'photo'; readonly id: string }
  | { readonly kind: 'picture'; readonly token: string; readonly url: string };

export interface Answer {
  readonly query: string;
  readonly tookMs: number;
  readonly total: number;
  readonly results: readonly Result[];
  readonly list: PhotoList;
  /** Whether there is nothing after the last result. */
  readonly ended: boolean;
}

/** A pause in typing after which it is worth asking. */
const TYPING_PAUSE_MS = 220;
const PAGE = 300;

const termOf = (example: Example): string =>
  example.kind === 'photo' ? `photo:${example.id}` : `image:${example.token}`;

/** The query being written and its newest answer. The last answer stays until the next one is there. */
export class Search {
  words = $state('');
  examples = $state.raw<readonly Example[]>([]);
  answer = $state.raw<Answer | null>(null);
  problem = $state.raw<ErrorData | null>(null);
  busy = $state(false);

  /** In the query language of the engine. */
  readonly query = $derived([...this.examples.map(termOf), this.words.trim()].filter((part) => part !== '').join(' '));

  readonly #engine: Engine;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: AbortController | undefined;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** Takes what is in the box so far and searches once typing pauses. */
  type(words: string): void {
    this.words = words;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.run(), TYPING_PAUSE_MS);
  }

  /** Searches for what looks like this, and nothing else. */
  like(example: Example): void {
    this.#release(this.examples);
    this.examples = [example];
    this.words = '';
    void this.run();
  }

  remove(example: Example): void {
    this.#release([example]);
    this.examples = this.examples.filter((other) => other !== example);
    void this.run();
  }

  clear(): void {
    this.#release(this.examples);
    this.examples = [];
    this.words = '';
    void this.run();
  }

  /** Words are about to be written: the model for them is loaded meanwhile. Without one, the search itself says so. */
  prepare(): void {
    this.#engine.call('search.prepare', {}).catch(() => undefined);
  }

  /** Asks for the query as it stands. */
  async run(): Promise<void> {
    clearTimeout(this.#timer);
    this.#running?.abort();
    if (this.query === '') {
      this.busy = false;
      this.problem = null;
      this.answer = null;
      return;
    }
    await this.#ask(this.query, null);
  }

  /** Continues the answer where its list ends. */
  async more(): Promise<void> {
    const { answer } = this;
    if (answer === null || answer.ended || this.busy || this.problem !== null) return;
    await this.#ask(answer.query, answer);
  }

  async #ask(query: string, before: Answer | null): Promise<void> {
    const controller = new AbortController();
    this.#running = controller;
    this.busy = true;
    try {
      const input = { query, limit: PAGE, offset: before?.results.length ?? 0 };
      const { results: found, total, tookMs } = await this.#engine.call('search', input, controller.signal);
      const fresh = found.filter(({ id }) => before === null || before.list.indexOf(id) === -1);
      const results = [...(before?.results ?? []), ...fresh];
      this.answer = { query, tookMs, total, results, list: PhotoList.of(results), ended: found.length < PAGE };
      this.problem = null;
    } catch (error) {
      const failure = toAfterimageError(error);
      if (failure.kind !== 'cancelled') this.problem = failure.toData();
    }
    if (this.#running === controller) this.busy = false;
  }

  #release(examples: readonly Example[]): void {
    for (const example of examples) if (example.kind === 'picture') URL.revokeObjectURL(example.url);
  }
}
