import { toAfterimageError, type Output } from '../../app/contract/index.ts';
import type { Engine } from './engine.svelte.ts';

/** As many as a host takes in one message, and as many as may be found at once. */
const AT_ONCE = 10_000;
const MOST = 100_000;

type Outcome = Output<'photos.writeSidecars'>;

/** Writing ratings and keywords to files beside the photos: asked first, done, and told how it went. */
export class Sidecars {
  /** The photos in question, while the question is on the screen. */
  ids = $state.raw<readonly string[] | null>(null);
  outcome = $state.raw<Outcome | null>(null);
  problem = $state<string | null>(null);
  busy = $state(false);

  readonly #engine: Engine;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** Asks about these photos. */
  ask(ids: readonly string[]): void {
    this.ids = ids;
    this.outcome = null;
    this.problem = null;
  }

  /** Asks about all photos with at least one star. */
  async askAll(): Promise<void> {
    this.ask([]);
    await this.#try(async () => {
      const found = await this.#engine.call('search', { query: 'rating:1..5', limit: MOST });
      this.ids = found.results.map(({ id }) => id);
    });
  }

  async write(): Promise<void> {
    const ids = this.ids ?? [];
    await this.#try(async () => {
      const outcome: Outcome = { done: 0, failures: [] };
      for (let from = 0; from < ids.length; from += AT_ONCE) {
        const part = await this.#engine.call('photos.writeSidecars', { ids: ids.slice(from, from + AT_ONCE) });
        outcome.done += part.done;
        outcome.failures.push(...part.failures);
      }
      this.outcome = outcome;
    });
  }

  close(): void {
    this.ids = null;
  }

  async #try(work: () => Promise<void>): Promise<void> {
    this.busy = true;
    this.problem = null;
    try {
      await work();
    } catch (error) {
      this.problem = toAfterimageError(error).message;
    }
    this.busy = false;
  }
}
