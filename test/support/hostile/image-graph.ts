import { GraphBuilder, type Value } from '../../../models/generate/onnx.ts';

const SIDE = 64;
const DIMENSION = 112;

/** An image graph that takes what the starter's takes; `twist` changes what comes out, `[batch × 112]`. */
export const imageGraph = (twist: (graph: GraphBuilder, vectors: Value) => Value): Uint8Array => {
  const graph = new GraphBuilder('twisted');
  const inputs = 3 * SIDE * SIDE;
  const pixels = graph.input('pixel_values', 'float32', ['batch', 3, SIDE, SIDE]);
  const flat = graph.op('Reshape', [pixels, graph.integers([0, inputs])]);
  const weights = Array.from({ length: inputs * DIMENSION }, (_, index) => Math.sin(index));
  const vectors = graph.op('MatMul', [flat, graph.constant(weights, [inputs, DIMENSION])]);
  graph.output(twist(graph, vectors), 'image_embeds', 'float32', ['batch', DIMENSION]);
  return graph.toBytes();
};
