import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { farthest, raised, reordered, withTerms, worlds } from '../../../test/support/compositions.ts';
import { comparisons, operators } from './index.ts';

const everyOperator = Object.entries({ ...operators, ...comparisons });
const { auto, mix, all, any, together } = operators;

const sumOf = (shares: readonly number[]): number => shares.reduce((sum, share) => sum + share, 0);
const largest = (scores: Float32Array): number => scores.reduce((most, score) => Math.max(most, Math.abs(score)), 1);

describe.each(everyOperator)('%s', (_, operator) => {
  const hostile = worlds({
    rows: fc.integer({ min: 0, max: 20 }),
    lean: fc.constantFrom(0, 1, 1e6),
    weight: fc.constantFrom(Number.MIN_VALUE, 1e-9, 1, 4, 1e6),
    mostTerms: 24,
  });

  it('stays among the finite numbers', () => {
    fc.assert(
      fc.property(hostile, ({ composition }) => {
        const { scores, shares } = operator(composition);
        expect(scores).toHaveLength(composition.rows);
        expect(scores.every(Number.isFinite)).toBe(true);
        for (const row of scores.keys()) {
          expect(shares(row)).toHaveLength(composition.terms.length);
          expect(shares(row).every(Number.isFinite)).toBe(true);
        }
      }),
    );
  });

  it('does not care for the order of the terms', () => {
    fc.assert(
      fc.property(worlds(), fc.array(fc.nat(), { minLength: 8, maxLength: 8 }), ({ composition }, keys) => {
        const order = [...composition.terms.keys()].sort((a, b) => keys[a]! - keys[b]!);
        const scores = operator(composition).scores;
        const others = operator(reordered(composition, order)).scores;
        // Standardising divides what single precision rounds off by a spread that may be small.
        const slack = operator === together ? 1e-3 : 1e-5;
        expect(farthest(scores, others)).toBeLessThan(slack * largest(scores));
      }),
    );
  });
});

const change = fc.record({ term: fc.nat(), row: fc.nat(), by: fc.double({ min: 0.001, max: 2, noNaN: true }) });

describe.each(Object.entries({ auto, mix, all, any, together }))('%s', (_, operator) => {
  it('rises with what is wanted and falls with what is avoided', () => {
    fc.assert(
      fc.property(worlds(), change, ({ composition }, { term, row, by }) => {
        const [changed, photo] = [term % composition.terms.length, row % composition.rows];
        const { avoid } = composition.terms[changed]!;
        // More of one wanted term may lead away from the blend that was nearest.
        fc.pre(avoid || operator !== together);
        const other = withTerms(composition, (operand, i) => (i === changed ? raised(operand, photo, by) : operand));
        const low = operator(avoid ? other : composition).scores[photo]!;
        const high = operator(avoid ? composition : other).scores[photo]!;
        expect(high).toBeGreaterThanOrEqual(low - 1e-6 * Math.abs(low));
      }),
    );
  });
});

describe.each(Object.entries({ auto, all, mix }))('%s', (_, operator) => {
  it('is the sum of what its terms add', () => {
    fc.assert(
      // The hub term of `mix` belongs to no term.
      fc.property(worlds(operator === mix ? { hubbed: false } : {}), ({ composition }) => {
        const { scores, shares } = operator(composition);
        const sums = Array.from(scores.keys(), (row) => sumOf(shares(row)));
        expect(farthest(scores, sums)).toBeLessThan(1e-5 * largest(scores));
      }),
    );
  });
});
