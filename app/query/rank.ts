/** Which rows may be found: 1 may, 0 may not; `[N]`. */
export type Mask = Uint8Array;

/**
 * The best rows of a score column, best first; equal scores in row order.
 *
 * @param scores `[N]`
 * @param mask rows that count, `[N]`
 * @returns at most `limit` row numbers
 */
export const best = (scores: Float32Array, mask: Mask, limit: number): Uint32Array => {
  const candidates = new Float32Array(scores.length);
  let count = 0;
  // Plain loops: iterators over 100,000 rows cost tens of milliseconds until they are compiled.
  for (let row = 0; row < scores.length; row++) if (mask[row] === 1) candidates[count++] = scores[row]!;
  // Sorting numbers alone is many times faster than sorting row numbers by them; it yields the lowest score that still counts.
  const sorted = candidates.subarray(0, count).sort();
  const threshold = sorted[Math.max(0, count - limit)] ?? Infinity;
  const rows: number[] = [];
  for (let row = 0; row < scores.length; row++) if (mask[row] === 1 && scores[row]! >= threshold) rows.push(row);
  rows.sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b);
  return Uint32Array.from(rows.slice(0, limit));
};
