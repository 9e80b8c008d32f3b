import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { worlds } from '../../test/support/compositions.ts';
import type { Operand } from './composition.ts';
import { countOf, fitOf, histogramOf, sureOf, within } from './fit.ts';

/** The least of what the terms say to a photo; 1 without terms. */
const least = (terms: readonly Operand[], row: number): number =>
  Math.min(1, ...terms.map(({ avoid, column }) => (avoid ? 1 - column.trace[row]! : column.match[row]!)));

/** Probabilities with a mask; among them limits of bins. */
const masked = fc
  .array(fc.tuple(fc.oneof(fc.float({ min: 0, max: 1, noNaN: true }), fc.constantFrom(0, 0.25, 0.5, 1)), fc.boolean()))
  .map((cells) => ({
    probabilities: Float32Array.from(cells, ([p]) => p),
    mask: Uint8Array.from(cells, ([, shown]) => (shown ? 1 : 0)),
    shown: cells.flatMap(([, shown], row) => (shown ? [row] : [])),
  }));
const rowsIn = (mask: Uint8Array): number[] => [...mask.keys()].filter((row) => mask[row] === 1);

describe('fitOf', () => {
  it('takes the least over all terms, and over the required ones or else the wanted ones', () => {
    fc.assert(
      fc.property(worlds(), ({ composition: { terms, rows } }) => {
        const { match, needed } = fitOf(terms, rows);
        const required = terms.filter((term) => term.required);
        const wanted = terms.filter((term) => !term.avoid);
        const deciding = [required, wanted, terms].find((some) => some.length > 0)!;
        for (let row = 0; row < rows; row++) {
          expect(match[row]).toBeCloseTo(least(terms, row), 6);
          expect(needed[row]).toBeCloseTo(least(deciding, row), 6);
        }
      }),
    );
  });

  it('lets every photo fit where nothing is asked', () => {
    expect([...fitOf([], 3).match]).toEqual([1, 1, 1]);
    expect(fitOf([], 0).needed).toHaveLength(0);
  });
});

describe('within', () => {
  const tolerances = fc.option(fc.oneof(fc.constantFrom(0, 0.5, 1), fc.double({ min: 0, max: 1, noNaN: true })));

  it('keeps what fits within the tolerance, and without one what is likelier than not where a term is required', () => {
    fc.assert(
      fc.property(masked, tolerances, fc.boolean(), ({ probabilities, mask, shown }, tolerance, hasRequired) => {
        const fit = { match: probabilities, needed: probabilities };
        const enough = (p: number): boolean => (tolerance === null ? !hasRequired || p >= 0.5 : p >= 1 - tolerance);
        expect(rowsIn(within(mask, fit, tolerance, hasRequired))).toEqual(
          shown.filter((row) => enough(probabilities[row]!)),
        );
      }),
    );
  });

  it('keeps no fewer the more is tolerated', () => {
    fc.assert(
      fc.property(masked, fc.double({ min: 0, max: 1, noNaN: true }), ({ probabilities, mask }, tolerance) => {
        const kept = (more: number): number =>
          countOf(within(mask, { match: probabilities, needed: probabilities }, more, false));
        expect(kept(tolerance)).toBeLessThanOrEqual(kept((1 + tolerance) / 2));
        expect(kept(1)).toBe(countOf(mask));
      }),
    );
  });
});

describe('histogramOf', () => {
  it('counts each photo in the bin of its probability, 1 in the last', () => {
    fc.assert(
      fc.property(masked, fc.integer({ min: 1, max: 40 }), ({ probabilities, mask, shown }, bins) => {
        const expected = Array.from(
          { length: bins },
          (_, bin) =>
            shown.filter((row) => {
              const p = probabilities[row]! * bins;
              return p >= bin && (p < bin + 1 || bin === bins - 1);
            }).length,
        );
        expect(histogramOf(probabilities, mask, bins)).toEqual(expected);
      }),
    );
  });
});

describe('sureOf and countOf', () => {
  it('keep and count what is at least as likely as not', () => {
    fc.assert(
      fc.property(masked, ({ probabilities, mask, shown }) => {
        const sure = shown.filter((row) => probabilities[row]! >= 0.5);
        expect(rowsIn(sureOf(mask, probabilities))).toEqual(sure);
        expect(countOf(sureOf(mask, probabilities))).toBe(sure.length);
        expect(countOf(mask)).toBe(shown.length);
      }),
    );
  });
});
