import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { barsOf, DRAWING } from './histogram.ts';

/** Height of each bar that is drawn. */
const heights = (path: string): number[] =>
  [...path.matchAll(/V(?<top>[\d.]+)H/gu)].map(({ groups }) => DRAWING.height - Number(groups?.top));

describe('barsOf', () => {
  it('draws nothing where there is nothing', () => {
    expect(barsOf([])).toBe('');
    expect(barsOf([0, 0])).toBe('');
  });

  it('draws a bar for every bin with photos, the tallest as high as the drawing, and few among many to be seen', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 1_000_000 }), { minLength: 48, maxLength: 48 }), (bins) => {
        const drawn = heights(barsOf(bins));
        expect(drawn).toHaveLength(bins.filter((count) => count > 0).length);
        for (const height of drawn) {
          expect(height).toBeGreaterThanOrEqual(4);
          expect(height).toBeLessThanOrEqual(DRAWING.height);
        }
        if (drawn.length > 0) expect(Math.max(...drawn)).toBe(DRAWING.height);
      }),
    );
  });
});
