import type { Operand } from './composition.ts';
import type { Mask } from './rank.ts';

/** Probability under which a photo is a weaker match, and that a required term without a tolerance asks. */
export const EVEN_ODDS = 0.5;

/** How well photos fit a query, whatever its weights; both `[N]`. */
export interface Fit {
  /** `min` over wanted of `p_i` and over avoided of `1 − p_n`. */
  readonly match: Float32Array;
  /** The least of these over the required terms, or over the wanted ones when none is required. */
  readonly needed: Float32Array;
}

const lower = (into: Float32Array, { column, avoid }: Operand): void => {
  const values = avoid ? column.trace : column.match;
  for (let row = 0; row < into.length; row++) {
    const value = avoid ? 1 - values[row]! : values[row]!;
    if (value < into[row]!) into[row] = value;
  }
};

/** @param rows `N`; without a term all of them fit */
export const fitOf = (terms: readonly Operand[], rows: number): Fit => {
  const match = new Float32Array(rows).fill(1);
  for (const term of terms) lower(match, term);
  const required = terms.filter((term) => term.required);
  const wanted = terms.filter((term) => !term.avoid);
  const deciding = required.length > 0 ? required : wanted;
  if (deciding.length === 0 || deciding.length === terms.length) return { match, needed: match };
  const needed = new Float32Array(rows).fill(1);
  for (const term of deciding) lower(needed, term);
  return { match, needed };
};

/**
 * The rows that stay: those whose `needed` is at least `1 − tolerance`; without a tolerance, at least ½ if some term is
 * required, else all.
 *
 * @param tolerance ε in [0, 1]
 * @see arXiv 2412.00373: the ε-approximate fibre product of photos and terms over their common space
 */
export const within = (mask: Mask, { needed }: Fit, tolerance: number | null, hasRequired: boolean): Mask => {
  if (tolerance === null && !hasRequired) return mask;
  const least = tolerance === null ? EVEN_ODDS : 1 - tolerance;
  const kept = new Uint8Array(mask.length);
  for (let row = 0; row < kept.length; row++) kept[row] = mask[row] === 1 && needed[row]! >= least ? 1 : 0;
  return kept;
};

/** How many rows of a mask have a probability in each of `bins` equal parts of [0, 1]. */
export const histogramOf = (probabilities: Float32Array, mask: Mask, bins: number): number[] => {
  const counts = new Array<number>(bins).fill(0);
  for (let row = 0; row < mask.length; row++)
    if (mask[row] === 1) counts[Math.min(bins - 1, Math.floor(probabilities[row]! * bins))]! += 1;
  return counts;
};

/** How many rows of a mask there are. */
export const countOf = (mask: Mask): number => {
  let count = 0;
  for (const value of mask) count += value;
  return count;
};

/** The rows of a mask that match: `match` at least ½. */
export const sureOf = (mask: Mask, match: Float32Array): Mask => {
  const sure = new Uint8Array(mask.length);
  for (let row = 0; row < sure.length; row++) sure[row] = mask[row] === 1 && match[row]! >= EVEN_ODDS ? 1 : 0;
  return sure;
};
