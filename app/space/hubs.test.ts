import fc from 'fast-check';
import { expect, it } from 'vitest';
import { hubOf } from './hubs.ts';

it('hubOf is the mean of the 128 highest similarities, or of all where there are fewer', () => {
  const similarities = fc.array(fc.float({ min: -1, max: 1, noNaN: true }), { minLength: 1, maxLength: 300 });
  fc.assert(
    fc.property(similarities, (values) => {
      const given = Float32Array.from(values);
      const highest = [...values].sort((a, b) => b - a).slice(0, 128);
      expect(hubOf(given)).toBeCloseTo(highest.reduce((sum, value) => sum + value, 0) / highest.length, 9);
      expect([...given]).toEqual(values);
    }),
  );
});
