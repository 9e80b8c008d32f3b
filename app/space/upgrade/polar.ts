import type { Product } from '../subspace.ts';
import { frobenius, scaled, transposed } from './matrix.ts';

/** Farthest that a number of `XXᵀ` may be from the identity's for `X` to count as orthogonal; one more step squares it. */
const NEARLY = 1e-4;
/** Steps from the smallest damping in use to the identity are about 20; more would mean that rounding keeps it away. */
const MOST_STEPS = 40;

const distanceFromIdentity = (square: Float32Array, size: number): number => {
  let farthest = 0;
  for (let i = 0; i < square.length; i++)
    farthest = Math.max(farthest, Math.abs(square[i]! - (i % (size + 1) === 0 ? 1 : 0)));
  return farthest;
};

/**
 * The damped polar factor `(MMᵀ + ε²σ²I)^(−½) M`, with `σ = (Σ s⁸)^⅛` for the largest of the singular values `s` of `M`, which
 * it is where they fall off: singular vectors stay, and `s` becomes `s / √(s² + ε²σ²)`. What `M` knows well is turned as by the orthogonal polar factor, and what
 * it knows hardly or not at all fades to nothing instead of being turned by chance.
 *
 * It is the left part of the polar factor of `[M, εσI]`, whose rank is always full, so that Newton–Schulz converges:
 * `X ← (3I − XXᵀ)X / 2`. A singular value decomposition in JavaScript takes more than ten times as long.
 *
 * @param matrix `[r × c]` row-major, r ≤ c
 * @param damping ε > 0
 * @returns `[r × c]` row-major, rows orthonormal as far as they are known
 * @see Higham, Functions of matrices, chapter 8
 */
export const dampedPolar = async (
  matrix: Float32Array,
  rows: number,
  damping: number,
  product: Product,
): Promise<Float32Array> => {
  const columns = matrix.length / rows;
  const unit = scaled(matrix, 1 / (frobenius(matrix) || 1));
  const gram = await product(unit, unit, columns);
  // At least the largest singular value, which the steps below need, and at most 2.3 times as much in 768 dimensions.
  const largest = Math.sqrt(Math.sqrt(frobenius(await product(gram, gram, rows)))) || 1;
  const width = columns + rows;
  const length = largest * Math.sqrt(1 + damping * damping);
  let left: Float32Array = new Float32Array(rows * width);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++)
      left[row * width + column] = unit[row * columns + column]! / length;
    left[row * width + columns + row] = (damping * largest) / length;
  }
  for (let step = 0; step < MOST_STEPS; step++) {
    const square = await product(left, left, width);
    const isNear = distanceFromIdentity(square, rows) < NEARLY;
    const correction = square.map((value, i) => (i % (rows + 1) === 0 ? 1.5 : 0) - value / 2);
    left = await product(transposed(left, width), correction, rows);
    if (isNear) break;
  }
  const factor = new Float32Array(matrix.length);
  for (let row = 0; row < rows; row++) factor.set(left.subarray(row * width, row * width + columns), row * columns);
  return factor;
};
