import {
  toAfterimageError,
  type ErrorData,
  type Progress,
  type Root,
  type Status,
  type Upgrade,
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
  /** Asks the engine again soon; to be called freely. */
  readonly refresh = coalesce(() => this.load());
  /** Resolves when something is known about the library for the first time. */
  readonly known: Promise<void>;

  readonly progress = $derived<Progress | null>(this.status?.progress ?? null);
  readonly working = $derived(this.progress !== null && this.progress.phase !== 'idle');
  readonly offline = $derived<readonly Root[]>(this.status?.roots.filter((root) => root.state === 'offline') ?? []);
  /** A library can be searched once it has folders and a model. */
  readonly ready = $derived(this.status !== null && this.status.model !== null && this.status.roots.length > 0);
  /** The change from another model; it stands until that model is let go. */
  readonly upgrade = $derived<Upgrade | null>(this.status?.upgrade ?? null);
  /** Whether a model still has to see photos of the library that are found without it meanwhile. */
  readonly upgrading = $derived(this.upgrade?.phase === 'mapped' || this.upgrade?.phase === 'embedding');
  /** Photos that wait for a vector of the model in use, while nothing is being done about it. */
  readonly waiting = $derived.by((): number => {
    const { status } = this;
    const searchable = status?.model?.photos;
    return status === null || searchable === undefined || this.working || this.upgrading
      ? 0
      : Math.max(0, status.library.photos - searchable);
  });

  readonly #engine: Engine;
  readonly #toasts: Toasts;
  #tellKnown = (): void => undefined;

  constructor(engine: Engine, toasts: Toasts) {
    this.#engine = engine;
    this.#toasts = toasts;
    this.known = new Promise((resolve) => {
      this.#tellKnown = resolve;
    });
  }

  async load(): Promise<void> {
    try {
      this.status = await this.#engine.call('status', {});
      this.#tellKnown();
      this.problem = null;
    } catch (error) {
      this.problem = toAfterimageError(error).toData();
    }
  }

  heed(progress: Progress): void {
    if (this.status !== null) this.status = { ...this.status, progress };
  }

  heedUpgrade(upgrade: Upgrade | null): void {
    if (this.status !== null) this.status = { ...this.status, upgrade };
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

  /** Opens a library that waits for it; with everything, its folders and models are approved, too. */
  async approve(everything: boolean): Promise<void> {
    await this.#toasts.attempt(this.#engine.call('library.approve', { everything }));
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
}
