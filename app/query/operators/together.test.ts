import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { raised, withTerms, worlds } from '../../../test/support/compositions.ts';
import { Cone } from '../cone.ts';
import { split, type Operand } from '../composition.ts';
import { together } from './together.ts';

/** The same term over a column of its own, which nothing is remembered of. */
const fresh = (term: Operand): Operand => raised(term, 0, 0);

describe('together', () => {
  it('orders photos by their nearness to the cone of the wanted terms, whatever their weights', () => {
    fc.assert(
      fc.property(worlds({ avoid: fc.constant(false) }), ({ composition }) => {
        const { terms, gram, rows } = composition;
        const cone = new Cone(gram);
        const nearness = Array.from({ length: rows }, (_, row) =>
          cone.project(Float64Array.from(terms, ({ column }) => column.similarity[row]!)),
        );
        const { scores } = together(withTerms(composition, (term) => ({ ...fresh(term), weight: 1 })));
        expect(together(composition).scores).toEqual(scores);
        const order = [...scores.keys()].sort((a, b) => nearness[a]! - nearness[b]!);
        for (let i = 1; i < rows; i++)
          if (nearness[order[i]!]! > nearness[order[i - 1]!]! + 1e-6)
            expect(scores[order[i]!]).toBeGreaterThan(scores[order[i - 1]!]!);
      }),
    );
  });

  it('answers anew when one of the terms is another', () => {
    fc.assert(
      fc.property(worlds({ avoid: fc.constant(false) }), fc.nat(), ({ composition }, at) => {
        together(composition);
        const changed = at % composition.terms.length;
        const other = withTerms(composition, (term, i) => (i === changed ? raised(term, 0, 0.5) : term));
        expect(together(other).scores).toEqual(together(withTerms(other, fresh)).scores);
      }),
    );
  });

  it('adds what avoided terms take away to a standard score', () => {
    fc.assert(
      fc.property(worlds({ rows: fc.integer({ min: 20, max: 200 }) }), ({ composition }) => {
        const { terms } = composition;
        fc.pre(split(terms).wanted.length > 0);
        const { scores } = together(composition);
        const own = scores.map((score, row) =>
          terms.reduce((sum, { avoid, weight, column }) => sum + (avoid ? -weight * column.logClear[row]! : 0), score),
        );
        const mean = own.reduce((sum, score) => sum + score, 0) / own.length;
        const variance = own.reduce((sum, score) => sum + (score - mean) ** 2, 0) / own.length;
        expect(mean).toBeCloseTo(0, 3);
        // Photos that are all equally near have no spread.
        expect(Math.min(Math.abs(variance), Math.abs(variance - 1))).toBeLessThan(1e-3);
      }),
    );
  });
});
