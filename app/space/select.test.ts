import fc from 'fast-check';
import { expect, it } from 'vitest';
import { select } from './select.ts';

it('select puts one value where sorting would, and nothing smaller behind it', () => {
  const value = fc.oneof(fc.float({ noNaN: true }), fc.constantFrom(0, 0.5, 1));
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 200 }), fc.nat(), (given, at) => {
      const values = Float32Array.from(given);
      const sorted = values.slice().sort();
      const index = at % values.length;
      const selected = select(values, index);
      expect(selected === sorted[index] && selected === values[index]).toBe(true);
      expect(values.subarray(index).every((value) => value >= selected)).toBe(true);
      expect(values.sort()).toEqual(sorted);
    }),
  );
});
