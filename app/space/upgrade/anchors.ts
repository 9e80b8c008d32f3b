import type { Product } from '../subspace.ts';
import type { Breathe } from './matrix.ts';

/** A library's vectors, wherever they are. */
export interface Rows {
  readonly count: number;
  readonly dimension: number;
  /** @returns the unit vector of a row, `[d]` */
  readonly vectorOf: (row: number) => Float32Array;
}

/** Anchors are chosen among so many photos, drawn uniformly, or eight to an anchor: spread needs no more to choose from. */
const CANDIDATES = 16_384;
const PER_ANCHOR = 8;
/** Anchors that are drawn by the same distances, at most, and as a share of those chosen before. */
const TOGETHER = 32;
const SHARE_TOGETHER = 1 / 8;
/** Rows between two breaths. */
const STRETCH = 2048;

/** So many different numbers below `count`, uniformly, in the order they are drawn; all of them, shuffled, if they are not more. */
const draw = (count: number, wanted: number, random: () => number): number[] => {
  // A shuffle that is stopped early; only what it moved is remembered.
  const moved = new Map<number, number>();
  return Array.from({ length: Math.min(count, wanted) }, (_, at) => {
    const other = at + Math.floor(random() * (count - at));
    const drawn = moved.get(other) ?? other;
    moved.set(other, moved.get(at) ?? at);
    return drawn;
  });
};

/**
 * Photos that measure a map and take no part in it: drawn uniformly, so that they are the library as it is. Draw them
 * before the anchors, which are the unusual ones.
 *
 * @param count rows of the library
 * @param random in [0, 1)
 * @returns different rows
 */
export const chooseHeldOut = (count: number, wanted: number, random: () => number): number[] =>
  draw(count, wanted, random);

/** Index drawn with a chance in proportion to its weight; −1 when all weights are zero. */
const drawWeighted = (weights: Float32Array, random: () => number): number => {
  let total = 0;
  for (const weight of weights) total += weight;
  let left = random() * total;
  let last = -1;
  for (let i = 0; i < weights.length; i++) {
    if (weights[i] === 0) continue;
    last = i;
    left -= weights[i]!;
    if (left < 0) break;
  }
  return last;
};

/**
 * Photos that are spread over the library, as k-means++ spreads its first centres: each is drawn with a chance in proportion
 * to its squared distance from the nearest of those before. Later ones are drawn by the handful between two products, as in
 * k-means||. Any beginning of the list is itself such a choice of fewer.
 *
 * @param without rows that may not be chosen: the held-out ones
 * @param random in [0, 1)
 * @returns different rows in the order of choice; fewer than `wanted` only when there are no more
 * @see Arthur and Vassilvitskii, k-means++: the advantages of careful seeding, 2007; Bahmani et al., Scalable k-means++, 2012
 */
export const chooseAnchors = async (
  { count, dimension, vectorOf }: Rows,
  wanted: number,
  {
    without = [],
    random,
    product,
    breathe,
  }: {
    readonly without?: readonly number[];
    readonly random: () => number;
    readonly product: Product;
    readonly breathe: Breathe;
  },
): Promise<number[]> => {
  const excluded = new Set(without);
  const most = Math.max(CANDIDATES, PER_ANCHOR * wanted);
  const candidates = draw(count, most + excluded.size, random)
    .filter((row) => !excluded.has(row))
    .slice(0, most);
  const vectors = new Float32Array(candidates.length * dimension);
  for (const [index, row] of candidates.entries()) {
    vectors.set(vectorOf(row), index * dimension);
    if (index % STRETCH === STRETCH - 1) await breathe();
  }
  // Half the squared distance from the nearest anchor; at first the same for all.
  const distances = new Float32Array(candidates.length).fill(1);
  const chosen: number[] = [];
  const isChosen = new Uint8Array(candidates.length);
  while (chosen.length < Math.min(wanted, candidates.length)) {
    const together = Math.min(
      TOGETHER,
      Math.max(1, Math.floor(chosen.length * SHARE_TOGETHER)),
      wanted - chosen.length,
    );
    const drawn: number[] = [];
    while (drawn.length < together) {
      const weighted = drawWeighted(distances, random);
      // Where only copies of anchors are left, any of them will do; they were drawn in no order.
      const index = weighted >= 0 ? weighted : isChosen.indexOf(0);
      if (index < 0) break;
      isChosen[index] = 1;
      distances[index] = 0;
      drawn.push(index);
    }
    chosen.push(...drawn);
    const centres = new Float32Array(drawn.length * dimension);
    for (const [at, index] of drawn.entries())
      centres.set(vectors.subarray(index * dimension, (index + 1) * dimension), at * dimension);
    const similarities = await product(vectors, centres, dimension);
    for (let at = 0; at < drawn.length; at++)
      for (let index = 0, from = at * candidates.length; index < candidates.length; index++, from++) {
        const distance = Math.max(0, 1 - similarities[from]!);
        if (distance < distances[index]!) distances[index] = distance;
      }
    await breathe();
  }
  return chosen.map((index) => candidates[index]!);
};
