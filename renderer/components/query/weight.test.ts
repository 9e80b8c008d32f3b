import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fillOf, weightOf } from './weight.ts';

describe('the fill of a chip', () => {
  it('is half for the usual weight, and goes there and back', () => {
    expect(fillOf(1)).toBe(0.5);
    fc.assert(
      fc.property(fc.double({ min: 0.05, max: 4, noNaN: true }), (weight) => {
        expect(weightOf(fillOf(weight))).toBeCloseTo(weight, 10);
      }),
    );
  });

  it('stays within the chip', () => {
    expect([weightOf(-1), weightOf(2)]).toEqual([0, 4]);
  });
});
