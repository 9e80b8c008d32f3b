import { SvelteSet } from 'svelte/reactivity';
import {
  toAfterimageError,
  type Download,
  type ErrorData,
  type Execution,
  type ModelInfo,
  type ModelsList,
  type Offer,
  type ProviderChoice,
} from '../../app/contract/index.ts';
import { describeOutcome, nameOfModel } from '../describe-model.ts';
import type { Engine } from './engine.svelte.ts';
import type { Library } from './library.svelte.ts';
import type { Settings } from './settings.svelte.ts';
import type { Toasts } from './toasts.svelte.ts';

/** Models that are here or can be had, and what is being done about them. */
export class Models {
  /** Those that can be used, the one in use among them. */
  installed = $state.raw<readonly ModelInfo[]>([]);
  /** The whole catalogue. */
  offers = $state.raw<readonly Offer[]>([]);
  downloads = $state.raw<readonly Download[]>([]);
  /** How the model in use runs on this machine. */
  execution = $state.raw<Execution | null>(null);
  /** Why nothing is known about models. */
  problem = $state.raw<ErrorData | null>(null);
  /** Whether a folder is being looked at that may hold a model. */
  adding = $state(false);
  /** Whether providers are being tried. */
  measuring = $state(false);
  /** Id of the model that this page is changing to, while the old one still answers; it can be cancelled. */
  switching = $state<string | null>(null);
  readonly active = $derived(this.installed.find(({ active }) => active) ?? null);
  readonly others = $derived(this.installed.filter(({ active }) => !active));
  readonly missing = $derived(this.offers.filter(({ installed }) => installed === null));

  readonly #engine: Engine;
  readonly #toasts: Toasts;
  readonly #library: Library;
  readonly #settings: Settings;
  /** Entries whose download was asked for here and has not been told of yet. */
  readonly #asked = new SvelteSet<string>();
  #running: AbortController | undefined;

  constructor(engine: Engine, toasts: Toasts, library: Library, settings: Settings) {
    this.#engine = engine;
    this.#toasts = toasts;
    this.#library = library;
    this.#settings = settings;
  }

  /** What a model is called in sentences. */
  nameOf({ id, name }: { readonly id: string; readonly name: string }): string {
    const model = this.installed.find((one) => one.id === id);
    return model === undefined ? name : nameOfModel(model);
  }

  async load(): Promise<void> {
    try {
      this.#take(await this.#engine.call('models.list', {}));
      this.problem = null;
    } catch (error) {
      this.problem = toAfterimageError(error).toData();
    }
  }

  heed(downloads: readonly Download[]): void {
    this.downloads = downloads;
  }

  /** How far the download of an entry is; undefined when there is none. */
  downloadOf({ id, bytes }: Offer): Download | undefined {
    const told = this.downloads.find((download) => download.id === id);
    const isStarting = this.#asked.has(id) && told?.state !== 'running';
    if (!isStarting) return told;
    const { done = 0, total = bytes ?? 0 } = told ?? {};
    return { id, state: 'running', done, total, bytesPerSecond: null, secondsLeft: null, problem: null };
  }

  /** Fetches a model, or goes on with it. @returns the model; undefined when it was stopped or failed, which is shown then */
  async download({ id, name }: Offer): Promise<ModelInfo | undefined> {
    if (this.#asked.has(id)) return undefined;
    this.#asked.add(id);
    try {
      const model = await this.#engine.call('models.download', { id });
      await this.load();
      // By then the person may be anywhere.
      const change = { label: 'Change to it', run: (): void => void this.switchTo(model) };
      this.#toasts.say(`${name} is downloaded and verified.`, 'plain', this.active === null ? null : change);
      return model;
    } catch (error) {
      await this.load();
      // A download that failed says so where it stands.
      if (this.downloads.find((download) => download.id === id)?.state !== 'failed')
        this.#toasts.report(toAfterimageError(error));
      return undefined;
    } finally {
      this.#asked.delete(id);
    }
  }

  /** Stops a download. What is there stays for another time, unless it is to be dropped. */
  async stop({ id }: Offer, drop = false): Promise<void> {
    await this.#do(this.#engine.call('models.stopDownload', { id, drop }));
  }

  /** @returns the model in a folder, or undefined when it cannot be used; the reason has been shown then */
  async add(token: string): Promise<ModelInfo | undefined> {
    this.adding = true;
    const model = await this.#do(this.#engine.call('shell.addModel', { token }));
    this.adding = false;
    return model;
  }

  /** Lets a model be loaded that the library names. */
  async approve({ id }: ModelInfo): Promise<void> {
    await this.#do(this.#engine.call('models.approve', { id }));
    await this.#library.load();
  }

  /** Makes a model the library's own at once. @returns whether it is */
  async use(id: string): Promise<boolean> {
    return (await this.#do(this.#engine.call('models.use', { id }))) !== undefined;
  }

  /** Changes to a model without a gap in searching, and shows it the photos that it has not seen. */
  async switchTo(model: ModelInfo): Promise<void> {
    if ((this.active?.photos ?? 0) === 0) {
      if (await this.use(model.id)) await this.#library.index();
      return;
    }
    this.#running = new AbortController();
    this.switching = model.id;
    const report = await this.#do(this.#engine.call('models.upgrade', { id: model.id }, this.#running.signal));
    this.switching = null;
    if (report === undefined) return;
    this.#toasts.say(describeOutcome(report, nameOfModel(model)));
    if (report.outcome === 'mapped' || report.outcome === 'below-floor') await this.#library.index();
  }

  /** Leaves everything as it was before the change that is being prepared. */
  cancelSwitch(): void {
    this.#running?.abort();
  }

  /** Goes back to the model before the last change. */
  async goBack(): Promise<void> {
    const model = await this.#do(this.#engine.call('models.rollback', {}));
    if (model !== undefined) this.#toasts.say(`${nameOfModel(model)} answers your searches again.`);
  }

  /** Lets go of a model's vectors and, where they are the program's own, its files. */
  async remove(model: ModelInfo): Promise<void> {
    const removed = await this.#do(this.#engine.call('models.remove', { id: model.id }));
    if (removed === undefined) return;
    this.#toasts.say(
      model.source === 'installed'
        ? `${nameOfModel(model)} was removed.`
        : `What ${nameOfModel(model)} saw in your photos was removed. Its files were not touched.`,
    );
  }

  /** Tries all providers anew, which takes a while. */
  async measure(): Promise<void> {
    this.measuring = true;
    await this.#do(this.#engine.call('models.check', {}));
    this.measuring = false;
  }

  /** Chooses what models run on. */
  async choose(provider: ProviderChoice): Promise<void> {
    this.measuring = true;
    await this.#do(this.#settings.change({ provider }));
    this.measuring = false;
  }

  #take({ models, offers, downloads, execution }: ModelsList): void {
    this.installed = models;
    this.offers = offers;
    this.downloads = downloads;
    this.execution = execution;
  }

  async #do<T>(work: Promise<T>): Promise<T | undefined> {
    const done = await this.#toasts.attempt(work);
    await Promise.all([this.load(), this.#library.load()]);
    return done;
  }
}
