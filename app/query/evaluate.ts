import type { Retrieval } from '../contract/index.ts';

/**
 * Rank of each relevant row in a score column, best first, 1-based, ascending. Ties count against the row, so that a
 * constant column is no success.
 */
export const ranksOf = (scores: Float32Array, relevant: readonly number[]): number[] =>
  relevant
    .map((row) => {
      const own = scores[row] ?? -Infinity;
      let rank = 1;
      for (const [other, score] of scores.entries()) if (other !== row && score >= own) rank += 1;
      return rank;
    })
    .sort((a, b) => a - b);

/** Mean over the relevant rows of the precision at each of their ranks (ascending). */
export const averagePrecision = (ranks: readonly number[]): number =>
  ranks.length === 0 ? 0 : ranks.reduce((sum, rank, index) => sum + (index + 1) / rank, 0) / ranks.length;

const mean = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;

const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
};

/** Recall at 1, 5 and 10 (share of queries whose first relevant row is among the best k), median rank and mean AP. */
export const summarise = (ranksPerQuery: readonly (readonly number[])[]): Retrieval => {
  const first = ranksPerQuery.map((ranks) => ranks[0] ?? Infinity);
  const recall = (k: number): number => mean(first.map((rank) => (rank <= k ? 1 : 0)));
  return {
    r1: recall(1),
    r5: recall(5),
    r10: recall(10),
    medianRank: median(first),
    mAP: mean(ranksPerQuery.map(averagePrecision)),
  };
};

/** One photo of an answer: how sure the answer is, and whether the photo is right. */
export interface Judged {
  readonly match: number;
  readonly relevant: boolean;
}

const BINS = 10;

/**
 * Expected calibration error: the mean distance, over equal bins of the probability, between what was said and what was
 * right, weighted by how often it was said.
 *
 * @see Naeini et al., Obtaining well calibrated probabilities using Bayesian binning, 2015
 */
export const calibrationError = (
  judged: readonly Judged[],
): { readonly ece: number; readonly bins: { match: number; relevant: number; n: number }[] } => {
  const bins = Array.from({ length: BINS }, () => ({ match: 0, relevant: 0, n: 0 }));
  for (const { match, relevant } of judged) {
    const bin = bins[Math.min(BINS - 1, Math.floor(match * BINS))]!;
    bin.match += match;
    bin.relevant += relevant ? 1 : 0;
    bin.n += 1;
  }
  const said = bins.filter(({ n }) => n > 0);
  return {
    ece: said.reduce((sum, bin) => sum + Math.abs(bin.match - bin.relevant), 0) / Math.max(1, judged.length),
    bins: said.map(({ match, relevant, n }) => ({ match: match / n, relevant: relevant / n, n })),
  };
};
