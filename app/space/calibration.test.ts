import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../test/support/scenes/random.ts';
import type { Curve } from '../contract/index.ts';
import { fitCurve } from './calibration.ts';

const chance = ({ middle, slope }: Curve, level: number): number => 1 / (1 + Math.exp(slope * (middle - level)));

/** Levels and labels as a curve would have them. */
const drawn = (curve: Curve, seed: number, count: number): { levels: number[]; labels: number[] } => {
  const random = new Random(seed);
  const levels = Array.from({ length: count }, () => random.between(-3, 8));
  return { levels, labels: levels.map((level) => (random.chance(chance(curve, level)) ? 1 : 0)) };
};

describe('fitCurve', () => {
  const curves = fc.record({
    middle: fc.double({ min: 0, max: 4, noNaN: true }),
    slope: fc.double({ min: 0.5, max: 4, noNaN: true }),
  });

  it('finds the curve that labels were drawn from', () => {
    fc.assert(
      fc.property(curves, fc.nat(), (curve, seed) => {
        const { levels, labels } = drawn(curve, seed, 5000);
        const found = fitCurve(levels, labels)!;
        expect(Math.abs(found.middle - curve.middle)).toBeLessThan(0.5);
        expect(Math.abs(found.slope / curve.slope - 1)).toBeLessThan(0.35);
      }),
    );
  });

  it('finds a curve that no neighbour beats', () => {
    fc.assert(
      fc.property(curves, fc.nat(), (curve, seed) => {
        const { levels, labels } = drawn(curve, seed, 500);
        const found = fitCurve(levels, labels)!;
        // With the little for large numbers that keeps a curve finite: steep ones are held back by it.
        const loss = (of: Curve): number =>
          levels.reduce(
            (sum, level, i) => {
              const p = chance(of, level);
              return sum - Math.log(labels[i] === 1 ? p : 1 - p);
            },
            0.0005 * ((of.middle * of.slope) ** 2 + of.slope ** 2),
          );
        const least = loss(found) - 1e-6;
        for (const by of [0.95, 1.05]) {
          expect(loss({ ...found, slope: found.slope * by })).toBeGreaterThan(least);
          expect(loss({ ...found, middle: found.middle + by - 1 })).toBeGreaterThan(least);
        }
      }),
    );
  });

  it('stays finite where levels part the labels perfectly', () => {
    const curve = fitCurve([0, 1, 2, 5, 6, 7], [0, 0, 0, 1, 1, 1])!;
    expect(curve.middle).toBeGreaterThan(2);
    expect(curve.middle).toBeLessThan(5);
    expect(curve.slope).toSatisfy(Number.isFinite);
  });

  it.each([
    ['nothing at all', [], []],
    ['labels that fall as levels rise', [0, 1, 2, 3, 4, 5], [1, 1, 0, 1, 0, 0]],
    ['no match', [0, 1, 2, 3], [0, 0, 0, 0]],
    ['nothing but matches', [0, 1, 2, 3], [1, 1, 1, 1]],
  ])('learns nothing from %s', (_, levels, labels) => {
    expect(fitCurve(levels, labels)).toBeNull();
  });
});
