import { describe, expect, it } from 'vitest';
import { averagePrecision, ranksOf, summarise } from './evaluate.ts';

describe('evaluation', () => {
  it('ranks by score, ties against the row', () => {
    expect(ranksOf(Float32Array.of(0.1, 0.9, 0.5), [2])).toEqual([2]);
    expect(ranksOf(Float32Array.of(0.9, 0.1, 0.5), [1, 0])).toEqual([1, 3]);
    expect(ranksOf(Float32Array.of(0.5, 0.5, 0.5), [0])).toEqual([3]);
  });

  it('computes average precision as in the textbook', () => {
    expect(averagePrecision([1, 3, 5])).toBeCloseTo((1 + 2 / 3 + 3 / 5) / 3);
    expect(averagePrecision([])).toBe(0);
  });

  it('summarises ranks', () => {
    expect(summarise([[1], [4], [11], [2]])).toEqual({
      r1: 0.25,
      r5: 0.75,
      r10: 0.75,
      medianRank: 3,
      mAP: (1 + 1 / 4 + 1 / 11 + 1 / 2) / 4,
    });
  });
});
