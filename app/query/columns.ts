/** How a column of similarities is spread: the middle, and the spread of what lies under it. */
export interface Spread {
  readonly median: number;
  /** Root mean square distance of the lower half from the median. */
  readonly lowerDeviation: number;
}

const SMALLEST_DEVIATION = 1e-6;

/**
 * Robust null of a column: most photos do not match most terms, so the half under the median tells how similar photos are
 * that have nothing to do with the term.
 *
 * @param column similarities, `[N]`, N ≥ 1
 */
export const spreadOf = (column: Float32Array): Spread => {
  const sorted = column.slice().sort();
  const middle = Math.floor(sorted.length / 2);
  const median = sorted[middle] ?? 0;
  let sum = 0;
  for (let i = 0; i < middle; i++) sum += ((sorted[i] ?? 0) - median) ** 2;
  return { median, lowerDeviation: Math.max(SMALLEST_DEVIATION, Math.sqrt(sum / Math.max(1, middle))) };
};

/** Deviations above the null at which a photo is as likely to match as not, and how fast that turns. */
const EVEN_ODDS_AT = 3;
const STEEPNESS = 1.6;

/**
 * Probability that a photo matches a term, in (0, 1), from how far its similarity stands above the null. A first form
 * without fitting: it does not depend on the photo's rank, so that it can be low for every photo of a library.
 */
export const matchOf = (similarity: number, { median, lowerDeviation }: Spread): number =>
  1 / (1 + Math.exp(-STEEPNESS * ((similarity - median) / lowerDeviation - EVEN_ODDS_AT)));

/** Column minus its mean, divided by its standard deviation; `[N]`. */
export const standardise = (column: Float32Array): Float32Array => {
  let sum = 0;
  let squares = 0;
  for (const value of column) {
    sum += value;
    squares += value * value;
  }
  const mean = sum / column.length;
  const deviation = Math.max(SMALLEST_DEVIATION, Math.sqrt(Math.max(0, squares / column.length - mean * mean)));
  return column.map((value) => (value - mean) / deviation);
};

/** Share of a photo beside wanted words: the words say what is to change. */
const PHOTO_WEIGHT_BESIDE_WORDS = 0.5;

/**
 * Score of every photo for a query of wanted terms: the weighted sum of standardised columns.
 *
 * @param columns one similarity column `[N]` per term
 * @param isWords whether the term is a sentence
 */
export const combine = (columns: readonly Float32Array[], isWords: readonly boolean[]): Float32Array => {
  const scores = new Float32Array(columns[0]?.length ?? 0);
  const hasWords = isWords.includes(true);
  for (const [term, column] of columns.entries()) {
    const weight = hasWords && isWords[term] !== true ? PHOTO_WEIGHT_BESIDE_WORDS : 1;
    const z = standardise(column);
    for (let row = 0; row < z.length; row++) scores[row]! += weight * z[row]!;
  }
  return scores;
};
