import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { farthest } from '../../test/support/compositions.ts';
import { Column, momentsOf, type Scale } from './column.ts';

const value = fc.float({ min: -1, max: 1, noNaN: true });
const rows = fc.array(fc.tuple(value, value, fc.boolean()), { minLength: 0, maxLength: 200 }).map((cells) => ({
  similarity: Float32Array.from(cells, ([similarity]) => similarity),
  hub: Float32Array.from(cells, ([, hub]) => hub),
  mask: Uint8Array.from(cells, ([, , shown]) => (shown ? 1 : 0)),
}));
const scale: fc.Arbitrary<Scale> = fc
  .tuple(value, fc.double({ min: 0.05, max: 1, noNaN: true }), fc.double({ min: 0.5, max: 3, noNaN: true }))
  .map(([mean, deviation, slope]) => ({
    usual: { mean, deviation },
    match: { middle: 2.5, slope },
    trace: { middle: 1.5, slope },
  }));

/** `log σ(x)`. */
const logLogistic = (x: number): number => -Math.log1p(Math.exp(-x));

describe('momentsOf', () => {
  it('equals mean and deviation of what the mask shows, less the hub', () => {
    fc.assert(
      fc.property(rows, ({ similarity, hub, mask }) => {
        const shown = [...similarity.keys()]
          .filter((row) => mask[row] === 1)
          .map((row) => similarity[row]! - hub[row]!);
        const count = Math.max(1, shown.length);
        const mean = shown.reduce((sum, x) => sum + x, 0) / count;
        const variance = shown.reduce((sum, x) => sum + (x - mean) ** 2, 0) / count;
        const moments = momentsOf(similarity, hub, mask);
        expect(moments.mean).toBeCloseTo(mean, 9);
        expect(moments.deviation).toBeCloseTo(Math.sqrt(variance), 6);
      }),
    );
  });
});

describe('Column', () => {
  it('equals the formulas', () => {
    fc.assert(
      fc.property(rows, scale, ({ similarity, hub, mask }, scale) => {
        const moments = momentsOf(similarity, hub, mask);
        const column = new Column(similarity, hub, moments, scale);
        const damped = Array.from(similarity, (s, row) => s - hub[row]!);
        const levels = damped.map((s) => (s - scale.usual.mean) / scale.usual.deviation);
        const matches = levels.map((level) => scale.match.slope * (level - scale.match.middle));
        const traces = levels.map((level) => scale.trace.slope * (level - scale.trace.middle));

        for (const [row, s] of damped.entries()) {
          const z = (s - moments.mean) / Math.max(1e-6, moments.deviation);
          expect(Math.abs(column.z(row) - z)).toBeLessThan(1e-9 * (1 + Math.abs(z)));
          expect(column.level(row)).toBeCloseTo(levels[row]!, 9);
        }
        expect(
          farthest(
            column.match,
            matches.map((x) => 1 / (1 + Math.exp(-x))),
          ),
        ).toBeLessThan(1e-6);
        expect(
          farthest(
            column.trace,
            traces.map((x) => 1 / (1 + Math.exp(-x))),
          ),
        ).toBeLessThan(1e-6);
        expect(farthest(column.logMatch, matches.map(logLogistic))).toBeLessThan(1e-4);
        expect(
          farthest(
            column.logMiss,
            matches.map((x) => logLogistic(-x)),
          ),
        ).toBeLessThan(1e-4);
        expect(
          farthest(
            column.logClear,
            traces.map((x) => logLogistic(-x)),
          ),
        ).toBeLessThan(1e-4);
      }),
    );
  });

  it('stays among the finite numbers where nothing differs', () => {
    const nothing = { mean: 0, deviation: 0 };
    const flat = { middle: 0, slope: 1 };
    const scale: Scale = { usual: nothing, match: flat, trace: flat };
    fc.assert(
      fc.property(rows, ({ similarity, hub }) => {
        const column = new Column(similarity, hub, nothing, scale);
        const { match, trace, logMatch, logMiss, logClear } = column;
        for (const values of [match, trace, logMatch, logMiss, logClear])
          expect(values.every(Number.isFinite)).toBe(true);
        for (const row of similarity.keys()) expect(column.z(row)).toSatisfy(Number.isFinite);
        for (const p of [...match, ...trace]) expect(p >= 0 && p <= 1).toBe(true);
      }),
    );
  });
});
