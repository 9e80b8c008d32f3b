import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { farthest, withTerms, worlds } from '../../../test/support/compositions.ts';
import { dot, normalise, weightedSum } from '../../space/vector.ts';
import { best } from '../rank.ts';
import { mix } from './mix.ts';

describe('mix', () => {
  it('is the cosine with the summed vector, less the hub term', () => {
    fc.assert(
      fc.property(worlds(), ({ photos, vectors, composition }) => {
        const signed = composition.terms.map(({ weight, avoid }) => (avoid ? -weight : weight));
        const sum = weightedSum(vectors, signed);
        const heaviest = Math.max(...signed.map(Math.abs));
        // Of terms that cancel each other nothing is left but what single precision rounds off.
        fc.pre(Math.sqrt(dot(sum, sum)) > 0.01 * heaviest);
        const direction = normalise(sum);
        const expected = photos.map((photo, row) => dot(photo, direction) - composition.hub[row]!);
        expect(farthest(mix(composition).scores, expected)).toBeLessThan(1e-4);
      }),
    );
  });

  it('keeps its order when all weights are multiplied by one number', () => {
    fc.assert(
      fc.property(worlds(), fc.integer({ min: -40, max: 40 }), ({ composition }, power) => {
        const scaled = withTerms(composition, (term) => ({ ...term, weight: term.weight * 2 ** power }));
        const everything = new Uint8Array(composition.rows).fill(1);
        const order = best(mix(composition).scores, everything, composition.rows);
        expect(best(mix(scaled).scores, everything, composition.rows)).toEqual(order);
      }),
    );
  });

  it('leaves the hub term alone when the terms cancel each other', () => {
    fc.assert(
      fc.property(worlds({ mostTerms: 1, hubbed: true }), ({ composition }) => {
        const [term] = composition.terms;
        const both = [term!, { ...term!, avoid: !term!.avoid }];
        const square = composition.gram[0]![0]!;
        const gram = both.map(() => both.map(() => square));
        const { scores } = mix({ ...composition, terms: both, gram });
        expect(scores).toEqual(composition.hub.map((value) => 0 - value));
      }),
    );
  });
});
