import { toAfterimageError, type Comparison, type ErrorData } from '../../app/contract/index.ts';
import type { Engine } from './engine.svelte.ts';

/** Ids of two models. */
export type Pair = readonly [left: string, right: string];

const LIMIT = 60;
/** A pause in typing after which it is worth asking. */
const PAUSE_MS = 300;

/** One query, answered by two models beside each other: the newest question counts. */
export class ModelComparison {
  query = $state('');
  pair = $state.raw<Pair>(['', '']);
  answer = $state.raw<Comparison | null>(null);
  problem = $state.raw<ErrorData | null>(null);
  busy = $state(false);

  readonly #engine: Engine;
  #running: AbortController | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** Begins with a query, which may be empty, and two models. */
  start(pair: Pair, query: string): Promise<void> {
    this.answer = null;
    this.query = query;
    this.pair = pair;
    return this.ask();
  }

  /** Takes the query as it is written, and asks when writing pauses. */
  type(query: string): void {
    this.query = query;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.ask(), PAUSE_MS);
  }

  /** Compares with another model on one side; one that stands on the other side already changes places. */
  choose(side: 0 | 1, id: string): Promise<void> {
    const [left, right] = this.pair;
    const other = side === 0 ? right : left;
    const moved = id === other ? (side === 0 ? left : right) : other;
    this.pair = side === 0 ? [id, moved] : [moved, id];
    return this.ask();
  }

  /** Asks for the query as it stands; without one there is nothing to show. */
  async ask(): Promise<void> {
    this.leave();
    const query = this.query.trim();
    this.busy = query !== '';
    if (query === '') {
      this.answer = null;
      this.problem = null;
      return;
    }
    const controller = new AbortController();
    this.#running = controller;
    try {
      const [left, right] = this.pair;
      const input = { models: [left, right] satisfies [string, string], query, limit: LIMIT };
      const answer = await this.#engine.call('models.compare', input, controller.signal);
      if (controller.signal.aborted) return;
      this.answer = answer;
      this.problem = null;
    } catch (error) {
      const failure = toAfterimageError(error);
      if (failure.kind !== 'cancelled' && !controller.signal.aborted) this.problem = failure.toData();
    } finally {
      if (this.#running === controller) this.busy = false;
    }
  }

  /** Nobody looks any more. */
  leave(): void {
    clearTimeout(this.#timer);
    this.#running?.abort();
  }
}
