import { arithmetic } from './arithmetic.ts';
import { type GraphBuilder, type Value } from './onnx.ts';

/** A colour in OKLab: lightness in [0, 1], green to red and blue to yellow in about [−0.3, 0.3]. */
export type Lab = readonly [number, number, number];

type Matrix = readonly [Lab, Lab, Lab];

/** Linear sRGB to cone responses, and their cube roots to OKLab. @see https://bottosson.github.io/posts/oklab/ */
const CONES: Matrix = [
  [0.4122214708, 0.5363325363, 0.0514459929],
  [0.2119034982, 0.6806995451, 0.1073969566],
  [0.0883024619, 0.2817188376, 0.6299787005],
];
const OPPONENTS: Matrix = [
  [0.2104542553, 0.793617785, -0.0040720468],
  [1.9779984951, -2.428592205, 0.4505937099],
  [0.0259040371, 0.7827717662, -0.808675766],
];

/** OKLab of a CSS colour such as `#d0201e`. */
export function labOf(hex: string): Lab {
  const channel = (start: number): number => {
    const value = parseInt(hex.slice(start, start + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  const cones = times(CONES, [channel(1), channel(3), channel(5)]);
  return times(OPPONENTS, [Math.cbrt(cones[0]), Math.cbrt(cones[1]), Math.cbrt(cones[2])]);
}

/**
 * The same conversion as graph operators.
 *
 * @param pixels sRGB in [0, 1], `[batch × pixels × 3]`
 * @returns OKLab, `[batch × pixels × 3]`
 */
export function labGraph(graph: GraphBuilder, pixels: Value): Value {
  const { add, div, matmul } = arithmetic(graph);
  // A bicubic resize may overshoot.
  const encoded = graph.op('Clip', [pixels, 0, 1]);
  const curve = graph.op('Pow', [div(add(encoded, 0.055), 1.055), 2.4]);
  const linear = graph.op('Where', [graph.op('LessOrEqual', [encoded, 0.04045]), div(encoded, 12.92), curve]);
  const roots = graph.op('Pow', [matmul(linear, columns(graph, CONES)), 1 / 3]);
  return matmul(roots, columns(graph, OPPONENTS));
}

function times(matrix: Matrix, [x, y, z]: Lab): Lab {
  const product = (row: Lab): number => row[0] * x + row[1] * y + row[2] * z;
  return [product(matrix[0]), product(matrix[1]), product(matrix[2])];
}

/** The transposed matrix, for pixels that are rows. */
function columns(graph: GraphBuilder, matrix: Matrix): Value {
  return graph.constant(
    [0, 1, 2].flatMap((column) => matrix.map((row) => row[column]!)),
    [3, 3],
  );
}
