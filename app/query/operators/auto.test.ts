import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { farthest, withTerms, worlds } from '../../../test/support/compositions.ts';
import { auto } from './auto.ts';

const wanted = { avoid: fc.constant(false) };
const sentences = { ...wanted, isPicture: fc.constant(false) };

describe('auto', () => {
  it('orders a single wanted term by its standard score', () => {
    fc.assert(
      fc.property(worlds({ ...wanted, mostTerms: 1 }), ({ composition }) => {
        const [term] = composition.terms;
        const expected = composition.hub.map((_, row) => term!.weight * term!.column.z(row));
        expect(farthest(auto(composition).scores, expected)).toBeLessThan(1e-4);
      }),
    );
  });

  it('is what its terms take away when all are avoided', () => {
    fc.assert(
      fc.property(worlds({ avoid: fc.constant(true) }), ({ composition }) => {
        const expected = composition.hub.map((_, row) =>
          composition.terms.reduce((sum, { weight, column }) => sum + weight * column.logClear[row]!, 0),
        );
        expect(farthest(auto(composition).scores, expected)).toBeLessThan(1e-3);
      }),
    );
  });

  it('counts several sentences by the one they make, and each has to be there', () => {
    fc.assert(
      fc.property(worlds({ ...sentences, fewestTerms: 2, mostTerms: 4, joined: true }), ({ composition }) => {
        const { joined, terms, hub } = composition;
        const least = Math.min(...terms.map(({ weight }) => weight));
        const together = terms.reduce((sum, { weight }) => sum + weight, 0);
        const expected = hub.map((_, row) =>
          terms.reduce(
            (sum, { weight, column }) =>
              sum + (weight - least) * column.z(row) + Math.min(weight, together - weight) * column.logMatch[row]!,
            least * joined!.z(row),
          ),
        );
        expect(farthest(auto(composition).scores, expected)).toBeLessThan(1e-3);
      }),
    );
  });

  it('goes over into the order of one sentence as the weight of the other vanishes', () => {
    fc.assert(
      fc.property(worlds({ ...sentences, fewestTerms: 2, mostTerms: 2, joined: true }), ({ composition }) => {
        const at = (weight: number): Float32Array =>
          auto(withTerms(composition, (term, i) => ({ ...term, weight: i === 0 ? 1 : weight }))).scores;
        const scores = at(1e-9);
        const [far, near] = [farthest(scores, at(1e-2)), farthest(scores, at(1e-4))];
        expect(near).toBeLessThan(0.1 * far + 1e-4);

        const { column } = composition.terms[0]!;
        const order = [...scores.keys()].sort((a, b) => column.z(a) - column.z(b)).map((row) => scores[row]!);
        for (let i = 1; i < order.length; i++) expect(order[i]).toBeGreaterThan(order[i - 1]! - 1e-4);
      }),
    );
  });
});
