import type { Engine } from './engine.svelte.ts';

/** Asking costs a run of the text tower per word. */
const PAUSE_MS = 900;

/** Words of the query that make no difference to the model. */
export class UnknownWords {
  words = $state.raw<readonly string[]>([]);

  readonly #engine: Engine;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: AbortController | undefined;
  #sentences = '';

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /**
   * Asks once the words rest.
   *
   * @param sentences the words alone, so that another weight is no new question
   */
  ask(query: string, sentences: string): void {
    if (sentences === this.#sentences) return;
    this.#sentences = sentences;
    this.words = [];
    clearTimeout(this.#timer);
    this.#running?.abort();
    if (sentences !== '') this.#timer = setTimeout(() => void this.#ask(query), PAUSE_MS);
  }

  async #ask(query: string): Promise<void> {
    const controller = new AbortController();
    this.#running = controller;
    try {
      this.words = (await this.#engine.call('search.unknownWords', { query }, controller.signal)).words;
    } catch {
      // A hint that cannot be given is none.
    }
  }
}
