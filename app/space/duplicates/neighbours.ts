import { dot } from '../vector.ts';

/** Where vectors come from, and how many inner products are made at once. */
export interface VectorSource {
  readonly dimension: number;
  /** @returns the photo's unit vector, `[d]`, or undefined */
  get(photoId: string): Float32Array | undefined;
  /** @returns inner products of `[n × d]` with `[k × d]`, `[k × n]`, all row-major */
  product(vectors: Float32Array, terms: Float32Array): Promise<Float32Array>;
}

/** Photos that are enough to tell how far apart two photos are. */
const SAMPLE = 256;
/** Share of unrelated pairs that are nearer than what is taken as the unit of distance. */
const NEAREST = 0.01;
/** Of the mean distance, where too few pairs are known to tell their nearest hundredth. */
const OF_MEAN = 0.3;
const FEWEST_PAIRS = 50;

/**
 * The cosine distance that only one in a hundred pairs of unrelated photos is nearer than: a unit that means the same for
 * every model, however it spreads its vectors (docs/duplicates.md).
 *
 * @param photoIds in an order that has nothing to do with what they show
 * @param areRelated whether two of them show the same for another reason; such pairs do not count
 */
export const usualDistance = (
  photoIds: readonly string[],
  vectors: VectorSource,
  areRelated: (a: string, b: string) => boolean,
): number => {
  const step = Math.max(1, Math.floor(photoIds.length / SAMPLE));
  const sample = photoIds.flatMap((id, index) => {
    const vector = index % step === 0 ? vectors.get(id) : undefined;
    return vector === undefined ? [] : [{ id, vector }];
  });
  const distances = sample.flatMap((a, index) =>
    sample.slice(0, index).flatMap((b) => (areRelated(a.id, b.id) ? [] : [1 - dot(a.vector, b.vector)])),
  );
  if (distances.length >= FEWEST_PAIRS)
    return Float64Array.from(distances).sort()[Math.floor(NEAREST * distances.length)]!;
  const mean = distances.reduce((sum, distance) => sum + distance, 0) / Math.max(1, distances.length);
  return OF_MEAN * (mean > 0 ? mean : 0.5);
};

/** Photos that are compared with others at once, and how many others: products of 16 MB. */
const TERMS = 1024;
const OTHERS = 4096;
/** Neighbours that are kept of a photo, so that a long row of equal pictures stays a small matter. */
const MOST_NEAR = 64;

interface Near {
  readonly photoId: string;
  readonly similarity: number;
}

/** All pairs of photos whose vectors are at least so similar. What was compared once is not compared again. */
export class Neighbours {
  readonly #vectors: VectorSource;
  readonly #least: number;
  readonly #of = new Map<string, Near[]>();
  /** Photos that have been compared with each other, with the content they had. */
  readonly #compared = new Map<string, string>();

  /** @param least inner product from which on two photos are neighbours */
  constructor(vectors: VectorSource, least: number) {
    this.#vectors = vectors;
    this.#least = least;
  }

  /**
   * Compares the photos that are new, or look different now, with all others.
   *
   * @param photos content by photo
   */
  async update(photos: ReadonlyMap<string, string>): Promise<void> {
    for (const [id, content] of this.#compared) if (photos.get(id) !== content) this.#forget(id);
    const fresh = [...photos.keys()].filter((id) => !this.#compared.has(id) && this.#vectors.get(id) !== undefined);
    for (let start = 0; start < fresh.length; start += TERMS) {
      const terms = fresh.slice(start, start + TERMS);
      const stacked = this.#stack(terms);
      const others = [...this.#compared.keys(), ...terms];
      for (let first = 0; first < others.length; first += OTHERS)
        await this.#compare(terms, stacked, others.slice(first, first + OTHERS));
      for (const id of terms) this.#compared.set(id, photos.get(id) ?? '');
    }
  }

  /** The nearest neighbours of a photo, 64 at most. */
  near(photoId: string): readonly string[] {
    const list = this.#of.get(photoId) ?? [];
    return nearest(list).map((near) => near.photoId);
  }

  async #compare(terms: readonly string[], stacked: Float32Array, others: readonly string[]): Promise<void> {
    const products = await this.#vectors.product(this.#stack(others), stacked);
    const isFresh = new Set(terms);
    for (const [term, a] of terms.entries()) {
      const row = products.subarray(term * others.length, (term + 1) * others.length);
      for (let other = 0; other < row.length; other++) {
        if (row[other]! < this.#least) continue;
        const b = others[other]!;
        // Two that are new meet twice.
        if (a === b || (a < b && isFresh.has(b))) continue;
        this.#add(a, { photoId: b, similarity: row[other]! });
        this.#add(b, { photoId: a, similarity: row[other]! });
      }
    }
  }

  #add(photoId: string, near: Near): void {
    const list = this.#of.get(photoId) ?? [];
    list.push(near);
    this.#of.set(photoId, list.length > 2 * MOST_NEAR ? nearest(list) : list);
  }

  #forget(photoId: string): void {
    this.#compared.delete(photoId);
    for (const near of this.#of.get(photoId) ?? []) {
      const left = this.#of.get(near.photoId)?.filter((other) => other.photoId !== photoId) ?? [];
      this.#of.set(near.photoId, left);
    }
    this.#of.delete(photoId);
  }

  #stack(photoIds: readonly string[]): Float32Array {
    const { dimension } = this.#vectors;
    const stacked = new Float32Array(photoIds.length * dimension);
    for (const [row, id] of photoIds.entries()) {
      // A photo that lost its vector meanwhile is near to none.
      const vector = this.#vectors.get(id);
      if (vector !== undefined) stacked.set(vector, row * dimension);
    }
    return stacked;
  }
}

const nearest = (list: readonly Near[]): Near[] =>
  list.toSorted((a, b) => b.similarity - a.similarity || (a.photoId < b.photoId ? -1 : 1)).slice(0, MOST_NEAR);
