import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { farthest } from '../../../test/support/compositions.ts';
import { plainProduct } from '../../../test/support/product.ts';
import { Random } from '../../../test/support/scenes/random.ts';
import { dot, normalise } from '../vector.ts';
import { applyMap, fitMap, type Pairs, type SpaceMap } from './map.ts';
import { normaliseRows, transposed } from './matrix.ts';
import { dampedPolar } from './polar.ts';

const breathe = (): Promise<void> => Promise.resolve();

const unitRows = (random: Random, count: number, dimension: number): Float32Array => {
  const rows = Float32Array.from({ length: count * dimension }, () => random.between(-1, 1) + random.between(-1, 1));
  normaliseRows(rows, dimension);
  return rows;
};

/** Orthonormal rows, `[small × large]`. */
const planted = (random: Random, small: number, large: number): Promise<Float32Array> =>
  dampedPolar(unitRows(random, small, large), small, 1e-4, plainProduct);

/** A wider side that is a turned copy of the narrower one: `wide = narrow · turn`, with `turn` `[narrow × wide]`. */
const pairsOf = async (random: Random, count: number, turn: Float32Array, small: number): Promise<Pairs> => {
  const narrow = unitRows(random, count, small);
  const wide = await plainProduct(transposed(turn, turn.length / small), narrow, small);
  normaliseRows(wide, turn.length / small);
  return { old: narrow, neu: wide };
};

const swapped = ({ old, neu }: Pairs): Pairs => ({ old: neu, neu: old });

const cosines = (a: Float32Array, b: Float32Array, dimension: number): number[] =>
  Array.from({ length: a.length / dimension }, (_, row) =>
    dot(a.subarray(row * dimension, (row + 1) * dimension), b.subarray(row * dimension, (row + 1) * dimension)),
  );

const sizes = fc.tuple(fc.integer({ min: 2, max: 10 }), fc.nat({ max: 6 }));

/** Numbers of `QQᵀ`, or of `QᵀQ` when the new space is smaller, less the identity's. */
const lackOfOrthogonality = async ({ dOld, dNew, rotation }: SpaceMap): Promise<number> => {
  const [rows, length] = dOld <= dNew ? [rotation, dNew] : [transposed(rotation, dNew), dOld];
  const square = await plainProduct(rows, rows, length);
  const size = Math.min(dOld, dNew);
  return farthest(
    square,
    Array.from(square, (_, i) => (i % (size + 1) === 0 ? 1 : 0)),
  );
};

describe('fitMap', () => {
  it('finds a planted rotation, into a space as large, larger or smaller, and is orthogonal', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), sizes, fc.boolean(), async (seed, [small, more], isSmaller) => {
        const random = new Random(seed);
        const turn = await planted(random, small, small + more);
        const pairs = await pairsOf(random, 400, turn, small);
        const [from, to] = isSmaller ? [small + more, small] : [small, small + more];
        const map = await fitMap(isSmaller ? swapped(pairs) : pairs, { dOld: from, dNew: to }, plainProduct);
        expect(await lackOfOrthogonality(map)).toBeLessThan(0.01);
        expect(farthest(map.rotation, isSmaller ? transposed(turn, small + more) : turn)).toBeLessThan(0.01);
        const fresh = await pairsOf(random, 20, turn, small);
        const { old, neu } = isSmaller ? swapped(fresh) : fresh;
        const mapped = await applyMap(map, old, plainProduct, breathe);
        expect(Math.min(...cosines(mapped, neu, to))).toBeGreaterThan(0.999);
      }),
      { numRuns: 30 },
    );
  });

  it('never lengthens a difference, whatever the pairs are and however few', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(),
        fc.integer({ min: 2, max: 20 }),
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 9 }),
        async (seed, count, dOld, dNew) => {
          const random = new Random(seed);
          const pairs = { old: unitRows(random, count, dOld), neu: unitRows(random, count, dNew) };
          const { rotation } = await fitMap(pairs, { dOld, dNew }, plainProduct);
          const difference = unitRows(random, 1, dOld);
          const turned = await plainProduct(transposed(rotation, dNew), difference, dOld);
          expect(dot(turned, turned)).toBeLessThan(1.001);
        },
      ),
    );
  });

  it('does not depend on the order of the pairs', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), async (seed) => {
        const random = new Random(seed);
        const pairs = { old: unitRows(random, 30, 4), neu: unitRows(random, 30, 6) };
        const order = random.shuffled([...Array(30).keys()]);
        const reordered = (rows: Float32Array, d: number): Float32Array =>
          Float32Array.from(order.flatMap((row) => [...rows.subarray(row * d, (row + 1) * d)]));
        const dimensions = { dOld: 4, dNew: 6 };
        const map = await fitMap(pairs, dimensions, plainProduct);
        const other = await fitMap(
          { old: reordered(pairs.old, 4), neu: reordered(pairs.neu, 6) },
          dimensions,
          plainProduct,
        );
        expect(farthest(other.rotation, map.rotation)).toBeLessThan(1e-4);
        expect(farthest(other.meanNew, map.meanNew)).toBeLessThan(1e-6);
      }),
      { numRuns: 30 },
    );
  });

  it('lets directions fade that no pair knows or only chance does, and learns them from words', async () => {
    const random = new Random(5);
    const turn = await planted(random, 8, 8);
    const all = await pairsOf(random, 200, turn, 8);
    // Photos that differ in the first four directions only.
    const flat = unitRows(random, 200, 4);
    const old = new Float32Array(200 * 8);
    for (let row = 0; row < 200; row++) old.set(flat.subarray(row * 4, row * 4 + 4), row * 8);
    const photos = { old, neu: await plainProduct(transposed(turn, 8), old, 8) };
    const dimensions = { dOld: 8, dNew: 8 };
    const lengthOf = ({ rotation }: SpaceMap, direction: number): number => {
      const row = rotation.subarray(direction * 8, direction * 8 + 8);
      return Math.sqrt(dot(row, row));
    };
    const map = await fitMap(photos, dimensions, plainProduct);
    expect([0, 1, 2, 3].every((direction) => lengthOf(map, direction) > 0.99)).toBe(true);
    expect([4, 5, 6, 7].every((direction) => lengthOf(map, direction) < 0.01)).toBe(true);
    // Both models see something in the other directions, but not the same.
    const noisy = (rows: Float32Array): Float32Array => rows.map((value) => value + random.between(-0.02, 0.02));
    const unsure = await fitMap({ old: noisy(photos.old), neu: noisy(photos.neu) }, dimensions, plainProduct);
    expect([0, 1, 2, 3].every((direction) => lengthOf(unsure, direction) > 0.99)).toBe(true);
    expect([4, 5, 6, 7].every((direction) => lengthOf(unsure, direction) < 0.1)).toBe(true);
    const withWords = await fitMap(photos, dimensions, plainProduct, all);
    expect(farthest(withWords.rotation, turn)).toBeLessThan(0.01);
  });

  it('stays among the finite numbers where all photos are the same', async () => {
    const same = normalise(Float32Array.of(1, 2, 3));
    const rows = Float32Array.from([...same, ...same, ...same]);
    const map = await fitMap({ old: rows, neu: rows }, { dOld: 3, dNew: 3 }, plainProduct);
    const [cosine] = cosines(await applyMap(map, same, plainProduct, breathe), same, 3);
    expect(cosine).toBeCloseTo(1, 4);
  });

  it.each([
    ['one pair', 3, 4],
    ['a torn vector', 7, 8],
    ['another number on the other side', 6, 12],
  ])('refuses %s', async (_, old, neu) => {
    const pairs = { old: new Float32Array(old), neu: new Float32Array(neu) };
    await expect(fitMap(pairs, { dOld: 3, dNew: 4 }, plainProduct)).rejects.toThrow(RangeError);
  });
});

describe('applyMap', () => {
  it('gives each vector the same place alone and among thousands, lets others go on meanwhile, and makes unit vectors', async () => {
    const random = new Random(1);
    const pairs = { old: unitRows(random, 50, 3), neu: unitRows(random, 50, 5) };
    const map = await fitMap(pairs, { dOld: 3, dNew: 5 }, plainProduct);
    const vectors = unitRows(random, 3000, 3);
    let breaths = 0;
    const mapped = await applyMap(map, vectors, plainProduct, () => Promise.resolve(breaths++));
    expect(breaths).toBeGreaterThan(1);
    for (const length of cosines(mapped, mapped, 5)) expect(length).toBeCloseTo(1, 5);
    for (const row of [0, 1023, 1024, 2999]) {
      const alone = await applyMap(map, vectors.slice(row * 3, row * 3 + 3), plainProduct, breathe);
      expect(farthest(alone, mapped.subarray(row * 5, row * 5 + 5))).toBeLessThan(1e-6);
    }
  });
});
