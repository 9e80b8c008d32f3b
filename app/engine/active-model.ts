import type { Curve, Execution } from '../contract/index.ts';
import { fallenBack } from '../embed/choose-provider.ts';
import { ImageWorkers } from '../embed/image-workers.ts';
import type { Model } from '../embed/model.ts';
import type { Placement } from '../embed/placement.ts';
import { ResidentVectors, type Part } from '../embed/resident.ts';
import { TextWorker } from '../embed/text-worker.ts';
import type { Catalogue } from '../library/catalogue.ts';
import type { LibraryPaths } from '../store/manifest.ts';
import { WORD_CURVE } from '../query/scales.ts';
import { meanDirection } from '../space/vector.ts';
import type { Store } from '../store/store.ts';
import { loadSeen, type Bridge } from './upgrade/bridge.ts';
import { Bank } from './search/bank.ts';
import type { EngineOptions } from './options.ts';
import { LruMap } from '../base/lru-map.ts';
import { readVocabulary } from './search/vocabulary.ts';

/** Sentences whose vectors are kept: a person edits a query back and forth. */
const REMEMBERED_SENTENCES = 512;
/** Words of the bank that are embedded before somebody else may have a turn. */
const BANK_CHUNK = 64;

interface ActiveModelOptions {
  readonly options: EngineOptions;
  readonly paths: LibraryPaths;
  readonly store: Store;
  readonly catalogue: Catalogue;
  /** How sure a level of similarity with words makes us, where captions have told. */
  readonly curve?: Curve | undefined;
  /** Stands in where the model has not seen a photo itself; null where nothing does. */
  readonly bridge: Bridge | null;
  /** The CPU has taken over from the provider that was chosen. */
  readonly onFallback: () => void;
}

/** A model at work: its workers, and the library's vectors of it in memory. */
export class ActiveModel {
  readonly model: Model;
  readonly resident: ResidentVectors;
  readonly bridge: Bridge | null;
  /** How sure a level of similarity with words makes us. */
  curve: Curve;
  readonly #store: Store;
  /** The empty text, then the vocabulary. */
  readonly #texts: readonly string[];
  readonly #text: TextWorker;
  readonly #options: Pick<ActiveModelOptions, 'options' | 'paths' | 'catalogue' | 'onFallback'>;
  #images: ImageWorkers;
  #execution: Execution | null = null;
  readonly #sentences = new LruMap<string, Float32Array>(REMEMBERED_SENTENCES);
  /** Rows of the photos whose vectors come from another model's, through the bridge. */
  readonly #mapped: Set<number>;
  #bank: Bank | null = null;

  private constructor(
    model: Model,
    resident: ResidentVectors,
    mapped: Set<number>,
    words: readonly string[],
    { options, paths, store, catalogue, bridge, onFallback, curve = model.match ?? WORD_CURVE }: ActiveModelOptions,
  ) {
    this.#options = { options, paths, catalogue, onFallback };
    this.curve = curve;
    this.model = model;
    this.bridge = bridge;
    this.resident = resident;
    this.#mapped = mapped;
    this.#store = store;
    this.#texts = ['', ...words];
    this.#images = this.#startImages(undefined);
    // While photos are indexed every core is taken, and a run waits for the last of its threads: fewer are sooner together.
    this.#text = new TextWorker({ ...options.worker, model, threads: Math.ceil(options.threads / 2) });
  }

  /**
   * Loads the library's vectors of the model and makes its workers ready; they start when first needed.
   *
   * @param vectors name of the vectors that the model shares or owns
   */
  static async open(model: Model, vectors: string, options: ActiveModelOptions): Promise<ActiveModel> {
    const { columnsGraph, threads, vocabulary } = options.options;
    const resident = await ResidentVectors.create(model.dimension, columnsGraph, threads);
    await loadSeen(resident, options.store.vectorsOf(vectors));
    const mapped = (await options.bridge?.fill(resident, options.store)) ?? new Set();
    const active = new ActiveModel(model, resident, mapped, await readVocabulary(vocabulary), options);
    await active.#recallBank();
    return active;
  }

  /** Its workers for pictures. */
  get images(): ImageWorkers {
    return this.#images;
  }

  /** How its image tower runs here; null while that has not been found out. */
  get execution(): Execution | null {
    return this.#execution;
  }

  /** From now on the image tower runs so. */
  place(execution: Execution): void {
    const before = this.#images;
    this.#execution = execution;
    this.#images = this.#startImages(execution);
    void before.close();
  }

  /** Whether the model itself has seen the photo. */
  hasSeen(photoId: string): boolean {
    const row = this.resident.rowOf(photoId);
    return row !== undefined && !this.#mapped.has(row);
  }

  /** Whether the bridge stands in for the photo. */
  isMapped(photoId: string): boolean {
    const row = this.resident.rowOf(photoId);
    return row !== undefined && this.#mapped.has(row);
  }

  /** What the model sees in a photo, in place of what it saw in it before or what stood in for that. */
  put(photoId: string, parts: readonly Part[]): void {
    this.resident.put(photoId, parts);
    const row = this.resident.rowOf(photoId);
    if (row !== undefined && this.#mapped.delete(row)) this.#bank?.forget(photoId);
  }

  /** The vocabulary as this model sees it; null until it is learned. */
  get bank(): Bank | null {
    return this.#bank;
  }

  /** Has the vocabulary ready if the store holds it already. */
  async #recallBank(): Promise<void> {
    const vectors = await this.#store.bankVectors(this.model.id, this.#texts);
    // Another length would be another model's: it is learned anew.
    const isOwn = vectors?.length === this.#texts.length * this.model.dimension;
    if (vectors !== null && isOwn) this.#useBank(vectors, await this.#store.loadHubs(this.model.id));
  }

  /** Embeds the vocabulary if that was not done before; sentences that a person asks for go in between. */
  async learnBank(): Promise<void> {
    if (this.#bank !== null) return;
    const { dimension } = this.model;
    const vectors = new Float32Array(this.#texts.length * dimension);
    for (let start = 0; start < this.#texts.length; start += BANK_CHUNK)
      vectors.set(await this.#text.embed(this.#texts.slice(start, start + BANK_CHUNK)), start * dimension);
    await this.#store.putBank(this.model.id, this.#texts, vectors);
    this.#useBank(vectors, new Map());
  }

  #useBank(vectors: Float32Array, hubs: Map<string, number>): void {
    this.#bank = Bank.of(this.#texts, vectors, this.resident, hubs);
  }

  /** Compares new photos with the vocabulary and stores what came of it. */
  async saveHubs(): Promise<void> {
    if (this.#bank === null) return;
    await this.#bank.facts(this.resident.size);
    // What stands in for a vector goes when the vector comes.
    const unsaved = this.#bank.takeUnsaved().filter(({ photoId }) => this.hasSeen(photoId));
    if (unsaved.length > 0) await this.#store.addHubs(this.model.id, unsaved);
  }

  /**
   * The mean direction of several ways to say the same.
   *
   * @returns a unit vector, `[d]`
   */
  async embedWays(ways: readonly string[]): Promise<Float32Array> {
    const key = ways.join('\n');
    const known = this.#sentences.get(key);
    if (known !== undefined) return known;
    const stacked = await this.#text.embed(ways);
    const { dimension } = this.model;
    const vector = meanDirection(ways.map((_, way) => stacked.subarray(way * dimension, (way + 1) * dimension)));
    this.#sentences.set(key, vector);
    return vector;
  }

  #startImages(placement: Placement | undefined): ImageWorkers {
    const { options, paths, catalogue, onFallback } = this.#options;
    return new ImageWorkers({
      ...options.worker,
      model: this.model,
      ...(placement === undefined ? {} : { placement }),
      onFallback: (reason, now) => {
        if (this.#execution !== null) this.#execution = fallenBack(this.#execution, now, reason);
        onFallback();
      },
      library: paths.directory,
      threads: options.threads,
      identify: (fileId, { contentHash, look }) => {
        if (look === null) {
          const known = catalogue.claimContent(contentHash);
          return known !== null && this.hasSeen(known)
            ? { photoId: known, need: 'nothing' }
            : { photoId: null, need: 'everything' };
        }
        const photoId = catalogue.identify(fileId, contentHash, look);
        const isSeen = catalogue.photos.get(photoId)?.pixelHash === look.pixelHash && this.hasSeen(photoId);
        return { photoId, need: isSeen ? 'description' : 'everything' };
      },
    });
  }

  async close(): Promise<void> {
    await Promise.all([this.#images.close(), this.#text.close(), this.resident.release()]);
  }
}
