import { dot, meanOf, normalise } from './vector.ts';

/** Matrix product `[n × m] · [k × m]ᵀ`, given and returned as `[k × n]` row-major. */
export type Product = (left: Float32Array, right: Float32Array, inner: number) => Promise<Float32Array>;

/** Rounds after which the span of the leading directions hardly turns any more. */
const ROUNDS = 12;

/** Makes rows orthonormal one after the other (modified Gram–Schmidt, twice, as rounding asks for); rows of no length go. */
const orthonormal = (rows: readonly Float32Array[]): Float32Array[] => {
  const done: Float32Array[] = [];
  for (const row of rows) {
    let rest = row;
    for (let pass = 0; pass < 2; pass++) {
      const left = rest.slice();
      for (const other of done) {
        const overlap = dot(left, other);
        for (let i = 0; i < left.length; i++) left[i]! -= overlap * other[i]!;
      }
      rest = normalise(left);
    }
    if (dot(rest, rest) > 0.5) done.push(rest);
  }
  return done;
};

const rowsOf = (matrix: Float32Array, length: number): Float32Array[] =>
  Array.from({ length: matrix.length / length }, (_, row) => matrix.subarray(row * length, (row + 1) * length));

const transposed = (matrix: Float32Array, width: number): Float32Array => {
  const height = matrix.length / width;
  const turned = new Float32Array(matrix.length);
  for (let i = 0; i < matrix.length; i++) turned[(i % width) * height + Math.floor(i / width)] = matrix[i]!;
  return turned;
};

const stack = (rows: readonly Float32Array[], length: number): Float32Array => {
  const matrix = new Float32Array(rows.length * length);
  for (const [index, row] of rows.entries()) matrix.set(row, index * length);
  return matrix;
};

/**
 * Leading principal directions of vectors, by orthogonal iteration: as many as hold `share` of the variance, and at most
 * `most`. A full decomposition would stand still for seconds where these are needed.
 *
 * @param vectors `[n × d]` row-major, n ≥ 1
 * @returns orthonormal rows `[r × d]`, the strongest first
 * @see Golub and Van Loan, Matrix computations, section 8.2.4
 */
export const principalDirections = async (
  vectors: Float32Array,
  dimension: number,
  { share, most }: { readonly share: number; readonly most: number },
  product: Product,
): Promise<Float32Array[]> => {
  const count = vectors.length / dimension;
  const mean = meanOf(vectors, dimension);
  const data = vectors.map((value, i) => value - mean[i % dimension]!);
  const turned = transposed(data, dimension);
  const variance = dot(data, data);
  const step = Math.max(1, Math.floor(count / most));
  let directions = orthonormal(rowsOf(data, dimension).filter((_, row) => row % step === 0)).slice(0, most);
  let strengths: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const along = await product(data, stack(directions, dimension), dimension);
    strengths = rowsOf(along, count).map((row) => dot(row, row));
    // The strongest first: Gram–Schmidt leaves the first rows as they are.
    const order = strengths.map((_, row) => row).sort((a, b) => strengths[b]! - strengths[a]!);
    const images = rowsOf(await product(turned, along, count), dimension);
    if (round === ROUNDS - 1) {
      directions = order.map((row) => directions[row]!);
      strengths = order.map((row) => strengths[row]!);
    } else directions = orthonormal(order.map((row) => images[row]!));
  }
  let held = 0;
  const enough = strengths.findIndex((strength) => (held += strength) >= share * variance);
  return enough < 0 ? directions : directions.slice(0, enough + 1);
};

/** The part of a vector that lies in the span of orthonormal directions, `[d]`. */
export const projection = (vector: Float32Array, directions: readonly Float32Array[]): Float32Array => {
  const inside = new Float32Array(vector.length);
  for (const direction of directions) {
    const length = dot(vector, direction);
    for (let i = 0; i < inside.length; i++) inside[i]! += length * direction[i]!;
  }
  return inside;
};
