import { describe, expect, it } from 'vitest';
import { averagePrecision, calibrationError, ranksOf, summarise } from './evaluate.ts';

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

describe('the calibration error', () => {
  const judged = (match: number, ...labels: number[]): { match: number; relevant: boolean }[] =>
    labels.map((label) => ({ match, relevant: label === 1 }));

  it('is 0 where as many are right as was said', () => {
    const { ece, bins } = calibrationError([...judged(0.25, 1, 0, 0, 0), ...judged(0.5, 1, 0), ...judged(1, 1, 1)]);
    expect(ece).toBe(0);
    expect(bins).toEqual([
      { match: 0.25, relevant: 0.25, n: 4 },
      { match: 0.5, relevant: 0.5, n: 2 },
      { match: 1, relevant: 1, n: 2 },
    ]);
  });

  it('is the mean distance between what was said and what was right, by how often it was said', () => {
    // Three of 0.9, all wrong; one of 0.3, right.
    const { ece } = calibrationError([...judged(0.9, 0, 0, 0), ...judged(0.3, 1)]);
    expect(ece).toBeCloseTo((3 * 0.9 + 0.7) / 4);
  });

  it('lets those of one bin make up for each other, but not those of two', () => {
    expect(calibrationError([...judged(0.42, 1), ...judged(0.48, 0)]).ece).toBeCloseTo(0.05);
    expect(calibrationError([...judged(0.38, 1), ...judged(0.48, 0)]).ece).toBeCloseTo((0.62 + 0.48) / 2);
  });

  it('is that of a constant guess for a constant guess, and 0 of nothing', () => {
    expect(calibrationError(judged(0, 1, 1, 0, 0)).ece).toBeCloseTo(0.5);
    expect(calibrationError([])).toEqual({ ece: 0, bins: [] });
  });
});
