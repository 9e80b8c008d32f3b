import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { determinantOf, worlds } from '../../test/support/compositions.ts';
import { Random } from '../../test/support/scenes/random.ts';
import { dot, gramOf, normalise, weightedSum } from '../space/vector.ts';
import { Cone } from './cone.ts';

/** Unit term vectors, and one photo's. */
interface Sight {
  readonly vectors: readonly Float32Array[];
  readonly photo: Float32Array;
}

const similaritiesOf = ({ vectors, photo }: Sight): Float64Array => Float64Array.from(vectors, (v) => dot(v, photo));
const project = (sight: Sight): number => new Cone(gramOf(sight.vectors)).project(similaritiesOf(sight));

/** Cosine of the photo with a blend of the terms; −1 where they cancel each other up to what is rounded off. */
const cosine = ({ vectors, photo }: Sight, blend: readonly number[]): number => {
  const total = blend.reduce((sum, part) => sum + part, 0);
  const ray = weightedSum(
    vectors,
    blend.map((part) => part / total),
  );
  const length = Math.sqrt(dot(ray, ray));
  return length > 0.01 ? dot(ray, photo) / length : -1;
};

/** Any terms, among them the same and opposite ones. */
const sights: fc.Arbitrary<Sight> = worlds({ rows: fc.constant(1) })
  .map(({ vectors, photos }) => ({ vectors: vectors.filter((v) => dot(v, v) > 0), photo: photos[0]! }))
  .filter(({ vectors }) => vectors.length > 0);

/** Terms within a narrow bundle around a common direction, so that their Gram matrix is nearly singular. */
const bundles: fc.Arbitrary<Sight> = fc
  .record({ seed: fc.nat(), size: fc.integer({ min: 2, max: 8 }), width: fc.constantFrom(1e-1, 1e-2, 1e-3, 1e-5) })
  .map(({ seed, size, width }) => {
    const random = new Random(seed);
    const any = (): Float32Array => normalise(Float32Array.from({ length: 12 }, () => random.between(-1, 1)));
    const middle = any();
    return {
      vectors: Array.from({ length: size }, () => normalise(weightedSum([middle, any()], [1, width]))),
      photo: any(),
    };
  });

const everySight = fc.oneof(sights, bundles);

/**
 * The nearest of all faces of the cone: on each, the least squares solution by Cramer's rule, where none of its
 * coefficients is negative. Faces of dependent terms are left out: their points lie on smaller ones.
 */
const nearestFace = (sight: Sight): number => {
  const { vectors } = sight;
  const s = similaritiesOf(sight);
  const gram = gramOf(vectors);
  let nearest = Math.max(
    ...vectors.map((_, i) =>
      cosine(
        sight,
        vectors.map((_, j) => (i === j ? 1 : 0)),
      ),
    ),
  );
  for (let face = 1; face < 2 ** vectors.length; face++) {
    const terms = [...vectors.keys()].filter((i) => (face >> i) % 2 === 1);
    const inner = terms.map((i) => terms.map((j) => gram[i]![j]!));
    const volume = determinantOf(inner);
    if (volume < 1e-12) continue;
    const blend = new Array<number>(vectors.length).fill(0);
    for (const [place, term] of terms.entries())
      blend[term] =
        determinantOf(inner.map((row, i) => row.map((value, j) => (j === place ? s[terms[i]!]! : value)))) / volume;
    if (Math.min(...blend) >= 0) nearest = Math.max(nearest, cosine(sight, blend));
  }
  return nearest;
};

describe('Cone', () => {
  it('finds the nearest of all faces', () => {
    fc.assert(
      fc.property(everySight, (sight) => {
        expect(Math.abs(project(sight) - nearestFace(sight))).toBeLessThan(1e-4);
      }),
    );
  });

  it('is not beaten by any blend', () => {
    fc.assert(
      fc.property(everySight, fc.nat(), (sight, seed) => {
        const random = new Random(seed);
        const found = project(sight) + 1e-4;
        for (let trial = 0; trial < 200; trial++) {
          const blend = sight.vectors.map(() => (random.chance(0.5) ? random.next() ** 4 : 0));
          expect(cosine(sight, blend)).toBeLessThan(found);
        }
      }),
    );
  });

  it('equals the best of 1,000 blends of two terms', () => {
    fc.assert(
      fc.property(
        everySight.filter(({ vectors }) => vectors.length > 1),
        ({ vectors, photo }) => {
          const sight = { vectors: vectors.slice(0, 2), photo };
          let best = -1;
          for (let step = 0; step <= 1000; step++) best = Math.max(best, cosine(sight, [1000 - step, step]));
          expect(Math.abs(project(sight) - best)).toBeLessThan(1e-4);
        },
      ),
    );
  });

  it('meets the conditions of Karush, Kuhn and Tucker', () => {
    fc.assert(
      fc.property(everySight, (sight) => {
        const s = similaritiesOf(sight);
        fc.pre(Math.max(...s) > 0);
        const gram = gramOf(sight.vectors);
        const cone = new Cone(gram);
        cone.project(s);
        const c = cone.coefficients;
        const slack = 1e-6 * (1 + Math.max(...c));
        for (const [i, row] of gram.entries()) {
          const slope = s[i]! - row.reduce((sum, value, j) => sum + value * c[j]!, 0);
          expect(c[i]).toBeGreaterThanOrEqual(0);
          expect(slope).toBeLessThan(slack);
          expect(Math.abs(slope * c[i]!)).toBeLessThan(slack);
        }
      }),
    );
  });

  it('gives the similarity with the nearest term where no blend points towards the photo', () => {
    const cone = new Cone([
      [1, 0.5],
      [0.5, 1],
    ]);
    expect(cone.project(Float64Array.of(-0.4, -0.3))).toBe(-0.3);
    expect([...cone.coefficients]).toEqual([0, 1]);
  });

  it('takes no notice of a term without a direction', () => {
    fc.assert(
      fc.property(everySight, ({ vectors, photo }) => {
        fc.pre(Math.max(...similaritiesOf({ vectors, photo })) > 0);
        const nothing = new Float32Array(photo.length);
        expect(project({ vectors: [nothing, ...vectors], photo })).toBeCloseTo(project({ vectors, photo }), 5);
      }),
    );
  });

  it('projects one photo after the other as if each were the first', () => {
    fc.assert(
      fc.property(worlds(), ({ vectors, photos }) => {
        const cone = new Cone(gramOf(vectors));
        for (const photo of photos) {
          const sight = { vectors, photo };
          expect(cone.project(similaritiesOf(sight))).toBeCloseTo(project(sight), 6);
        }
      }),
    );
  });

  it.each([1e-3, 1e-6, 1e-9, 1e-30])('projects a photo with similarities of %d', (size) => {
    const cone = new Cone([
      [1, 0],
      [0, 1],
    ]);
    expect(cone.project(Float64Array.of(3 * size, 4 * size)) / size).toBeCloseTo(5, 3);
  });
});
