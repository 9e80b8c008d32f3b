import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { determinantOf, farthest, withTerms, worlds } from '../../../test/support/compositions.ts';
import { dot, gramOf, weightedSum } from '../../space/vector.ts';
import { split } from '../composition.ts';
import { gramVolume, reject } from './comparison.ts';

type Row = readonly [number, number, number];
type Gram = readonly [Row, Row, Row];

describe('GRAM', () => {
  it('is the volume that the photo and the wanted terms span', () => {
    fc.assert(
      fc.property(worlds(), ({ photos, vectors, composition }) => {
        const { wanted } = split(composition.terms);
        fc.pre(wanted.length > 0);
        const own = wanted.map((term) => vectors[term]!);
        const { scores } = gramVolume(composition);
        const squares = scores.map((score) => score ** 2);
        const determinants = photos.map((photo) => determinantOf(gramOf([photo, ...own])));
        expect(farthest(squares, determinants)).toBeLessThan(1e-5);
        expect(scores.every((score) => score <= 0)).toBe(true);
      }),
    );
  });
});

describe('reject', () => {
  it('takes one avoided direction out of the summed wanted terms as far as it lies in them', () => {
    fc.assert(
      fc.property(worlds(), ({ photos, vectors, composition }) => {
        const last = composition.terms.length - 1;
        fc.pre(last > 0);
        const query = withTerms(composition, (term, i) => ({ ...term, avoid: i === last }));
        const sum = weightedSum(
          vectors.slice(0, last),
          query.terms.map(({ weight }) => weight),
        );
        const avoided = vectors[last]!;
        const rest = weightedSum([sum, avoided], [1, -Math.max(0, dot(sum, avoided))]);
        const expected = photos.map((photo) => dot(photo, rest));
        expect(farthest(reject(query).scores, expected)).toBeLessThan(1e-4);
      }),
    );
  });

  it('takes two avoided directions out jointly, so that what they share goes once', () => {
    fc.assert(
      fc.property(worlds({ fewestTerms: 3, mostTerms: 3 }), ({ photos, vectors, composition }) => {
        const query = withTerms(composition, (term, i) => ({ ...term, weight: 1, avoid: i > 0 }));
        const [[, qa, qb], [, aa, ab], [, , bb]] = composition.gram as Gram;
        const area = aa * bb - ab * ab;
        fc.pre(area > 0.01);
        const overlaps = [(qa * bb - qb * ab) / area, (qb * aa - qa * ab) / area].map((overlap) =>
          Math.max(0, overlap),
        );
        const rest = weightedSum(vectors, [1, -overlaps[0]!, -overlaps[1]!]);
        const expected = photos.map((photo) => dot(photo, rest));
        expect(farthest(reject(query).scores, expected)).toBeLessThan(1e-4);
      }),
    );
  });
});
