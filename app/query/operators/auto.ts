import type { Column } from '../column.ts';
import { addClear, addScaled, blankScores, type Composition, type Operator } from '../composition.ts';

/** Weight of a photo beside wanted words: the words say what is to change. */
const PICTURE_BESIDE_WORDS = 0.7;

/** `scores += factor · z`. */
const addStandardised = (scores: Float32Array, column: Column, factor: number): void => {
  if (factor === 0) return;
  const { similarity, hub, mean, deviation } = column;
  const scale = factor / deviation;
  for (let row = 0; row < scores.length; row++) scores[row]! += scale * (similarity[row]! - hub[row]! - mean);
};

/** How a wanted term enters the score: `standard · z + condition · log p`. */
interface Part {
  readonly standard: number;
  readonly condition: number;
}

/**
 * The parts of the wanted terms, and that of the joined sentence. A single sentence counts by its standard score. Several
 * share that of them said as one, as far as their weights go together, and each has to be there: `log p` falls where it is
 * missing and hardly rises where it is plain. A picture beside words is such a condition too.
 */
const partsOf = ({ terms, joined }: Composition): { readonly parts: readonly Part[]; readonly joint: number } => {
  const words = terms.filter(({ avoid, isPicture }) => !avoid && !isPicture);
  const joint = joined === null ? 0 : Math.min(...words.map(({ weight }) => weight));
  const together = words.reduce((sum, { weight }) => sum + weight, 0);
  const parts = terms.map(({ avoid, weight, isPicture }): Part => {
    if (avoid) return { standard: 0, condition: 0 };
    // A sentence is a condition as far as there are others: beside a vanishing one it counts as if it were alone.
    if (!isPicture) return { standard: weight - joint, condition: Math.min(weight, together - weight) };
    if (words.length === 0) return { standard: weight, condition: 0 };
    return { standard: 0, condition: PICTURE_BESIDE_WORDS * weight };
  });
  return { parts, joint };
};

/**
 * The default operator, found by measurement: see docs/retrieval.md. What is avoided counts by `log(1 − p)`: where little of
 * it is seen, less of it is hardly any merit.
 */
export const auto: Operator = (composition) => {
  const { terms, joined } = composition;
  const { parts, joint } = partsOf(composition);
  const words = terms.filter(({ avoid, isPicture }) => !avoid && !isPicture).length;
  const scores = blankScores(composition);
  for (const [term, { column }] of terms.entries()) {
    const { standard, condition } = parts[term]!;
    addStandardised(scores, column, standard);
    if (condition > 0) addScaled(scores, column.logMatch, condition);
  }
  if (joined !== null) addStandardised(scores, joined, joint);
  addClear(scores, terms);
  return {
    scores,
    shares: (row) =>
      terms.map(({ avoid, weight, isPicture, column }, term) => {
        if (avoid) return weight * column.logClear[row]!;
        const { standard, condition } = parts[term]!;
        const own = standard * column.z(row) + (condition > 0 ? condition * column.logMatch[row]! : 0);
        return joined === null || isPicture ? own : own + (joint * joined.z(row)) / words;
      }),
  };
};
