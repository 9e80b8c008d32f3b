import type { Curve } from '../contract/index.ts';

const STEPS = 50;
const SETTLED = 1e-9;
/** Keeps the curve finite where levels part the two kinds perfectly. */
const RIDGE = 1e-3;
/** Part of a step under which it is given up. */
const SHORTEST_STEP = 1e-6;

/** Negative logarithm of how likely labels are under `σ(intercept + slope · level)`, and a little for large numbers. */
const lossOf = (levels: ArrayLike<number>, labels: ArrayLike<number>, intercept: number, slope: number): number => {
  let loss = (RIDGE * (intercept * intercept + slope * slope)) / 2;
  for (let i = 0; i < levels.length; i++) {
    const odds = intercept + slope * levels[i]!;
    loss += Math.max(0, odds) + Math.log1p(Math.exp(-Math.abs(odds))) - labels[i]! * odds;
  }
  return loss;
};

/**
 * The curve under which labels are likeliest, by Newton's method with steps halved until they lead down.
 *
 * @param levels of pairs of term and photo
 * @param labels 1 where the term is in the photo, 0 where it is not; as many as levels
 * @returns null when there is nothing to learn: one kind is missing, or higher levels do not mean more matches
 * @see Platt, Probabilistic outputs for support vector machines, 1999
 */
export const fitCurve = (levels: ArrayLike<number>, labels: ArrayLike<number>): Curve | null => {
  if (new Set(Array.from(labels)).size < 2) return null;
  let slope = 1;
  let intercept = -2;
  let loss = lossOf(levels, labels, intercept, slope);
  for (let step = 0; step < STEPS; step++) {
    let [g0, g1, h00, h01, h11] = [-RIDGE * intercept, -RIDGE * slope, RIDGE, 0, RIDGE];
    for (let i = 0; i < levels.length; i++) {
      const level = levels[i]!;
      const p = 1 / (1 + Math.exp(-(intercept + slope * level)));
      const error = labels[i]! - p;
      const weight = p * (1 - p);
      g0 += error;
      g1 += error * level;
      h00 += weight;
      h01 += weight * level;
      h11 += weight * level * level;
    }
    const determinant = h00 * h11 - h01 * h01;
    if (!(determinant > 0)) return null;
    const d0 = (h11 * g0 - h01 * g1) / determinant;
    const d1 = (h00 * g1 - h01 * g0) / determinant;
    let part = 1;
    let next = lossOf(levels, labels, intercept + d0, slope + d1);
    while (next > loss && part > SHORTEST_STEP) {
      part /= 2;
      next = lossOf(levels, labels, intercept + part * d0, slope + part * d1);
    }
    if (next > loss) break;
    intercept += part * d0;
    slope += part * d1;
    loss = next;
    if (Math.abs(d0) + Math.abs(d1) < SETTLED) break;
  }
  const curve = { middle: -intercept / slope, slope };
  return slope > 0 && Number.isFinite(curve.middle) ? curve : null;
};
