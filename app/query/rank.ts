import { select } from '../space/select.ts';

/** Which rows may be found: 1 may, 0 may not; `[N]`. */
export type Mask = Uint8Array;

/** Room to rearrange scores in, kept: an edit a frame would otherwise throw megabytes away. */
let scratch = new Float32Array(0);

/**
 * The best rows of a score column, best first; equal scores in row order.
 *
 * @param scores `[N]`, finite
 * @param mask rows that count, `[N]`
 * @returns at most `limit` row numbers
 */
export const best = (scores: Float32Array, mask: Mask, limit: number): Uint32Array => {
  if (limit <= 0) return new Uint32Array();
  if (scratch.length < scores.length) scratch = new Float32Array(scores.length);
  const candidates = scratch;
  let count = 0;
  // Plain loops: iterators over 100,000 rows cost tens of milliseconds until they are compiled.
  for (let row = 0; row < scores.length; row++) if (mask[row] === 1) candidates[count++] = scores[row]!;
  if (count === 0) return new Uint32Array();
  const threshold = select(candidates.subarray(0, count), Math.max(0, count - limit));
  const rows: number[] = [];
  const ties: number[] = [];
  for (let row = 0; row < scores.length; row++) {
    if (mask[row] !== 1) continue;
    if (scores[row]! > threshold) rows.push(row);
    else if (scores[row] === threshold && ties.length < limit) ties.push(row);
  }
  rows.sort((a, b) => scores[b]! - scores[a]! || a - b);
  return Uint32Array.from([...rows, ...ties].slice(0, limit));
};
