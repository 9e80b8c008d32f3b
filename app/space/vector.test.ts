import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { farthest } from '../../test/support/compositions.ts';
import { unitVectors } from '../../test/support/vectors.ts';
import { concatenate, dot, gramOf, meanDirection, meanOf, normalise, slerp, weightedSum } from './vector.ts';

const pair = unitVectors({ min: 2, max: 2 }).map(([a, b]) => [a!, b!] as const);
const some = unitVectors({ min: 1, max: 8 });
const share = fc.double({ min: 0, max: 1, noNaN: true });
const lengthOf = (vector: Float32Array): number => Math.sqrt(dot(vector, vector));
const opposite = (vector: Float32Array): Float32Array => vector.map((value) => -value);

describe('normalise', () => {
  it('keeps the direction and gives it length 1, whatever the length was', () => {
    fc.assert(
      fc.property(some, fc.integer({ min: -30, max: 30 }), ([vector], power) => {
        expect(farthest(normalise(vector!.map((value) => value * 2 ** power)), vector!)).toBeLessThan(1e-6);
      }),
    );
  });

  it('leaves zero as it is', () => {
    expect(normalise(new Float32Array(3))).toEqual(new Float32Array(3));
  });
});

describe('sums and means', () => {
  it('equal their definitions', () => {
    fc.assert(
      fc.property(
        some,
        fc.array(fc.double({ min: -4, max: 4, noNaN: true }), { minLength: 8, maxLength: 8 }),
        (vectors, weights) => {
          const columns = Array.from(vectors[0]!, (_, i) => vectors.map((vector) => vector[i]!));
          const sums = columns.map((column) => column.reduce((sum, value, i) => sum + weights[i]! * value, 0));
          const means = columns.map((column) => column.reduce((sum, value) => sum + value, 0) / vectors.length);
          expect(farthest(weightedSum(vectors, weights), sums)).toBeLessThan(1e-5);
          expect(farthest(meanOf(concatenate(vectors), means.length), means)).toBeLessThan(1e-6);
          const length = Math.hypot(...means);
          fc.pre(length > 0.01);
          expect(
            farthest(
              meanDirection(vectors),
              means.map((value) => value / length),
            ),
          ).toBeLessThan(1e-4);
        },
      ),
    );
  });

  it('of vectors that cancel each other are zero, not something else', () => {
    fc.assert(
      fc.property(some, ([vector]) => {
        expect(lengthOf(meanDirection([vector!, opposite(vector!)]))).toBe(0);
      }),
    );
    expect(meanOf(new Float32Array(), 3)).toEqual(new Float32Array(3));
  });
});

describe('slerp', () => {
  it('is its ends at 0 and 1', () => {
    fc.assert(
      fc.property(pair, ([a, b]) => {
        expect(farthest(slerp(a, b, 0), a)).toBeLessThan(1e-6);
        expect(farthest(slerp(a, b, 1), b)).toBeLessThan(1e-6);
      }),
    );
  });

  it('divides the angle, gives unit vectors, and is the same from the other end', () => {
    fc.assert(
      fc.property(pair, share, ([a, b], at) => {
        const point = slerp(a, b, at);
        expect(lengthOf(point)).toBeCloseTo(1, 6);
        expect(farthest(point, slerp(b, a, 1 - at))).toBeLessThan(1e-5);
        expect(dot(a, point)).toBeCloseTo(Math.cos(at * Math.acos(dot(a, b))), 5);
      }),
    );
  });

  it('goes straight between directions that nearly coincide', () => {
    fc.assert(
      fc.property(pair, share, fc.constantFrom(0, 1e-8, 1e-5, 1e-4, 2e-3), ([a, b], at, apart) => {
        const near = normalise(weightedSum([a, b], [1, apart]));
        const point = slerp(a, near, at);
        expect(lengthOf(point)).toBeCloseTo(1, 6);
        expect(farthest(point, weightedSum([a, near], [1 - at, at]))).toBeLessThan(1e-5);
      }),
    );
  });

  it('keeps its ends and stays among the finite numbers between opposites', () => {
    fc.assert(
      fc.property(pair, share, ([a], at) => {
        const b = opposite(a);
        expect(slerp(a, b, at).every(Number.isFinite)).toBe(true);
        expect(farthest(slerp(a, b, 0), a)).toBeLessThan(1e-6);
        expect(farthest(slerp(a, b, 1), b)).toBeLessThan(1e-6);
      }),
    );
  });
});

describe('gramOf', () => {
  it('holds the inner products, symmetrically', () => {
    fc.assert(
      fc.property(some, (vectors) => {
        const gram = gramOf(vectors);
        for (const [i, a] of vectors.entries())
          for (const [j, b] of vectors.entries()) {
            expect(gram[i]![j]).toBeCloseTo(
              a.reduce((sum, value, at) => sum + value * b[at]!, 0),
              6,
            );
            expect(gram[i]![j]).toBe(gram[j]![i]);
          }
      }),
    );
  });
});
