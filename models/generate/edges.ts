import { arithmetic } from './arithmetic.ts';
import { type GraphBuilder, type Value } from './onnx.ts';
import { pool, type Pooled } from './pooling.ts';
import { namesOf } from './records.ts';

/** Differences in chroma count double, so that equally light colours have an edge between them. */
const CHANNEL_WEIGHTS = [1, 2, 2];

/** The coarse scale: the picture at a quarter of its size. */
const COARSE = 4;

/** Keeps roots from an infinite slope; far below what 8-bit pixels can show. */
const TINY = 1e-8;

// 3 × 3 kernels (Sobel's, and the Laplacian), all divided by 8.
const ACROSS = [-1, 0, 1, -2, 0, 2, -1, 0, 1];
const DOWN = [-1, -2, -1, 0, 0, 0, 1, 2, 1];
const AROUND = [-1, -1, -1, -1, 8, -1, -1, -1, -1];

/** Gradient, Laplacian, shares of smooth and busy places, gradient across and down. */
type EdgeMap = 'edge' | 'detail' | 'smooth' | 'busy' | 'across' | 'down';

/** Edge energy and the layout it shows, in lightness per pixel. */
export interface Edges extends Pooled<EdgeMap> {
  /** Mean gradient at the coarse scale, `[batch × 1]`. */
  readonly structure: Value;
  /** Strongest gradient that a whole row shares, `[batch × 1]`. */
  readonly horizon: Value;
  /** Strongest gradient that a whole column shares, `[batch × 1]`. */
  readonly uprights: Value;
  /** Mean distance between the coarse picture and its mirror image, `[batch × 1]`. */
  readonly asymmetry: Value;
  /** Mean of what stands out as lighter than its surroundings, `[batch × 1]`. */
  readonly specks: Value;
}

/** @param lab OKLab, `[batch × size² × 3]` */
export function edges(graph: GraphBuilder, lab: Value, size: number): Edges {
  const { add, sub, sqrt, square, sum, above, below, concat, slice, transpose, reshape, positive } = arithmetic(graph);
  const planes = reshape(transpose(lab, [0, 2, 1]), [0, 3, size, size]);
  const light = slice(planes, 1, 0, 1);
  const small = graph.op('AveragePool', [planes], { kernel_shape: [COARSE, COARSE], strides: [COARSE, COARSE] });

  const convolve = (of: Value, kernel: readonly number[], channels: readonly number[]): Value => {
    const weights = channels.flatMap((weight) => kernel.map((value) => (weight * value) / 8));
    const group = channels.length;
    return graph.op('Conv', [of, graph.constant(weights, [group, 1, 3, 3])], { group });
  };
  const gradient = (of: Value, kernel: readonly number[]): Value => convolve(of, kernel, CHANNEL_WEIGHTS);
  const length = (of: Value): Value => sqrt(add(sum(square(of), 1), TINY));
  const average = (of: Value): Value => reshape(graph.op('GlobalAveragePool', [of]), [0, 1]);

  const across = gradient(planes, ACROSS);
  const down = gradient(planes, DOWN);
  const edge = length(concat([across, down], 1));
  const maps: Record<EdgeMap, Value> = {
    edge,
    detail: graph.op('Abs', [convolve(light, AROUND, [1])]),
    smooth: below(edge, 0.012, 0.003),
    busy: above(edge, 0.06, 0.01),
    across: length(across),
    down: length(down),
  };
  const names = namesOf(maps);
  const inner = size - 2;
  const stack = reshape(concat(Object.values(maps), 1), [0, names.length, inner * inner]);

  const shared = (of: Value, axis: number): Value => {
    const line = length(graph.op('ReduceMean', [of], { axes: [axis] }));
    return reshape(graph.op('ReduceMax', [line], { axes: [2, 3] }), [0, 1]);
  };
  const side = size / COARSE;
  const mirror = graph.integers(Array.from({ length: side }, (_, index) => side - 1 - index));
  const surroundings = graph.op('AveragePool', [light], { kernel_shape: [9, 9], strides: [1, 1], pads: [4, 4, 4, 4] });
  return {
    ...pool(graph, transpose(stack, [0, 2, 1]), names, inner),
    structure: average(length(concat([gradient(small, ACROSS), gradient(small, DOWN)], 1))),
    horizon: shared(down, 3),
    uprights: shared(across, 2),
    asymmetry: average(length(sub(small, graph.op('Gather', [small, mirror], { axis: 3 })))),
    specks: average(positive(sub(sub(light, surroundings), 0.12))),
  };
}
