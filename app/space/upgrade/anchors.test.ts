import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainProduct } from '../../../test/support/product.ts';
import { Random } from '../../../test/support/scenes/random.ts';
import { unitVectors } from '../../../test/support/vectors.ts';
import { normalise } from '../vector.ts';
import { chooseAnchors, chooseHeldOut, type Rows } from './anchors.ts';

const rowsOf = (vectors: readonly Float32Array[]): Rows => ({
  count: vectors.length,
  dimension: vectors[0]!.length,
  vectorOf: (row) => vectors[row]!,
});

const seeded = (seed: number): (() => number) => {
  const random = new Random(seed);
  return () => random.next();
};

const choose = (rows: Rows, wanted: number, seed: number, without: readonly number[] = []): Promise<number[]> =>
  chooseAnchors(rows, wanted, {
    without,
    random: seeded(seed),
    product: plainProduct,
    breathe: () => Promise.resolve(),
  });

describe('chooseHeldOut', () => {
  it('draws different rows of the library, as many as asked for or there are', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat({ max: 300 }), fc.nat({ max: 300 }), (seed, count, wanted) => {
        const drawn = chooseHeldOut(count, wanted, seeded(seed));
        expect(new Set(drawn).size).toBe(Math.min(count, wanted));
        expect(drawn.every((row) => row >= 0 && row < count)).toBe(true);
      }),
    );
  });

  it('draws each as often as any other', () => {
    const random = seeded(1);
    const times = new Array<number>(20).fill(0);
    for (let round = 0; round < 4000; round++) for (const row of chooseHeldOut(20, 5, random)) times[row]!++;
    // A thousand each are expected, with a standard deviation of 27.
    expect(Math.min(...times)).toBeGreaterThan(860);
    expect(Math.max(...times)).toBeLessThan(1140);
  });
});

describe('chooseAnchors', () => {
  it('chooses different rows, none that is held out, as many as asked for or there are', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(),
        unitVectors({ min: 1, max: 80 }),
        fc.nat({ max: 100 }),
        fc.nat({ max: 40 }),
        async (seed, vectors, wanted, held) => {
          const without = chooseHeldOut(vectors.length, held, seeded(seed));
          const chosen = await choose(rowsOf(vectors), wanted, seed, without);
          expect(chosen.length).toBe(Math.min(wanted, vectors.length - without.length));
          expect(new Set([...chosen, ...without]).size).toBe(chosen.length + without.length);
          expect(chosen.every((row) => row >= 0 && row < vectors.length)).toBe(true);
        },
      ),
    );
  });

  it('begins the same, however many are asked for', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(),
        unitVectors({ min: 80, max: 80 }),
        fc.nat({ max: 80 }),
        async (seed, vectors, wanted) => {
          const all = await choose(rowsOf(vectors), 80, seed);
          expect(await choose(rowsOf(vectors), wanted, seed)).toEqual(all.slice(0, wanted));
        },
      ),
    );
  });

  it('finds the few photos that are unlike all others', async () => {
    const random = new Random(2);
    const near = (axis: number): Float32Array =>
      normalise(Float32Array.from({ length: 3 }, (_, i) => (i === axis ? 1 : random.between(-1e-3, 1e-3))));
    const vectors = Array.from({ length: 500 }, (_, row) => near(row < 3 ? 1 : row < 6 ? 2 : 0));
    const rows = rowsOf(vectors);
    for (let seed = 0; seed < 50; seed++) {
      const chosen = await choose(rows, 3, seed);
      const kinds = chosen.map((row) => (row < 3 ? 1 : row < 6 ? 2 : 0));
      expect(new Set(kinds).size).toBe(3);
    }
  });

  it('chooses among copies too, when nothing else is there', async () => {
    const vectors = Array.from({ length: 30 }, () => Float32Array.of(1, 0));
    expect(new Set(await choose(rowsOf(vectors), 20, 1)).size).toBe(20);
  });

  it('looks at a part of a large library only, from all over it', async () => {
    const [east, west] = [Float32Array.of(1, 0), Float32Array.of(0, 1)];
    const seen = new Set<number>();
    const rows = {
      count: 1_000_000,
      dimension: 2,
      vectorOf: (row: number) => {
        seen.add(row);
        return row < 500_000 ? east : west;
      },
    };
    const chosen = await choose(rows, 2, 1);
    expect(seen.size).toBe(16_384);
    expect(chosen.filter((row) => row < 500_000)).toHaveLength(1);
  });
});
