import type { Product } from '../subspace.ts';
import { meanOf } from '../vector.ts';
import { frobenius, normaliseRows, transposed, type Breathe } from './matrix.ts';
import { dampedPolar } from './polar.ts';

/** From an old model's vectors to where a new model would put the same photos: `norm((v − meanOld) · rotation + meanNew)`. */
export interface SpaceMap {
  readonly dOld: number;
  readonly dNew: number;
  /** `[dOld]` */
  readonly meanOld: Float32Array;
  /** `[dNew]` */
  readonly meanNew: Float32Array;
  /** `[dOld × dNew]` row-major */
  readonly rotation: Float32Array;
}

/** The same things seen by two models. */
export interface Pairs {
  /** Unit vectors, `[n × dOld]` row-major. */
  readonly old: Float32Array;
  /** Unit vectors of the same things in the same order, `[n × dNew]` row-major. */
  readonly neu: Float32Array;
}

/**
 * A direction is damped that is known no better than chance would know it, and that falls with the root of the number of
 * photos. Recall is flat around it (docs/upgrade.md).
 */
const DAMPING = 0.4;
const dampingOf = (photos: number): number => DAMPING / Math.sqrt(photos);

/** Rows that are mapped at once: a product of some twenty milliseconds. */
const CHUNK = 1024;

/** Vectors about their mean, turned: `[d × n]`. */
const centredColumns = (vectors: Float32Array, dimension: number, mean: Float32Array): Float32Array => {
  const columns = transposed(vectors, dimension);
  const count = vectors.length / dimension;
  for (let i = 0; i < dimension; i++) for (let x = i * count; x < (i + 1) * count; x++) columns[x]! -= mean[i]!;
  return columns;
};

/** How directions of the two models go together, `[min × max]` of the dimensions; its Frobenius norm is 1. */
const agreement = async (
  { old, neu }: Pairs,
  [dOld, dNew]: readonly [number, number],
  product: Product,
): Promise<Float32Array> => {
  const count = old.length / dOld;
  const a = centredColumns(old, dOld, meanOf(old, dOld));
  const b = centredColumns(neu, dNew, meanOf(neu, dNew));
  const matrix = dOld <= dNew ? await product(b, a, count) : await product(a, b, count);
  const length = frobenius(matrix) || 1;
  return matrix.map((value) => value / length);
};

/**
 * Fits the orthogonal map between two models' spaces (Procrustes): both sides centred, the rotation is the polar factor of
 * `FᵀF̃`, damped where the pairs say nothing (see `dampedPolar`). With as many pairs as directions and more, rows of the
 * rotation are orthonormal where the new space is not smaller, and columns where it is.
 *
 * @param photos at least two, embedded with both models
 * @param texts the same words through both text towers, which cost next to nothing: what turns the words turns the photos.
 *   They count as much as all photos together, about a mean of their own
 * @throws RangeError when the pairs do not fit the dimensions or each other
 * @see arXiv 2602.17584
 */
export const fitMap = async (
  photos: Pairs,
  dimensions: { readonly dOld: number; readonly dNew: number },
  product: Product,
  texts?: Pairs,
): Promise<SpaceMap> => {
  const { dOld, dNew } = dimensions;
  for (const { old, neu } of texts === undefined ? [photos] : [photos, texts]) {
    const count = old.length / dOld;
    if (!Number.isInteger(count) || count < 2 || neu.length !== count * dNew)
      throw new RangeError(
        `A map from ${String(dOld)} to ${String(dNew)} dimensions cannot be fitted to ${String(old.length)} and ${String(neu.length)} numbers: it needs two pairs of vectors at least.`,
      );
  }
  const matrix = await agreement(photos, [dOld, dNew], product);
  if (texts !== undefined) {
    const ofTexts = await agreement(texts, [dOld, dNew], product);
    for (let i = 0; i < matrix.length; i++) matrix[i]! += ofTexts[i]!;
  }
  const factor = await dampedPolar(matrix, Math.min(dOld, dNew), dampingOf(photos.old.length / dOld), product);
  return {
    dOld,
    dNew,
    meanOld: meanOf(photos.old, dOld),
    meanNew: meanOf(photos.neu, dNew),
    rotation: dOld <= dNew ? factor : transposed(factor, dOld),
  };
};

/**
 * Where a new model would put photos that only the old one has seen.
 *
 * @param vectors unit vectors of the old model, `[n × dOld]` row-major
 * @returns unit vectors, `[n × dNew]` row-major
 */
export const applyMap = async (
  { dOld, dNew, meanOld, meanNew, rotation }: SpaceMap,
  vectors: Float32Array,
  product: Product,
  breathe: Breathe,
): Promise<Float32Array> => {
  const turned = transposed(rotation, dNew);
  const ofMean = await product(turned, meanOld, dOld);
  const shift = meanNew.map((value, i) => value - ofMean[i]!);
  const count = vectors.length / dOld;
  const mapped = new Float32Array(count * dNew);
  for (let start = 0; start < count; start += CHUNK) {
    const end = Math.min(count, start + CHUNK);
    const images = await product(turned, vectors.subarray(start * dOld, end * dOld), dOld);
    const rows = mapped.subarray(start * dNew, end * dNew);
    for (let row = 0; row < rows.length; row += dNew) {
      for (let i = 0; i < dNew; i++) rows[row + i] = images[row + i]! + shift[i]!;
    }
    normaliseRows(rows, dNew);
    await breathe();
  }
  return mapped;
};
