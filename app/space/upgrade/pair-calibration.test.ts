import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pairCalibration } from './pair-calibration.ts';

const similarities = fc
  .array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 8, maxLength: 100 })
  .map((values) => Float32Array.from(values));

const meanOf = (values: Float32Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('pairCalibration', () => {
  it('is the identity on equal samples', () => {
    fc.assert(
      fc.property(similarities, (values) => {
        const { slope, offset } = pairCalibration(values, values);
        expect(slope).toBeCloseTo(1, 9);
        expect(offset).toBeCloseTo(0, 9);
      }),
    );
  });

  it('makes the means equal, keeps the order and stretches twice at most', () => {
    fc.assert(
      fc.property(similarities, fc.nat(), (values, turn) => {
        const others = values.map((_, i) => values[(i * 7 + turn) % values.length]! ** 3);
        const { slope, offset } = pairCalibration(values, others);
        expect(meanOf(others.map((value) => slope * value + offset))).toBeCloseTo(meanOf(values), 5);
        expect(slope).toBeGreaterThanOrEqual(0.5);
        expect(slope).toBeLessThanOrEqual(2);
      }),
    );
  });

  it('goes half the way from a narrow spread to a wide one', () => {
    const wide = Float32Array.from({ length: 50 }, (_, i) => Math.sin(i));
    const narrow = wide.map((value) => 0.1 + value / 2.25);
    expect(pairCalibration(wide, narrow).slope).toBeCloseTo(1.5, 5);
    expect(pairCalibration(narrow, wide).slope).toBeCloseTo(1 / 1.5, 5);
  });

  it('moves only where one side has no spread', () => {
    const same = new Float32Array(20).fill(0.3);
    const { slope, offset } = pairCalibration(new Float32Array(20).fill(0.5), same);
    expect(slope).toBe(1);
    expect(offset).toBeCloseTo(0.2, 6);
  });

  it('does nothing with fewer than eight pairs', () => {
    const few = Float32Array.from({ length: 7 }, (_, i) => i / 10);
    expect(
      pairCalibration(
        few,
        few.map((value) => value / 2),
      ),
    ).toEqual({ slope: 1, offset: 0 });
  });
});
