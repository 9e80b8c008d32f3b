import { MAX_WEIGHT } from '../../../app/query/language/ast.ts';

/** How much of a chip is filled for a weight: half for the usual 1, so that there is as much room up as down. */
export const fillOf = (weight: number): number => Math.sqrt(weight / MAX_WEIGHT);

/** The weight for a share of a chip that is filled. */
export const weightOf = (fill: number): number => MAX_WEIGHT * Math.max(0, Math.min(1, fill)) ** 2;

/** Steps of keys and wheel; with Shift the larger one. */
export const STEP = 0.1;
export const LARGE_STEP = 0.5;
