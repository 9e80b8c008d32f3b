import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { farthest, withTerms, worlds } from '../../../test/support/compositions.ts';
import type { Composition } from '../composition.ts';
import { all, any } from './logic.ts';

const rowsOf = ({ rows }: Composition): number[] => Array.from({ length: rows }, (_, row) => row);
/** `Σ_A w_n log(1 − p_n)` of one photo. */
const clear = ({ terms }: Composition, row: number): number =>
  terms.reduce((sum, { avoid, weight, column }) => sum + (avoid ? weight * column.logClear[row]! : 0), 0);

describe('all', () => {
  it('is a weighted product of experts', () => {
    fc.assert(
      fc.property(worlds(), ({ composition }) => {
        const expected = rowsOf(composition).map((row) =>
          composition.terms.reduce(
            (sum, { avoid, weight, column }) => sum + (avoid ? 0 : weight * column.logMatch[row]!),
            clear(composition, row),
          ),
        );
        expect(farthest(all(composition).scores, expected)).toBeLessThan(1e-3);
      }),
    );
  });
});

describe('any', () => {
  it('is a noisy or', () => {
    fc.assert(
      fc.property(worlds(), ({ composition }) => {
        const wanted = composition.terms.filter(({ avoid }) => !avoid);
        const expected = rowsOf(composition).map((row) => {
          const missing = wanted.reduce((sum, { weight, column }) => sum + weight * column.logMiss[row]!, 0);
          return (wanted.length === 0 ? 0 : Math.log(1 - Math.exp(missing))) + clear(composition, row);
        });
        expect(farthest(any(composition).scores, expected)).toBeLessThan(1e-3);
      }),
    );
  });

  it('finds a photo of one term that shows nothing of the others', () => {
    fc.assert(
      fc.property(worlds({ avoid: fc.constant(false) }), ({ composition }) => {
        const sure = withTerms(composition, (term) => ({ ...term, weight: 1 }));
        const { scores } = any(sure);
        for (const row of rowsOf(composition)) {
          const surest = Math.max(...sure.terms.map(({ column }) => column.match[row]!));
          expect(Math.exp(scores[row]!)).toBeGreaterThan(surest - 1e-5);
        }
      }),
    );
  });
});
