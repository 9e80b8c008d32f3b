import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normaliseRows, transposed } from './matrix.ts';

const side = fc.integer({ min: 1, max: 80 });

describe('transposed', () => {
  it('swaps rows and columns, and twice is nothing', () => {
    fc.assert(
      fc.property(side, side, fc.nat(), (height, width, at) => {
        const matrix = Float32Array.from({ length: height * width }, (_, i) => i);
        const [row, column] = [at % height, Math.floor(at / height) % width];
        const turned = transposed(matrix, width);
        expect(turned[column * height + row]).toBe(row * width + column);
        expect(transposed(turned, height)).toEqual(matrix);
      }),
    );
  });
});

describe('normaliseRows', () => {
  it('gives each row its own length, and leaves rows of zeros', () => {
    const rows = Float32Array.of(3, 4, 0, 0, -2, 0);
    normaliseRows(rows, 2);
    for (const [i, value] of [0.6, 0.8, 0, 0, -1, 0].entries()) expect(rows[i]).toBeCloseTo(value, 6);
  });
});
