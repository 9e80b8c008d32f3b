import { addClear, addScaled, blankScores, split, type Operator } from '../composition.ts';

/** Evidence under which single precision cannot tell a probability from none. */
const LEAST_EVIDENCE = 1e-30;

/** Every wanted term is there and no avoided one: `Σ_W w_i log p_i + Σ_A w_n log(1 − p_n)`, a weighted product of experts. */
export const all: Operator = (composition) => {
  const { terms } = composition;
  const scores = blankScores(composition);
  for (const { avoid, weight, column } of terms) if (!avoid) addScaled(scores, column.logMatch, weight);
  addClear(scores, terms);
  return {
    scores,
    shares: (row) =>
      terms.map(({ avoid, weight, column }) => weight * (avoid ? column.logClear[row]! : column.logMatch[row]!)),
  };
};

/** At least one wanted term is there and no avoided one: `log(1 − Π_W (1 − p_i)^{w_i}) + Σ_A w_n log(1 − p_n)`, a noisy or. */
export const any: Operator = (composition) => {
  const { terms } = composition;
  const scores = blankScores(composition);
  for (const { avoid, weight, column } of terms) if (!avoid) addScaled(scores, column.logMiss, weight);
  if (split(terms).wanted.length > 0)
    for (let row = 0; row < scores.length; row++)
      scores[row] = Math.log(Math.max(LEAST_EVIDENCE, -Math.expm1(scores[row]!)));
  addClear(scores, terms);
  return {
    scores,
    // What a wanted term adds is its part of the evidence that something is there.
    shares: (row) =>
      terms.map(({ avoid, weight, column }) => weight * (avoid ? column.logClear[row]! : -column.logMiss[row]!)),
  };
};
