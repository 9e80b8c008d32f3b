import { arithmetic } from '../../models/generate/arithmetic.ts';
import { GraphBuilder } from '../../models/generate/onnx.ts';
import { VOCABULARY_SIZE } from '../../models/generate/tokenizer.ts';
import { changedModel } from './model-folders.ts';

const SIDE = 8;
const DIMENSION = 16;

/** Pseudo-random in [−1, 1), the same every time. */
const random = (index: number, seed: number): number => {
  const value = Math.sin(index * 12.9898 + seed * 78.233) * 43_758.5453;
  return 2 * (value - Math.floor(value)) - 1;
};

export interface LinearOptions {
  /** Other weights mixed in, as a share of the right ones. */
  readonly noise?: number;
  /** A run of more pictures fails, as one does for which a GPU has no memory. */
  readonly largestBatch?: number;
  /** Its vectors are no numbers. */
  readonly isBroken?: boolean;
}

/** An image graph of one matrix: pixels `[batch × 3 × 8 × 8]` to `image_embeds` `[batch × 16]`. */
const linearGraph = ({ noise = 0, largestBatch, isBroken = false }: LinearOptions = {}): Uint8Array => {
  const graph = new GraphBuilder('linear');
  const pixels = graph.input('pixel_values', 'float32', ['batch', 3, SIDE, SIDE]);
  const inputs = 3 * SIDE * SIDE;
  const weights = Array.from({ length: inputs * DIMENSION }, (_, i) => random(i, 1) + noise * random(i, 2));
  const flat = graph.op('Reshape', [pixels, graph.integers([0, inputs])]);
  let vectors = graph.op('MatMul', [flat, graph.constant(weights, [inputs, DIMENSION])]);
  if (isBroken) vectors = graph.op('Sqrt', [graph.op('Sub', [graph.op('Abs', [vectors]), 1e6])]);
  if (largestBatch !== undefined) {
    // An element is taken from a list that has one for each picture that there is room for.
    const batch = graph.op('Gather', [graph.op('Shape', [pixels]), graph.integers([0])]);
    const last = graph.op('Sub', [batch, graph.integers([1])]);
    const zeros = graph.constant(
      Array.from({ length: largestBatch }, () => 0),
      [largestBatch],
    );
    vectors = graph.op('Add', [vectors, graph.op('Gather', [zeros, last])]);
  }
  graph.output(vectors, 'image_embeds', 'float32', ['batch', DIMENSION]);
  return graph.toBytes();
};

/** A text graph of the same dimension: one random vector for each token, summed up. */
const textGraph = (): Uint8Array => {
  const graph = new GraphBuilder('linear-text');
  const ids = graph.input('input_ids', 'int64', ['batch', 'sequence']);
  graph.input('attention_mask', 'int64', ['batch', 'sequence']);
  const weights = Array.from({ length: VOCABULARY_SIZE * DIMENSION }, (_, i) => random(i, 3));
  const tokens = graph.op('Gather', [graph.constant(weights, [VOCABULARY_SIZE, DIMENSION]), ids]);
  const sum = arithmetic(graph).sum(tokens, 1);
  graph.output(graph.op('Reshape', [sum, graph.integers([0, DIMENSION])]), 'text_embeds', 'float32', [
    'batch',
    DIMENSION,
  ]);
  return graph.toBytes();
};

/** A model folder with such graphs; `half` is the one that stands for half precision. */
export const linearModel = (target: string, full: LinearOptions = {}, half?: LinearOptions): Promise<string> =>
  changedModel(target, {
    'config.json': ({ afterimage: _, ...config }) => ({ ...config, projection_dim: DIMENSION }),
    'preprocessor_config.json': (json) => ({ ...json, size: { width: SIDE, height: SIDE } }),
    'onnx/text_model.onnx': textGraph(),
    'onnx/vision_model.onnx': linearGraph(full),
    ...(half === undefined ? {} : { 'onnx/vision_model_fp16.onnx': linearGraph(half) }),
  });
