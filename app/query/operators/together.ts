import { Tally } from '../../space/moments.ts';
import type { Column } from '../column.ts';
import { addClear, split, type Operator } from '../composition.ts';
import { Cone } from '../cone.ts';

/** Standardised nearness to a cone; it does not depend on weights, so that editing those need not repeat it. */
const known = new WeakMap<Column, { readonly columns: readonly Column[]; readonly nearness: Float32Array }>();

const nearnessOf = (columns: readonly Column[], rows: number, project: (row: number) => number): Float32Array => {
  const [first] = columns;
  if (first === undefined) return new Float32Array(rows);
  const before = known.get(first);
  if (before?.columns.length === columns.length && columns.every((column, i) => column === before.columns[i]))
    return before.nearness;
  const nearness = new Float32Array(rows);
  const tally = new Tally();
  for (let row = 0; row < rows; row++) {
    nearness[row] = project(row);
    tally.add(nearness[row]!);
  }
  const { mean, deviation } = tally.moments;
  const scale = 1 / Math.max(1e-6, deviation);
  for (let row = 0; row < rows; row++) nearness[row] = (nearness[row]! - mean) * scale;
  known.set(first, { columns, nearness });
  return nearness;
};

/**
 * How near a photo is to the cone that the wanted terms span: to the best blend of them, whatever its proportions. Weights
 * of wanted terms make no difference. Standardised, so that avoided terms weigh against it as they do in `auto`.
 */
export const together: Operator = ({ terms, gram, rows }) => {
  const { wanted } = split(terms);
  const columns = wanted.map((term) => terms[term]!.column);
  const cone = new Cone(wanted.map((i) => wanted.map((j) => gram[i]![j]!)));
  const similarities = new Float64Array(wanted.length);
  const project = (row: number): number => {
    for (let i = 0; i < columns.length; i++) similarities[i] = columns[i]!.similarity[row]!;
    return cone.project(similarities);
  };
  const scores = nearnessOf(columns, rows, project).slice();
  addClear(scores, terms);
  return {
    scores,
    shares: (row) => {
      if (wanted.length > 0) project(row);
      const own = new Map(wanted.map((term, i) => [term, cone.coefficients[i]! * columns[i]!.similarity[row]!]));
      return terms.map((term, index) => own.get(index) ?? term.weight * term.column.logClear[row]!);
    },
  };
};
