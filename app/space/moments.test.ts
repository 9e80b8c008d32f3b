import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Tally, type Moments } from './moments.ts';

const momentsOf = (values: readonly number[]): Moments => {
  const tally = new Tally();
  for (const value of values) tally.add(value);
  return tally.moments;
};
const value = fc.float({ min: -1, max: 1, noNaN: true });

describe('Tally', () => {
  it('equals mean and deviation over all', () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 1 }), (values) => {
        const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
        const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length;
        const moments = momentsOf(values);
        expect(moments.mean).toBeCloseTo(mean, 9);
        expect(moments.deviation).toBeCloseTo(Math.sqrt(variance), 6);
      }),
    );
  });

  it('finds no spread where nothing differs, and nothing in nothing', () => {
    fc.assert(
      fc.property(value, fc.integer({ min: 1, max: 1000 }), (same, count) => {
        expect(momentsOf(new Array<number>(count).fill(same)).deviation).toBeLessThan(1e-6);
      }),
    );
    expect(momentsOf([])).toEqual({ mean: 0, deviation: 0 });
  });
});
