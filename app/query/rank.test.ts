import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { best } from './rank.ts';

const column = fc.array(fc.tuple(fc.float({ noNaN: true, noDefaultInfinity: true }), fc.boolean()), { maxLength: 200 });

describe('best', () => {
  it('equals sorting everything', () => {
    fc.assert(
      fc.property(column, fc.integer({ min: 1, max: 250 }), (cells, limit) => {
        const scores = Float32Array.from(cells, ([score]) => score);
        const mask = Uint8Array.from(cells, ([, allowed]) => (allowed ? 1 : 0));
        const expected = [...scores.keys()]
          .filter((row) => mask[row] === 1)
          .sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b)
          .slice(0, limit);
        expect([...best(scores, mask, limit)]).toEqual(expected);
      }),
    );
  });
});
