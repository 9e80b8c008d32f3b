import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Column } from './column.ts';
import { pictureScale, wordScale } from './scales.ts';

const usual = { mean: 0.2, deviation: 0.04 };
const ofLevels = (scale: typeof wordScale, ...levels: number[]): Column =>
  new Column(
    Float32Array.from(levels, (level) => usual.mean + level * usual.deviation),
    new Float32Array(levels.length),
    usual,
    scale(usual),
  );

describe.each([
  ['words', wordScale],
  ['pictures', pictureScale],
])('the scale of %s', (_, scale) => {
  it('says that nothing matches where similarities are as usual', () => {
    const { match, trace } = ofLevels(scale, 0, 1);
    expect(Math.max(...match)).toBeLessThan(0.5);
    expect(Math.max(...trace)).toBeLessThan(0.5);
  });

  it('is sure of what stands far out', () => {
    expect(ofLevels(scale, 8).match[0]).toBeGreaterThan(0.99);
  });

  it('lets what is avoided disturb no later than what is wanted is seen', () => {
    fc.assert(
      fc.property(fc.double({ min: -10, max: 15, noNaN: true }), (level) => {
        const { match, trace } = ofLevels(scale, level);
        expect(trace[0]).toBeGreaterThanOrEqual(match[0]!);
      }),
    );
  });
});

it('reads words by a curve that was fitted for the model', () => {
  const column = ofLevels((moments) => wordScale(moments, { middle: 5, slope: 2 }), 5, 6);
  expect(column.match[0]).toBeCloseTo(0.5, 4);
  expect(column.match[1]).toBeCloseTo(1 / (1 + Math.exp(-2)), 4);
});
