import { arithmetic } from './arithmetic.ts';
import { type GraphBuilder, type Value } from './onnx.ts';
import { namesOf } from './records.ts';

const hill = (u: number, v: number): number => Math.sin(Math.PI * u) * Math.sin(Math.PI * v);

/** Soft windows over the picture; `u` runs from left to right and `v` from top to bottom, both in (0, 1). */
const WINDOWS = {
  whole: () => 1,
  top: (_u: number, v: number) => Math.max(0, 1 - 2 * v),
  bottom: (_u: number, v: number) => Math.max(0, 2 * v - 1),
  left: (u: number) => Math.max(0, 1 - 2 * u),
  right: (u: number) => Math.max(0, 2 * u - 1),
  centre: (u: number, v: number) => hill(u, v) ** 2,
  border: (u: number, v: number) => (1 - hill(u, v)) ** 2,
} as const;

export type Window = keyof typeof WINDOWS;

const windows = namesOf(WINDOWS);

/** Means of some maps under every window. */
export interface Pooled<Name extends string> {
  /** Mean of one map, by default over the whole picture, `[batch × 1]`. */
  readonly mean: (map: Name, window?: Window) => Value;
  /** Means of all maps under one window, `[batch × maps]`. */
  readonly means: (window: Window) => Value;
}

/**
 * Pools maps under all windows with one matrix product.
 *
 * @param stack `[batch × size² × maps]`
 * @param names of the maps, in the order of the stack
 */
export function pool<Name extends string>(
  graph: GraphBuilder,
  stack: Value,
  names: readonly Name[],
  size: number,
): Pooled<Name> {
  const { slice, reshape, matmul } = arithmetic(graph);
  const pooled = matmul(windowMatrix(graph, size), stack);
  const means = (window: Window): Value => {
    const row = windows.indexOf(window);
    return reshape(slice(pooled, 1, row, row + 1), [0, names.length]);
  };
  return {
    means,
    mean(map, window = 'whole') {
      const column = names.indexOf(map);
      return slice(means(window), 1, column, column + 1);
    },
  };
}

/** Each window's weights over the pixels, adding up to 1; `[windows × size²]`. */
function windowMatrix(graph: GraphBuilder, size: number): Value {
  const places = Array.from({ length: size }, (_, index) => (index + 0.5) / size);
  const rows = windows.map((window) => {
    const weights = places.flatMap((v) => places.map((u) => WINDOWS[window](u, v)));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return weights.map((weight) => weight / total);
  });
  return graph.constant(rows.flat(), [windows.length, size * size]);
}
