import { AfterimageError, type Curve } from '../contract/index.ts';
import { ImageWorkers } from '../embed/image-workers.ts';
import type { Model } from '../embed/model.ts';
import { ResidentVectors } from '../embed/resident.ts';
import { TextWorker } from '../embed/text-worker.ts';
import type { Catalogue } from '../library/catalogue.ts';
import type { LibraryPaths } from '../store/manifest.ts';
import { WORD_CURVE } from '../query/scales.ts';
import { meanDirection } from '../space/vector.ts';
import type { Store } from '../store/store.ts';
import { Bank } from './search/bank.ts';
import type { EngineOptions } from './options.ts';
import { RecentMap } from './recent-map.ts';
import { readVocabulary } from './search/vocabulary.ts';

/** Sentences whose vectors are kept: a person edits a query back and forth. */
const REMEMBERED_SENTENCES = 512;
/** Words of the bank that are embedded before somebody else may have a turn. */
const BANK_CHUNK = 64;

/** The model in use: its workers, and the library's vectors of it in memory. */
export class ActiveModel {
  readonly model: Model;
  readonly images: ImageWorkers;
  readonly resident: ResidentVectors;
  /** How sure a level of similarity with words makes us. */
  curve: Curve;
  readonly #store: Store;
  /** The empty text, then the vocabulary. */
  readonly #texts: readonly string[];
  readonly #text: TextWorker;
  readonly #sentences = new RecentMap<string, Float32Array>(REMEMBERED_SENTENCES);
  #bank: Bank | null = null;

  private constructor(
    model: Model,
    images: ImageWorkers,
    text: TextWorker,
    resident: ResidentVectors,
    store: Store,
    words: readonly string[],
    curve: Curve,
  ) {
    this.curve = curve;
    this.model = model;
    this.#store = store;
    this.#texts = ['', ...words];
    this.images = images;
    this.resident = resident;
    this.#text = text;
  }

  /** Loads the library's vectors of the model and makes its workers ready; they start when first needed. */
  static async open(
    model: Model,
    options: EngineOptions,
    paths: LibraryPaths,
    store: Store,
    catalogue: Catalogue,
    curve: Curve = model.match ?? WORD_CURVE,
  ): Promise<ActiveModel> {
    await store.useVectors(model.id, model.dimension);
    const resident = await ResidentVectors.create(model.dimension, options.columnsGraph, options.threads);
    const d = model.dimension;
    for await (const { ids, parts, at, vectors } of store.loadVectors()) {
      for (const [row, id] of ids.entries())
        resident.load(id, parts[row] ?? 0, { vector: vectors.subarray(row * d, (row + 1) * d), at: at[row] ?? null });
    }
    const images = new ImageWorkers({
      ...options.worker,
      model,
      thumbnails: paths.thumbnails,
      threads: options.threads,
      identify: (fileId, { contentHash, look }) => {
        if (look === null) {
          const known = catalogue.withContent(contentHash);
          return known !== null && resident.has(known)
            ? { photoId: known, need: 'nothing' }
            : { photoId: null, need: 'everything' };
        }
        const photoId = catalogue.identify(fileId, contentHash, look);
        const isSeen = catalogue.photos.get(photoId)?.pixelHash === look.pixelHash && resident.has(photoId);
        return { photoId, need: isSeen ? 'description' : 'everything' };
      },
    });
    const text = new TextWorker({ ...options.worker, model, threads: options.threads });
    const words = await readVocabulary(options.vocabulary);
    const active = new ActiveModel(model, images, text, resident, store, words, curve);
    await active.#recallBank();
    return active;
  }

  /** The vocabulary as this model sees it; null until it is learned. */
  get bank(): Bank | null {
    return this.#bank;
  }

  /** Has the vocabulary ready if the store holds it already. */
  async #recallBank(): Promise<void> {
    const vectors = await this.#store.bankVectors(this.model.id, this.#texts);
    if (vectors !== null) this.#useBank(vectors, await this.#store.loadHubs(this.model.id));
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
    const unsaved = this.#bank.takeUnsaved();
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

  async close(): Promise<void> {
    await Promise.all([this.images.close(), this.#text.close(), this.resident.release()]);
  }
}

export const needModel = (active: ActiveModel | null, missing: string | null): ActiveModel => {
  if (active !== null) return active;
  throw new AfterimageError(
    'no-model',
    missing ?? 'No model has been chosen for this library yet. Choose the starter model or a full one.',
  );
};
