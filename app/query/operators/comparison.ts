import { determinant, Matrix } from 'ml-matrix';
import { blankScores, split, type Operator } from '../composition.ts';
import { inverseOf } from '../cone.ts';

/**
 * For comparison only: the avoided directions are removed from the summed wanted terms jointly,
 * `s_q − T_qA T_AA⁻¹ s_A`, negative overlaps clipped to 0.
 */
export const reject: Operator = (composition) => {
  const { terms, gram } = composition;
  const { wanted, avoided } = split(terms);
  const inverted = inverseOf(avoided.map((i) => avoided.map((j) => gram[i]![j]!)));
  const factors = terms.map(({ weight, avoid }) => (avoid ? 0 : weight));
  for (const [i, term] of avoided.entries()) {
    let overlap = 0;
    for (const [j, other] of avoided.entries())
      for (const q of wanted) overlap += terms[q]!.weight * gram[q]![other]! * inverted[i]![j]!;
    factors[term] = -Math.max(0, overlap);
  }
  const scores = blankScores(composition);
  for (const [term, { column }] of terms.entries())
    for (let row = 0; row < scores.length; row++) scores[row]! += factors[term]! * column.similarity[row]!;
  return { scores, shares: (row) => terms.map(({ column }, term) => factors[term]! * column.similarity[row]!) };
};

/**
 * For comparison only: the negative volume of the parallelotope that photo and wanted terms span,
 * `−√(det T · (1 − sᵀT⁻¹s))`. It measures projection on the span, so an opposite counts as much as a likeness.
 *
 * @see GRAM, arXiv 2412.11959
 */
export const gramVolume: Operator = (composition) => {
  const { terms, gram } = composition;
  const { wanted } = split(terms);
  const inner = wanted.map((i) => wanted.map((j) => gram[i]![j]!));
  const inverted = inverseOf(inner);
  const volume = determinant(new Matrix(inner));
  const scores = blankScores(composition);
  for (let row = 0; row < scores.length; row++) {
    let captured = 0;
    for (const [i, a] of wanted.entries())
      for (const [j, b] of wanted.entries())
        captured += terms[a]!.column.similarity[row]! * inverted[i]![j]! * terms[b]!.column.similarity[row]!;
    scores[row] = -Math.sqrt(Math.max(0, volume * (1 - captured)));
  }
  return { scores, shares: () => terms.map(() => 0) };
};
