/** Lets other work of the process go on; `setImmediate` of `node:timers/promises` does. */
export type Breathe = () => Promise<unknown>;

/** Side of the squares that are turned one after the other, so that both sides stay in the processor's cache. */
const SQUARE = 32;

/** `[n × width]` row-major to `[width × n]` row-major. */
export const transposed = (matrix: Float32Array, width: number): Float32Array => {
  const height = matrix.length / width;
  const turned = new Float32Array(matrix.length);
  for (let top = 0; top < height; top += SQUARE) {
    const bottom = Math.min(height, top + SQUARE);
    for (let left = 0; left < width; left += SQUARE) {
      const right = Math.min(width, left + SQUARE);
      for (let row = top; row < bottom; row++)
        for (let column = left; column < right; column++) turned[column * height + row] = matrix[row * width + column]!;
    }
  }
  return turned;
};

/** √Σ m_ij². */
export const frobenius = (matrix: Float32Array): number => {
  let sum = 0;
  for (const value of matrix) sum += value * value;
  return Math.sqrt(sum);
};

/** The matrix with every number multiplied. */
export const scaled = (matrix: Float32Array, by: number): Float32Array => matrix.map((value) => value * by);

/** Makes rows `[n × d]` of any length into unit vectors, in place; rows of zeros stay. */
export const normaliseRows = (rows: Float32Array, dimension: number): void => {
  for (let start = 0; start < rows.length; start += dimension) {
    const end = start + dimension;
    let square = 0;
    for (let i = start; i < end; i++) square += rows[i]! * rows[i]!;
    if (square === 0) continue;
    const factor = 1 / Math.sqrt(square);
    for (let i = start; i < end; i++) rows[i]! *= factor;
  }
};
