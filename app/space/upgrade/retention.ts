import { select } from '../select.ts';
import type { Product } from '../subspace.ts';

/** Neighbours that are compared. */
const TOP = 10;
/** Of so many photos one may be among the nearest by chance. */
const PER_NEIGHBOUR = 4;
const FEWEST = 3;

/** The similarity that a row's nearest `top` reach, itself left out. */
const reachOf = (similarities: Float32Array, itself: number, top: number): number => {
  const others = similarities.slice();
  others[itself] = -Infinity;
  return select(others, others.length - top);
};

/**
 * How much of what a new model would find a map finds: the mean overlap of the nearest ten among held-out photos, by their
 * true and by their mapped vectors, seen from the true ones. Of fewer than 40 photos it is the nearest quarter, so that chance
 * alone never finds much.
 *
 * @param trueVectors unit vectors, `[n × d]` row-major
 * @param mappedVectors of the same photos, `[n × d]` row-major
 * @returns in [0, 1]; null under three photos, where nothing can be told
 */
export const retentionOf = async (
  trueVectors: Float32Array,
  mappedVectors: Float32Array,
  dimension: number,
  product: Product,
): Promise<number | null> => {
  const count = trueVectors.length / dimension;
  if (count < FEWEST) return null;
  const top = Math.min(TOP, Math.max(1, Math.floor(count / PER_NEIGHBOUR)));
  const byTrue = await product(trueVectors, trueVectors, dimension);
  const byMapped = await product(mappedVectors, trueVectors, dimension);
  let kept = 0;
  for (let row = 0; row < count; row++) {
    const a = byTrue.subarray(row * count, (row + 1) * count);
    const b = byMapped.subarray(row * count, (row + 1) * count);
    const [reachA, reachB] = [reachOf(a, row, top), reachOf(b, row, top)];
    let both = 0;
    for (let x = 0; x < count; x++) if (x !== row && a[x]! >= reachA && b[x]! >= reachB) both++;
    // Equal similarities may let in more than were asked for.
    kept += Math.min(both, top);
  }
  return kept / (count * top);
};

/** How well a map did. */
export interface Trial {
  readonly anchors: number;
  /** Of held-out photos that are the same in all trials: among more photos the nearest ten are harder to keep. */
  readonly retention: number | null;
}

/** Under it, search through the map finds less than the old model did: 0.47 to 0.52 was the border for a pair of small models. */
export const RETENTION_FLOOR = 0.5;
/** Anchors to begin with: enough for a small pair to be well past the old model, and a minute's work for a large one. */
export const FIRST_ANCHORS = 256;
/** More held-out photos would make the same map look worse, and fewer make gains hard to tell from luck. */
const MOST_HELD_OUT = 100;
const SHARE_HELD_OUT = 1 / 5;
/** What twice the anchors must gain to be worth looking at so many photos first. */
const LEAST_GAIN = 0.02;
const SHARE_ANCHORS = 1 / 4;
const MOST_ANCHORS = 4096;

/** How many photos to hold out of a library: at most a fifth, and none that is asked for as an anchor. */
export const heldOutFor = (photos: number, anchors: number): number =>
  Math.max(0, Math.min(MOST_HELD_OUT, Math.floor(photos * SHARE_HELD_OUT), photos - anchors));

/**
 * How many anchors to try next: twice as many, while that gains or the floor is not reached, and at most a quarter of the
 * library, whose photos are soon all seen by the new model anyway.
 *
 * @param history all trials, the last one last
 * @returns null when what there is is enough, or as good as it gets
 */
export const needsMore = (history: readonly Trial[], photos: number): number | null => {
  const last = history.at(-1);
  if (last === undefined || last.retention === null) return null;
  const before = history.at(-2)?.retention ?? -Infinity;
  if (last.retention >= RETENTION_FLOOR && last.retention - before < LEAST_GAIN) return null;
  const next = 2 * last.anchors;
  return next <= Math.min(MOST_ANCHORS, photos * SHARE_ANCHORS) ? next : null;
};
