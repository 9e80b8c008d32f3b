import { blankScores, type Operator } from '../composition.ts';

/** A sum of terms shorter than this, the heaviest counting 1, has no direction: the terms cancel each other. */
const SHORTEST_SUM = 1e-6;

/**
 * Vector arithmetic: `Σ ±w_i s_i / ‖Σ ±w_i t̂_i‖`, the cosine with the summed vector, minus the hub term. *King − man + woman*.
 *
 * @see Mikolov et al., Linguistic regularities in continuous space word representations, 2013
 */
export const mix: Operator = (composition) => {
  const { terms, gram, hub } = composition;
  const heaviest = Math.max(...terms.map(({ weight }) => weight));
  const signed = terms.map(({ weight, avoid }) => (avoid ? -weight : weight) / heaviest);
  let square = 0;
  for (const [i, a] of signed.entries()) for (const [j, b] of signed.entries()) square += a * b * gram[i]![j]!;
  const length = Math.sqrt(Math.max(0, square));
  const factors = signed.map((weight) => (length > SHORTEST_SUM ? weight / length : 0));
  const scores = blankScores(composition);
  for (const [term, { column }] of terms.entries()) {
    const factor = factors[term]!;
    const { similarity } = column;
    for (let row = 0; row < scores.length; row++) scores[row]! += factor * similarity[row]!;
  }
  for (let row = 0; row < scores.length; row++) scores[row]! -= hub[row]!;
  return { scores, shares: (row) => terms.map(({ column }, term) => factors[term]! * column.similarity[row]!) };
};
