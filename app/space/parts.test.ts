import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { farthest } from '../../test/support/compositions.ts';
import { unitVectors } from '../../test/support/vectors.ts';
import { Parts } from './parts.ts';
import { projection } from './subspace.ts';
import { concatenate, dot, meanOf, normalise, weightedSum } from './vector.ts';

const minus = (a: Float32Array, b: Float32Array): Float32Array => weightedSum([a, b], [1, -1]);
const cosine = (a: Float32Array, b: Float32Array): number => dot(normalise(a), normalise(b));
const axis = (at: number): Float32Array => Float32Array.from({ length: 12 }, (_, i) => (i === at ? 1 : 0));

const partsOf = (
  photos: readonly Float32Array[],
  mean: Float32Array,
  content: readonly Float32Array[],
): Promise<Parts> =>
  Parts.over(content, { vector: mean, along: Float32Array.from(photos, (photo) => dot(photo, mean)) }, (terms) => {
    const rows = Array.from({ length: terms.length / mean.length }, (_, row) =>
      terms.subarray(row * mean.length, (row + 1) * mean.length),
    );
    return Promise.resolve(rows.map((row) => Float32Array.from(photos, (photo) => dot(row, photo))));
  });

describe('Parts', () => {
  const photos = unitVectors({ min: 5, max: 60 });

  it('slides from the cosine of content to that of look', async () => {
    const sizes = fc.integer({ min: 3, max: 9 });
    const looks = fc.double({ min: 0, max: 1, noNaN: true });
    await fc.assert(
      fc.asyncProperty(photos, sizes, looks, async (photos, size, look) => {
        const mean = meanOf(concatenate(photos), 12);
        const content = Array.from({ length: size }, (_, at) => axis(at));
        const halves = photos.map((photo) => {
          const whole = minus(photo, mean);
          const inside = projection(whole, content);
          return { inside, outside: minus(whole, inside) };
        });
        // A part of no length has no direction.
        fc.pre(halves.every(({ inside, outside }) => Math.min(dot(inside, inside), dot(outside, outside)) > 1e-3));
        const query = halves[0]!;
        const expected = halves.map(
          ({ inside, outside }) => (1 - look) * cosine(query.inside, inside) + look * cosine(query.outside, outside),
        );
        const parts = await partsOf(photos, mean, content);
        expect(farthest(await parts.column(photos[0]!, look), expected)).toBeLessThan(1e-3);
      }),
    );
  });

  it('stays among the finite numbers where a part is empty', async () => {
    const vectors = [axis(0), axis(1), axis(0)];
    for (const content of [[], [axis(0), axis(1)]])
      for (const look of [0, 0.5, 1]) {
        const parts = await partsOf(vectors, new Float32Array(12), content);
        expect((await parts.column(vectors[0]!, look)).every(Number.isFinite)).toBe(true);
      }
  });
});
