import fc from 'fast-check';
import { expect, it } from 'vitest';
import { contrast, tintOn } from './tint.ts';

const colour = fc.integer({ min: 0, max: 0xff_ff_ff }).map((value) => `#${value.toString(16).padStart(6, '0')}`);

it('can be read on light and dark ground, whatever the person chose, and so can what is written on it', () => {
  fc.assert(
    fc.property(colour, fc.constantFrom('#f8f8f7', '#131313'), (accent, ground) => {
      const tint = tintOn(accent, ground);
      expect(contrast(tint.accent, ground)).toBeGreaterThanOrEqual(4.5);
      expect(contrast(tint.accent, tint.onAccent)).toBeGreaterThanOrEqual(4.5);
    }),
  );
});

it('leaves alone what can be read already', () => {
  expect(tintOn('#0D6E6E', '#f8f8f7').accent).toBe('#0d6e6e');
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21);
});
