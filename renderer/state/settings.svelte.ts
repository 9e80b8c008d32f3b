import type { Settings as Values } from '../../app/contract/index.ts';
import type { Engine } from './engine.svelte.ts';
import type { Toasts } from './toasts.svelte.ts';

/** What holds for the library as a whole. */
export class Settings {
  values = $state.raw<Values | null>(null);

  readonly #engine: Engine;
  readonly #toasts: Toasts;

  constructor(engine: Engine, toasts: Toasts) {
    this.#engine = engine;
    this.#toasts = toasts;
  }

  async load(): Promise<void> {
    this.values = (await this.#toasts.attempt(this.#engine.call('settings.get', {}))) ?? this.values;
  }

  /** @throws AfterimageError `invalid-request` for what cannot be set, and says why */
  async change(change: Partial<Values>): Promise<void> {
    this.values = await this.#engine.call('settings.change', change);
  }
}
