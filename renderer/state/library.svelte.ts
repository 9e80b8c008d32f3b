import {
  toAfterimageError,
  type ErrorData,
  type ModelInfo,
  type Progress,
  type Root,
  type Status,
} from '../../app/contract/index.ts';
import { describeReport } from '../report.ts';
import { coalesce } from './coalesce.ts';
import type { Engine } from './engine.svelte.ts';
import type { Toasts } from './toasts.svelte.ts';

/** What the library consists of and what is being done to it. */
export class Library {
  status = $state.raw<Status | null>(null);
  /** Why nothing is known about the library. */
  problem = $state.raw<ErrorData | null>(null);
  models = $state.raw<readonly ModelInfo[]>([]);
  /** Asks the engine again soon; to be called freely. */
  readonly refresh = coalesce(() => this.load());

  readonly progress = $derived<Progress | null>(this.status?.progress ?? null);
  readonly working = $derived(this.progress !== null && this.progress.phase !== 'idle');
  readonly offline = $derived<readonly Root[]>(this.status?.roots.filter((root) => root.state === 'offline') ?? []);
  /** A library can be searched once it has folders and a model. */
  readonly ready = $derived(this.status !== null && this.status.model !== null && this.status.roots.length > 0);
  /** Photos that wait for a vector of the model in use, while nothing is being done about it. */
  readonly waiting = $derived.by((): number => {
    const { status } = this;
    const searchable = status?.model?.photos;
    return status === null || searchable === undefined || this.working
      ? 0
      : Math.max(0, status.library.photos - searchable);
  });

  readonly #engine: Engine;
  readonly #toasts: Toasts;

  constructor(engine: Engine, toasts: Toasts) {
    this.#engine = engine;
    this.#toasts = toasts;
  }

  async load(): Promise<void> {
    try {
      this.status = await this.#engine.call('status', {});
      this.problem = null;
    } catch (error) {
      this.problem = toAfterimageError(error).toData();
    }
  }

  async loadModels(): Promise<void> {
    const list = await this.#toasts.attempt(this.#engine.call('models.list', {}));
    if (list !== undefined) this.models = list.models;
  }

  heed(progress: Progress): void {
    if (this.status !== null) this.status = { ...this.status, progress };
  }

  /**
   * Brings the library up to date with its folders; resolves when that is done.
   *
   * @param rootIds the folders in question; all without it
   */
  async index(rootIds?: readonly string[]): Promise<void> {
    const which = rootIds === undefined ? {} : { rootIds: [...rootIds] };
    const report = await this.#toasts.attempt(this.#engine.call('index.run', which));
    if (report !== undefined && !report.cancelled) this.#toasts.say(describeReport(report));
    await this.load();
  }

  async pause(): Promise<void> {
    await this.#toasts.attempt(this.#engine.call('index.pause', {}));
  }

  async resume(): Promise<void> {
    await this.#toasts.attempt(this.#engine.call('index.resume', {}));
  }

  async cancel(): Promise<void> {
    await this.#toasts.attempt(this.#engine.call('index.cancel', {}));
  }

  /** @returns the model, or undefined when it cannot be used; the reason has been shown then */
  async addModel(token: string): Promise<ModelInfo | undefined> {
    const model = await this.#toasts.attempt(this.#engine.call('shell.addModel', { token }));
    await this.loadModels();
    return model;
  }

  /** @returns whether the model is the library's now */
  async useModel(id: string): Promise<boolean> {
    const model = await this.#toasts.attempt(this.#engine.call('models.use', { id }));
    await this.load();
    return model !== undefined;
  }
}
