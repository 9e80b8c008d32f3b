import { AfterimageError } from '../contract/index.ts';
import { ImageWorkers } from '../embed/image-workers.ts';
import type { Model } from '../embed/model.ts';
import { ResidentVectors } from '../embed/resident.ts';
import { TextWorker } from '../embed/text-worker.ts';
import type { Catalogue } from '../library/catalogue.ts';
import type { LibraryPaths } from '../store/manifest.ts';
import type { Store } from '../store/store.ts';
import type { EngineOptions } from './options.ts';

/** Sentences whose vectors are kept: a person edits a query back and forth. */
const REMEMBERED_SENTENCES = 512;

/** The model in use: its workers, and the library's vectors of it in memory. */
export class ActiveModel {
  readonly model: Model;
  readonly images: ImageWorkers;
  readonly resident: ResidentVectors;
  readonly #text: TextWorker;
  readonly #sentences = new Map<string, Float32Array>();

  private constructor(model: Model, images: ImageWorkers, text: TextWorker, resident: ResidentVectors) {
    this.model = model;
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
  ): Promise<ActiveModel> {
    await store.useVectors(model.id, model.dimension);
    const resident = await ResidentVectors.create(model.dimension, options.columnsGraph, options.threads);
    for await (const { ids, vectors } of store.loadVectors()) {
      for (const [row, id] of ids.entries())
        resident.put(id, vectors.subarray(row * model.dimension, (row + 1) * model.dimension));
    }
    const images = new ImageWorkers({
      ...options.worker,
      model,
      thumbnails: paths.thumbnails,
      threads: options.threads,
      identify: (fileId, contentHash) => {
        const photoId = catalogue.identify(fileId, contentHash);
        const isDone = catalogue.photos.get(photoId)?.contentHash === contentHash && resident.has(photoId);
        return { photoId, need: isDone ? 'nothing' : 'everything' };
      },
    });
    return new ActiveModel(
      model,
      images,
      new TextWorker({ ...options.worker, model, threads: options.threads }),
      resident,
    );
  }

  /** @returns the sentence's unit vector, `[d]` */
  async embedSentence(sentence: string): Promise<Float32Array> {
    const known = this.#sentences.get(sentence);
    if (known !== undefined) return known;
    const vector = await this.#text.embed([sentence]);
    this.#sentences.set(sentence, vector);
    const oldest = this.#sentences.keys().next();
    if (this.#sentences.size > REMEMBERED_SENTENCES && oldest.done !== true) this.#sentences.delete(oldest.value);
    return vector;
  }

  /** @returns unit vectors `[n × d]`, row-major */
  embedSentences(sentences: readonly string[]): Promise<Float32Array> {
    return this.#text.embed(sentences);
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
