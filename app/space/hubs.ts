import { select } from './select.ts';

/** Words of the bank that decide how much of a hub a photo is. */
const NEAREST_WORDS = 128;
/** Share of the hub term that is taken from similarities with words; measured, see docs/retrieval.md. */
export const HUB_SHARE = 0.25;

/**
 * How close a photo is to everything: `b(x)`, the mean of its highest similarities with the bank.
 *
 * @param similarities with all words, `[V]`, V ≥ 1
 * @see NNN, arXiv 2410.24114
 */
export const hubOf = (similarities: Float32Array): number => {
  const own = similarities.slice();
  const first = Math.max(0, own.length - NEAREST_WORDS);
  select(own, first);
  let sum = 0;
  for (let word = first; word < own.length; word++) sum += own[word]!;
  return sum / (own.length - first);
};
