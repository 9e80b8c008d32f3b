import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { unitVectors } from '../../../test/support/vectors.ts';
import { dot } from '../vector.ts';
import { Neighbours, usualDistance, type VectorSource } from './neighbours.ts';

const D = 12;
const rowsOf = (stacked: Float32Array): Float32Array[] =>
  Array.from({ length: stacked.length / D }, (_, row) => stacked.subarray(row * D, (row + 1) * D));

const sourceOf = (vectors: ReadonlyMap<string, Float32Array>): VectorSource => ({
  dimension: D,
  get: (id) => vectors.get(id),
  product: (all, terms) =>
    Promise.resolve(Float32Array.from(rowsOf(terms).flatMap((term) => rowsOf(all).map((row) => dot(row, term))))),
});
const named = (vectors: readonly Float32Array[]): Map<string, Float32Array> =>
  new Map(vectors.map((vector, index) => [`photo ${String(index)}`, vector]));
const contentOf = (ids: Iterable<string>): Map<string, string> => new Map(Array.from(ids, (id) => [id, 'content']));

const LEAST = 0.5;
/** What comparing all pairs finds. */
const allNear = (vectors: ReadonlyMap<string, Float32Array>, id: string): string[] =>
  [...vectors.keys()].filter((other) => other !== id && dot(vectors.get(other)!, vectors.get(id)!) >= LEAST).sort();

describe('Neighbours', () => {
  it('finds all near pairs, however the photos came in', async () => {
    await fc.assert(
      fc.asyncProperty(unitVectors({ min: 0, max: 40 }), fc.integer({ min: 0, max: 40 }), async (all, first) => {
        const vectors = named(all);
        const neighbours = new Neighbours(sourceOf(vectors), LEAST);
        await neighbours.update(contentOf([...vectors.keys()].slice(0, first)));
        await neighbours.update(contentOf([...vectors.keys()].reverse()));
        for (const id of vectors.keys()) expect([...neighbours.near(id)].sort()).toEqual(allNear(vectors, id));
      }),
    );
  });

  it('compares again what looks different now, and nothing else', async () => {
    const [, ...all] = [...named(fc.sample(unitVectors({ min: 30, max: 30 }), { numRuns: 1, seed: 5 })[0]!)];
    const vectors = new Map(all);
    const source = sourceOf(vectors);
    const product = vi.spyOn(source, 'product');
    const neighbours = new Neighbours(source, LEAST);
    const content = contentOf(vectors.keys());
    await neighbours.update(content);
    const edited = 'photo 7';
    vectors.set(edited, vectors.get('photo 9')!);
    await neighbours.update(new Map(content).set(edited, 'edited'));
    expect(product.mock.calls.at(-1)?.[1]).toHaveLength(D);
    for (const id of vectors.keys()) expect([...neighbours.near(id)].sort()).toEqual(allNear(vectors, id));
    const calls = product.mock.calls.length;
    await neighbours.update(new Map(content).set(edited, 'edited'));
    expect(product).toHaveBeenCalledTimes(calls);
  });

  it('forgets photos that are gone, and waits for those without a vector', async () => {
    const vector = Float32Array.from({ length: D }, (_, index) => (index === 0 ? 1 : 0));
    const vectors = new Map<string, Float32Array>([
      ['a', vector],
      ['b', vector],
    ]);
    const neighbours = new Neighbours(sourceOf(vectors), LEAST);
    await neighbours.update(contentOf(['a', 'b', 'c']));
    expect(neighbours.near('a')).toEqual(['b']);
    expect(neighbours.near('c')).toEqual([]);
    vectors.set('c', vector);
    await neighbours.update(contentOf(['a', 'c']));
    expect(neighbours.near('a')).toEqual(['c']);
    expect(neighbours.near('b')).toEqual([]);
  });

  it('keeps the nearest of many', async () => {
    const at = (angle: number): Float32Array =>
      Float32Array.from({ length: D }, (_, index) =>
        index === 0 ? Math.cos(angle) : index === 1 ? Math.sin(angle) : 0,
      );
    const vectors = named(Array.from({ length: 300 }, (_, index) => at(index / 1000)));
    const neighbours = new Neighbours(sourceOf(vectors), LEAST);
    await neighbours.update(contentOf(vectors.keys()));
    const nearest = Array.from({ length: 64 }, (_, index) => `photo ${String(index + 1)}`);
    expect([...neighbours.near('photo 0')].sort()).toEqual(nearest.sort());
  });
});

describe('usualDistance', () => {
  const never = (): boolean => false;

  it('is the distance of the nearest hundredth of pairs', () => {
    const vectors = named(fc.sample(unitVectors({ min: 100, max: 100 }), { numRuns: 1, seed: 3 })[0]!);
    const ids = [...vectors.keys()];
    const usual = usualDistance(ids, sourceOf(vectors), never);
    const distances = ids.flatMap((a, index) =>
      ids.slice(0, index).map((b) => 1 - dot(vectors.get(a)!, vectors.get(b)!)),
    );
    expect(distances.filter((distance) => distance < usual)).toHaveLength(Math.floor(distances.length / 100));
  });

  it('does not count pairs that are known to show the same', () => {
    const all = fc.sample(unitVectors({ min: 20, max: 20 }), { numRuns: 1, seed: 3 })[0]!;
    const vectors = named([...all, ...all]);
    const ids = [...vectors.keys()];
    const number = (id: string): number => Number(id.split(' ')[1]) % 20;
    expect(usualDistance(ids, sourceOf(vectors), never)).toBeCloseTo(0);
    const usual = usualDistance(ids, sourceOf(vectors), (a, b) => number(a) === number(b));
    expect(usual).toBeCloseTo(usualDistance(ids.slice(0, 20), sourceOf(vectors), never), 1);
    expect(usual).toBeGreaterThan(0.01);
  });

  it('is something sensible for a handful of photos', () => {
    const vectors = named(fc.sample(unitVectors({ min: 3, max: 3 }), { numRuns: 1, seed: 3 })[0]!);
    for (const count of [0, 1, 3]) {
      const usual = usualDistance([...vectors.keys()].slice(0, count), sourceOf(vectors), never);
      expect(usual).toBeGreaterThan(0.01);
      expect(usual).toBeLessThan(0.6);
    }
  });
});
