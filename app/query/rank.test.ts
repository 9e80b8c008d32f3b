import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { best } from './rank.ts';

const score = fc.oneof(fc.float({ noNaN: true, noDefaultInfinity: true }), fc.constantFrom(-1, -0, 0, 0.5, 0.5));
const column = fc.array(fc.tuple(score, fc.boolean()), { maxLength: 200 });

describe('best', () => {
  it('equals sorting everything, ties in row order', () => {
    fc.assert(
      fc.property(column, fc.oneof(fc.integer({ min: 0, max: 250 }), fc.constant(Infinity)), (cells, limit) => {
        const scores = Float32Array.from(cells, ([score]) => score);
        const mask = Uint8Array.from(cells, ([, allowed]) => (allowed ? 1 : 0));
        const expected = [...scores.keys()]
          .filter((row) => mask[row] === 1)
          .sort((a, b) => scores[b]! - scores[a]! || a - b)
          .slice(0, limit);
        expect([...best(scores, mask, limit)]).toEqual(expected);
      }),
    );
  });

  it('takes the first rows of those that score the same', () => {
    expect([...best(Float32Array.of(1, 2, 1, 2, 1), Uint8Array.of(1, 1, 0, 1, 1), 3)]).toEqual([1, 3, 0]);
  });
});
