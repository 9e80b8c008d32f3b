import { ImageWorkers, type Frame, type ImageJob } from '../../embed/image-workers.ts';
import type { Model } from '../../embed/model.ts';
import type { Placement } from '../../embed/placement.ts';
import type { Catalogue } from '../../library/catalogue.ts';
import type { Store } from '../../store/store.ts';
import type { EngineOptions } from '../options.ts';

interface SecondLookOptions {
  readonly options: Pick<EngineOptions, 'worker' | 'threads'>;
  readonly model: Model;
  /** Name of the vectors that what is seen is written to. */
  readonly vectors: string;
  /** How the model runs here, as far as that is known. */
  readonly placement: Placement | null;
  readonly library: string;
  readonly catalogue: Pick<Catalogue, 'photos'>;
  readonly store: Pick<Store, 'vectorsOf' | 'putVectorsOf'>;
  /** A file that shows the photo. @throws AfterimageError when none can be read now */
  readonly openable: (photoId: string) => Promise<string>;
  /** Called when what is seen in a photo has been written. */
  readonly onSeen: (photoId: string, frames: readonly Frame[]) => void;
}

/** Photos whose vectors are written at once. */
const BATCH = 500;

/** Known photos through a model that is not in use. What it sees is written down: no photo is looked at twice. */
export class SecondLook {
  readonly #options: SecondLookOptions;
  readonly #workers: ImageWorkers;
  /** What it sees in a photo; in a video first. */
  readonly #seen = new Map<string, Float32Array>();

  private constructor(options: SecondLookOptions) {
    const { options: engine, model, placement, library, catalogue } = options;
    this.#options = options;
    this.#workers = new ImageWorkers({
      ...engine.worker,
      model,
      threads: engine.threads,
      library,
      ...(placement === null ? {} : { placement }),
      identify: (photoId, { look }) => {
        if (look === null) return { photoId: null, need: 'everything' };
        // One that was edited since is left to the next run of indexing.
        const isSame = catalogue.photos.get(photoId)?.pixelHash === look.pixelHash;
        return { photoId, need: isSame ? 'everything' : 'description' };
      },
    });
  }

  /** Begins with what the model has seen before, in an earlier try. */
  static async open(options: SecondLookOptions): Promise<SecondLook> {
    const look = new SecondLook(options);
    const d = options.model.dimension;
    for await (const { ids, parts, vectors } of options.store.vectorsOf(options.vectors))
      for (const [row, id] of ids.entries())
        if (parts[row] === 0) look.#seen.set(id, vectors.slice(row * d, (row + 1) * d));
    return look;
  }

  /** Those of the photos that it has not seen yet. */
  unseen(photoIds: readonly string[]): readonly string[] {
    return photoIds.filter((id) => !this.#seen.has(id));
  }

  /**
   * What the model sees in photos, unit vectors `[d]`; those that cannot be read now, or have been edited, are left out.
   *
   * @param onLooked called once for each photo that had to be looked at
   * @throws AfterimageError `model-invalid`; what the signal was aborted with
   */
  async at(
    photoIds: readonly string[],
    signal: AbortSignal,
    onLooked: () => void,
  ): Promise<ReadonlyMap<string, Float32Array>> {
    const seen = new Map<string, readonly Frame[]>();
    try {
      for await (const outcome of this.#workers.run(this.#jobs(this.unseen(photoIds), onLooked), signal)) {
        onLooked();
        if (outcome.state !== 'embedded') continue;
        seen.set(outcome.key, outcome.frames);
        if (seen.size >= BATCH) await this.#write(seen);
      }
    } finally {
      await this.#write(seen);
    }
    signal.throwIfAborted();
    return new Map(
      photoIds.flatMap((id) => {
        const vector = this.#seen.get(id);
        return vector === undefined ? [] : [[id, vector] as const];
      }),
    );
  }

  close(): Promise<void> {
    return this.#workers.close();
  }

  async *#jobs(photoIds: readonly string[], onUnreadable: () => void): AsyncGenerator<ImageJob> {
    for (const key of photoIds) {
      const path = await this.#options.openable(key).catch(() => null);
      if (path === null) onUnreadable();
      else yield { key, path, sidecars: [], describe: false };
    }
  }

  /** Writes what was seen, and empties it. */
  async #write(seen: Map<string, readonly Frame[]>): Promise<void> {
    const { store, vectors, model, onSeen } = this.#options;
    if (seen.size === 0) return;
    const rows = Array.from(seen, ([photoId, frames]) =>
      frames.map(({ at, vector }, part) => ({ photoId, part, at, vector })),
    ).flat();
    await store.putVectorsOf(vectors, model.dimension, rows);
    for (const [photoId, frames] of seen) {
      const [first] = frames;
      if (first !== undefined) this.#seen.set(photoId, first.vector);
      onSeen(photoId, frames);
    }
    seen.clear();
  }
}
