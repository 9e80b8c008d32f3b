import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { combine, matchOf, spreadOf, standardise } from './columns.ts';

const column = fc
  .array(fc.float({ min: -1, max: 1, noNaN: true }), { minLength: 1, maxLength: 300 })
  .map((values) => Float32Array.from(values));

describe('columns', () => {
  it('never leaves the finite numbers', () => {
    fc.assert(
      fc.property(column, (values) => {
        const spread = spreadOf(values);
        for (const value of values) {
          const match = matchOf(value, spread);
          expect(match).toBeGreaterThanOrEqual(0);
          expect(match).toBeLessThanOrEqual(1);
        }
        expect(standardise(values).every(Number.isFinite)).toBe(true);
      }),
    );
  });

  it('says that nothing matches when no photo stands out', () => {
    const flat = Float32Array.from({ length: 1000 }, (_, index) => 0.1 + 0.01 * Math.sin(index));
    const spread = spreadOf(flat);
    expect(Math.max(...flat.map((value) => matchOf(value, spread)))).toBeLessThan(0.5);
  });

  it('says that one photo matches when it stands out', () => {
    const values = Float32Array.from({ length: 1000 }, (_, index) => 0.1 + 0.01 * Math.sin(index));
    values[17] = 0.4;
    expect(matchOf(0.4, spreadOf(values))).toBeGreaterThan(0.99);
  });

  it('keeps the order of a single term, whatever its kind', () => {
    fc.assert(
      fc.property(column, fc.boolean(), (values, words) => {
        const scores = combine([values], [words]);
        for (let i = 1; i < values.length; i++) {
          if ((values[i] ?? 0) > (values[i - 1] ?? 0)) expect(scores[i]).toBeGreaterThanOrEqual(scores[i - 1] ?? 0);
        }
      }),
    );
  });

  it('gives words twice the say of a photo beside them', () => {
    const photo = Float32Array.from([1, 0, 0, 0]);
    const words = Float32Array.from([0, 1, 0, 0]);
    const [ofPhoto, ofWords] = combine([photo, words], [false, true]);
    expect(ofWords).toBeGreaterThan(ofPhoto ?? 0);
  });
});
