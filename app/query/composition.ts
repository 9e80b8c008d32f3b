import type { Column } from './column.ts';

/** One term of a query as arithmetic sees it. */
export interface Operand {
  readonly column: Column;
  /** In (0, 4]. */
  readonly weight: number;
  readonly avoid: boolean;
  /** The photo has to match: see `fit`. */
  readonly required: boolean;
  /** Whether the term is (a part of) a picture rather than a sentence. */
  readonly isPicture: boolean;
}

/** A query ready for an operator: `k` terms over `N` photos. */
export interface Composition {
  /** `N` */
  readonly rows: number;
  readonly terms: readonly Operand[];
  /** Inner products of the terms' vectors, `[k × k]`. */
  readonly gram: readonly (readonly number[])[];
  /** Column of the wanted sentences said as one, where there are two to four of them. */
  readonly joined: Column | null;
  /** How close each photo is to everything, `[N]`, already scaled; zeros where nothing is damped. */
  readonly hub: Float32Array;
}

/** The answer of an operator. */
export interface Ranking {
  /** `[N]`, finite; higher is better. */
  readonly scores: Float32Array;
  /** What each term adds to one photo's score, `[k]`. */
  readonly shares: (row: number) => number[];
}

export type Operator = (composition: Composition) => Ranking;

/** `[N]` zeros to add scores to. */
export const blankScores = ({ rows }: Composition): Float32Array => new Float32Array(rows);

/** Indices of the wanted and of the avoided terms. */
export const split = (terms: readonly Operand[]): { readonly wanted: number[]; readonly avoided: number[] } => {
  const wanted: number[] = [];
  const avoided: number[] = [];
  for (const [index, term] of terms.entries()) (term.avoid ? avoided : wanted).push(index);
  return { wanted, avoided };
};

/** `scores += factor · values`, `[N]` each. */
export const addScaled = (scores: Float32Array, values: Float32Array, factor: number): void => {
  for (let row = 0; row < scores.length; row++) scores[row]! += factor * values[row]!;
};

/** Adds `Σ_A w_n log(1 − p_n)`: nothing avoided is there. */
export const addClear = (scores: Float32Array, terms: readonly Operand[]): void => {
  for (const { avoid, weight, column } of terms) if (avoid) addScaled(scores, column.logClear, weight);
};
