import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { farthest } from '../../test/support/compositions.ts';
import { unitVectors } from '../../test/support/vectors.ts';
import { centreColumn, centred, shrunkMean } from './centring.ts';
import { dot } from './vector.ts';

const scaled = (vector: Float32Array, by: number): Float32Array => vector.map((value) => value * by);

describe('shrunkMean', () => {
  it('goes from the prior to the mean of the library as it grows to 5,000 photos', () => {
    fc.assert(
      fc.property(unitVectors({ min: 2, max: 2 }), fc.nat({ max: 10_000 }), ([mean, prior], photos) => {
        const trust = Math.min(1, photos / 5000);
        const expected = Array.from(mean!, (value, i) => prior![i]! + trust * (value - prior![i]!));
        expect(farthest(shrunkMean(mean!, photos, prior!), expected)).toBeLessThan(1e-6);
      }),
    );
  });

  it.each([5000, 1_000_000])('is the library’s own from %d photos on', (photos) => {
    expect(shrunkMean(Float32Array.of(1, 2), photos, Float32Array.of(7, 7))).toEqual(Float32Array.of(1, 2));
  });
});

describe('centreColumn', () => {
  it('equals the cosines with centred photos', () => {
    fc.assert(
      fc.property(
        unitVectors({ min: 2, max: 50 }),
        fc.double({ min: 0, max: 0.9, noNaN: true }),
        ([term, towards, ...photos], length) => {
          const mean = scaled(towards!, length);
          const column = Float32Array.from(photos, (photo) => dot(term!, photo));
          const along = Float32Array.from(photos, (photo) => dot(mean, photo));
          const expected = photos.map((photo) => dot(term!, centred(photo, mean)));
          expect(farthest(centreColumn(column, term!, mean, along), expected)).toBeLessThan(1e-4);
        },
      ),
    );
  });

  it('stays among the finite numbers where all photos are the mean', () => {
    fc.assert(
      fc.property(unitVectors({ min: 2, max: 2 }), ([term, photo]) => {
        const column = centreColumn(
          Float32Array.of(dot(term!, photo!)),
          term!,
          photo!,
          Float32Array.of(dot(photo!, photo!)),
        );
        expect(Math.abs(column[0]!)).toBeLessThan(0.01);
      }),
    );
  });
});
