import { toAfterimageError, type Download, type Handlers, type Offer } from '../contract/index.ts';
import { downloadBytes, findEntry, readCatalogue, type CatalogueEntry } from '../hub/catalogue.ts';
import { downloadModel } from '../hub/download.ts';
import { discardDownload, installation } from '../hub/installation.ts';
import type { DownloadProgress } from '../hub/meter.ts';
import { licenceOf } from './model-identity.ts';
import type { Models } from './models.ts';
import type { EngineOptions } from './options.ts';

interface DownloadsOptions {
  readonly options: Pick<EngineOptions, 'catalogue' | 'models'>;
  readonly models: Models;
  /** A download has gone on, ended, or begun. */
  readonly onProgress: () => void;
  /** There is one model more. */
  readonly onModel: () => void;
}

interface Running {
  readonly abort: AbortController;
  readonly done: Promise<string>;
}

/** Models of the catalogue, and how far they have been fetched. */
export class Downloads {
  readonly #options: DownloadsOptions;
  readonly #entries: readonly CatalogueEntry[];
  readonly #running = new Map<string, Running>();
  readonly #states = new Map<string, Download>();

  private constructor(options: DownloadsOptions, entries: readonly CatalogueEntry[]) {
    this.#options = options;
    this.#entries = entries;
  }

  static async open(options: DownloadsOptions): Promise<Downloads> {
    const entries = await readCatalogue(options.options.catalogue);
    const downloads = new Downloads(options, entries);
    // What an earlier program has begun can be gone on with.
    for (const entry of entries) {
      const { state, bytes } = await installation(entry, options.options.models);
      if (state === 'partial') downloads.#put(entry, { done: bytes });
    }
    return downloads;
  }

  /** Those under way, paused or failed. */
  get states(): readonly Download[] {
    return [...this.#states.values()];
  }

  async offers(): Promise<Offer[]> {
    const installed = (await this.#options.models.list()).filter(({ catalogue }) => catalogue !== null);
    return this.#entries.map((entry) => {
      const { id, name, goodAt, slot, languages, dimension, licence, figures } = entry;
      const { xm3600, ...others } = figures;
      return {
        id,
        name,
        purpose: goodAt,
        slot,
        languages: languages === 'english' ? 'English' : 'about 100 languages',
        dimension,
        bytes: downloadBytes(entry),
        licence: licenceOf(licence),
        figures: { ...others, xm3600TextToImage: xm3600 },
        installed: installed.find(({ catalogue }) => catalogue === id)?.id ?? null,
      };
    });
  }

  get handlers(): Handlers<'models.download' | 'models.stopDownload'> {
    const { models, options, onProgress, onModel } = this.#options;
    return {
      'models.download': async ({ id }) => {
        const entry = findEntry(this.#entries, id);
        const model = await models.add(await this.#fetch(entry));
        onModel();
        return models.info(model);
      },
      'models.stopDownload': async ({ id, drop }) => {
        const entry = findEntry(this.#entries, id);
        const running = this.#running.get(entry.id);
        running?.abort.abort();
        await running?.done.catch(() => undefined);
        if (drop) {
          await discardDownload(entry, options.models);
          this.#states.delete(entry.id);
        }
        onProgress();
        return {};
      },
    };
  }

  /** Ends all downloads; they can be gone on with. */
  async close(): Promise<void> {
    for (const { abort } of this.#running.values()) abort.abort();
    await Promise.all(Array.from(this.#running.values(), ({ done }) => done.catch(() => undefined)));
  }

  /** @returns the folder of the model */
  #fetch(entry: CatalogueEntry): Promise<string> {
    const known = this.#running.get(entry.id);
    if (known !== undefined) return known.done;
    const abort = new AbortController();
    this.#set(entry, { state: 'running', done: this.#states.get(entry.id)?.done ?? 0 });
    const done = downloadModel(entry, {
      models: this.#options.options.models,
      signal: abort.signal,
      onProgress: (progress) => {
        this.#set(entry, { state: 'running', ...progressOf(progress) });
      },
    })
      .then(
        (directory) => {
          this.#states.delete(entry.id);
          return directory;
        },
        (error: unknown) => {
          const isPaused = abort.signal.aborted;
          const problem = isPaused ? null : toAfterimageError(error).message;
          this.#set(entry, { state: isPaused ? 'paused' : 'failed', problem });
          throw error;
        },
      )
      .finally(() => {
        this.#running.delete(entry.id);
        this.#options.onProgress();
      });
    this.#running.set(entry.id, { abort, done });
    return done;
  }

  #set(entry: CatalogueEntry, change: Partial<Download>): void {
    this.#put(entry, change);
    this.#options.onProgress();
  }

  #put(entry: CatalogueEntry, change: Partial<Download>): void {
    const { done = 0, total = downloadBytes(entry) } = this.#states.get(entry.id) ?? {};
    const still = { bytesPerSecond: null, secondsLeft: null, problem: null };
    this.#states.set(entry.id, { id: entry.id, state: 'paused', done, total, ...still, ...change });
  }
}

const progressOf = ({
  done,
  total,
  bytesPerSecond,
  secondsLeft,
}: DownloadProgress): Pick<Download, 'done' | 'total' | 'bytesPerSecond' | 'secondsLeft'> => ({
  done,
  total,
  bytesPerSecond,
  secondsLeft,
});
