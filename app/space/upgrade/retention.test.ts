import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainProduct } from '../../../test/support/product.ts';
import { unitVectors } from '../../../test/support/vectors.ts';
import { concatenate } from '../vector.ts';
import { heldOutFor, needsMore, RETENTION_FLOOR, retentionOf, type Trial } from './retention.ts';

const D = 12;

describe('retentionOf', () => {
  it('is one where the map is right', async () => {
    await fc.assert(
      fc.asyncProperty(unitVectors({ min: 3, max: 60 }), async (vectors) => {
        const stacked = concatenate(vectors);
        expect(await retentionOf(stacked, stacked, D, plainProduct)).toBe(1);
      }),
    );
  });

  it('is what chance gives where the map knows nothing', async () => {
    await fc.assert(
      fc.asyncProperty(unitVectors({ min: 400, max: 400 }), async (vectors) => {
        const [some, others] = [vectors.slice(0, 200), vectors.slice(200)];
        const kept = await retentionOf(concatenate(some), concatenate(others), D, plainProduct);
        // Ten of 199 by chance.
        expect(kept).toBeGreaterThan(0.02);
        expect(kept).toBeLessThan(0.09);
      }),
      { numRuns: 20 },
    );
  });

  it('counts the neighbours that stayed', async () => {
    // Eight photos on a circle: the nearest quarter are the two beside each. Mapped, two neighbours change places.
    const at = (turn: number): Float32Array => Float32Array.of(Math.cos(turn), Math.sin(turn));
    const places = [0, 1, 2.1, 3.3, 3.9, 4.6, 5.1, 5.7];
    const swapped = [1, 0, ...places.slice(2)];
    const [a, b] = [places, swapped].map((turns) => concatenate(turns.map(at)));
    const nearest = (mapped: readonly number[], from: number, itself: number): Set<number> =>
      new Set(
        mapped
          .map((turn, row) => ({ row, similarity: Math.cos(turn - from) }))
          .filter(({ row }) => row !== itself)
          .sort((x, y) => y.similarity - x.similarity)
          .slice(0, 2)
          .map(({ row }) => row),
      );
    const kept = places.map((from, row) => {
      const after = nearest(swapped, from, row);
      return [...nearest(places, from, row)].filter((other) => after.has(other)).length;
    });
    const expected = kept.reduce((sum, value) => sum + value, 0) / 16;
    expect(expected).toBeLessThan(1);
    expect(await retentionOf(a!, b!, 2, plainProduct)).toBeCloseTo(expected, 6);
  });

  it('stays within one where photos are copies of each other', async () => {
    const copies = concatenate(Array.from({ length: 50 }, () => Float32Array.of(1, 0)));
    expect(await retentionOf(copies, copies, 2, plainProduct)).toBe(1);
  });

  it.each([0, 1, 2])('cannot be told of %d photos', async (count) => {
    const vectors = new Float32Array(count * D);
    expect(await retentionOf(vectors, vectors, D, plainProduct)).toBeNull();
  });
});

const trials = (...retentions: (number | null)[]): Trial[] =>
  retentions.map((retention, index) => ({ anchors: 256 * 2 ** index, retention }));

describe('needsMore', () => {
  it.each([
    ['looks for a gain after the first trial', trials(0.7), 512],
    ['goes on while it gains', trials(0.6, 0.63), 1024],
    ['is content when it gains no more', trials(0.6, 0.61), null],
    ['is content when it loses', trials(0.6, 0.58), null],
    ['goes on under the floor, gain or not', trials(RETENTION_FLOOR - 0.1, RETENTION_FLOOR - 0.1), 1024],
    ['stops where nothing can be told', trials(null), null],
    ['stops at four thousand', trials(0.1, 0.2, 0.3, 0.35, 0.4), null],
    ['has nothing to say before the first trial', trials(), null],
  ])('%s', (_, history, expected) => {
    expect(needsMore(history, 1_000_000)).toBe(expected);
  });

  it('asks for no more than a quarter of the library', () => {
    expect(needsMore(trials(0.1), 2048)).toBe(512);
    expect(needsMore(trials(0.1), 2047)).toBeNull();
  });
});

describe('heldOutFor', () => {
  it.each([
    [100_000, 256, 100],
    [500, 200, 100],
    [200, 100, 40],
    [200, 190, 10],
    [200, 300, 0],
    [0, 256, 0],
  ])('of %d photos with %d anchors are %d', (photos, anchors, expected) => {
    expect(heldOutFor(photos, anchors)).toBe(expected);
  });
});
