import fc from 'fast-check';
import { Matrix, SingularValueDecomposition } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { farthest } from '../../../test/support/compositions.ts';
import { plainProduct } from '../../../test/support/product.ts';
import { Random } from '../../../test/support/scenes/random.ts';
import { dampedPolar } from './polar.ts';

/** A matrix of a rank, `[rows × columns]`. */
const ofRank = (random: Random, rows: number, columns: number, rank: number): Matrix => {
  const numbers = (height: number, width: number): Matrix =>
    new Matrix(Array.from({ length: height }, () => Array.from({ length: width }, () => random.between(-1, 1))));
  return numbers(rows, rank).mmul(numbers(rank, columns));
};

describe('dampedPolar', () => {
  it('is what a singular value decomposition says it is, of matrices of any rank', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(),
        fc.integer({ min: 1, max: 10 }),
        fc.nat({ max: 5 }),
        fc.integer({ min: 1, max: 10 }),
        fc.double({ min: 0.005, max: 0.3, noNaN: true }),
        async (seed, rows, more, rank, damping) => {
          const matrix = ofRank(new Random(seed), rows, rows + more, Math.min(rank, rows));
          // The decomposition of the library wants tall matrices.
          const { leftSingularVectors, rightSingularVectors, diagonal } = new SingularValueDecomposition(
            matrix.transpose(),
          );
          const bound = diagonal.reduce((sum, value) => sum + value ** 8, 0) ** (1 / 8);
          const damped = diagonal.map((value) => value / Math.hypot(value, damping * bound));
          const expected = rightSingularVectors.mmul(Matrix.diag(damped)).mmul(leftSingularVectors.transpose());
          const found = await dampedPolar(Float32Array.from(matrix.to1DArray()), rows, damping, plainProduct);
          expect(farthest(found, expected.to1DArray())).toBeLessThan(2e-3);
        },
      ),
    );
  });

  it('does not care how large the numbers are', async () => {
    const matrix = Float32Array.from(ofRank(new Random(3), 6, 9, 6).to1DArray());
    const factor = await dampedPolar(matrix, 6, 0.05, plainProduct);
    for (const size of [1e-12, 1e12]) {
      const same = await dampedPolar(
        matrix.map((value) => value * size),
        6,
        0.05,
        plainProduct,
      );
      expect(farthest(same, factor)).toBeLessThan(1e-4);
    }
  });

  it('of nothing is nothing', async () => {
    expect(await dampedPolar(new Float32Array(6), 2, 0.1, plainProduct)).toEqual(new Float32Array(6));
  });
});
