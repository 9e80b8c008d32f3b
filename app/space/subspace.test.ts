import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { farthest } from '../../test/support/compositions.ts';
import { unitVectors } from '../../test/support/vectors.ts';
import { projection } from './subspace.ts';
import { dot, weightedSum } from './vector.ts';

const axis = (at: number): Float32Array => Float32Array.from({ length: 12 }, (_, i) => (i === at ? 1 : 0));

describe('projection', () => {
  it('parts a vector into what lies in the span and what is orthogonal to it', () => {
    fc.assert(
      fc.property(unitVectors({ min: 1, max: 1 }), fc.subarray([...Array(12).keys()]), ([vector], axes) => {
        const directions = axes.map(axis);
        const inside = projection(vector!, directions);
        expect(farthest(projection(inside, directions), inside)).toBeLessThan(1e-6);
        for (const direction of directions)
          expect(Math.abs(dot(weightedSum([vector!, inside], [1, -1]), direction))).toBeLessThan(1e-6);
      }),
    );
  });
});
