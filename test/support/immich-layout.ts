import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import protobuf from 'protobufjs';
import { z } from 'zod';

/**
 * The ONNX format as far as graphs of towers use it: unlike the generator's, it has to keep all that is in a file.
 *
 * @see https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
 */
const Model = protobuf
  .parse(
    `syntax = "proto2";
    message Model { optional int64 ir_version = 1; optional string producer_name = 2; optional string producer_version = 3;
                    optional string domain = 4; optional int64 model_version = 5; optional string doc_string = 6;
                    optional Graph graph = 7; repeated OperatorSet opset_import = 8; }
    message OperatorSet { optional string domain = 1; optional int64 version = 2; }
    message Graph { repeated Node node = 1; optional string name = 2; repeated Tensor initializer = 5;
                    optional string doc_string = 10; repeated ValueInfo input = 11; repeated ValueInfo output = 12;
                    repeated ValueInfo value_info = 13; }
    message Node { repeated string input = 1; repeated string output = 2; optional string name = 3;
                   optional string op_type = 4; repeated Attribute attribute = 5; optional string doc_string = 6;
                   optional string domain = 7; }
    message Attribute { optional string name = 1; optional float f = 2; optional int64 i = 3; optional bytes s = 4;
                        optional Tensor t = 5; optional Graph g = 6; repeated float floats = 7; repeated int64 ints = 8;
                        repeated bytes strings = 9; optional int32 type = 20; }
    message Tensor { repeated int64 dims = 1; optional int32 data_type = 2; repeated float float_data = 4 [packed = true];
                     repeated int32 int32_data = 5 [packed = true]; repeated int64 int64_data = 7 [packed = true];
                     optional string name = 8; optional bytes raw_data = 9; }
    message ValueInfo { optional string name = 1; optional Type type = 2; }
    message Type { optional TensorType tensor_type = 1; }
    message TensorType { optional int32 elem_type = 1; optional Shape shape = 2; }
    message Shape { repeated Dimension dim = 1; }
    message Dimension { optional int64 dim_value = 1; optional string dim_param = 2; }`,
    { keepCase: true },
  )
  .root.lookupType('Model');

interface GraphParts {
  node: object[];
  initializer: object[];
  input: object[];
  output: object[];
}

const FLOAT = 1;
const INT32 = 6;
const INT64 = 7;
const INT_ATTRIBUTE = 2;

const valueInfo = (name: string, elem_type: number, shape: readonly number[]): object => ({
  name,
  type: { tensor_type: { elem_type, shape: { dim: shape.map((dim_value) => ({ dim_value })) } } },
});

const node = (
  op_type: string,
  input: readonly string[],
  output: string,
  attributes: Readonly<Record<string, number>> = {},
): object => ({
  op_type,
  name: `relaid_${output}`,
  input,
  output: [output],
  attribute: Object.entries(attributes).map(([name, i]) => ({ name, i, type: INT_ATTRIBUTE })),
});

/** Reads a graph, has it changed, and writes it elsewhere. */
const relay = async (from: string, to: string, change: (graph: GraphParts) => void): Promise<void> => {
  const model = Model.decode(await readFile(from));
  // The schema above says so.
  change((model as unknown as { graph: GraphParts }).graph);
  await writeFile(to, Model.encode(model).finish());
};

/** The end of both graphs: one vector of length one. */
const normalised = (graph: GraphParts, name: string, dimension: number): void => {
  graph.node.push(node('LpNormalization', [name], 'embedding', { axis: 1, p: 2 }));
  graph.output = [valueInfo('embedding', FLOAT, [1, dimension])];
};

/** Ids to what the tower was made for: 64-bit ids, and a mask that ends with the first end of text. */
const fromImmichText = (graph: GraphParts, eos: number, length: number): void => {
  graph.initializer.push(
    { name: 'relaid_eos', data_type: INT64, dims: [], int64_data: [eos] },
    { name: 'relaid_zero', data_type: INT64, dims: [], int64_data: [0] },
    { name: 'relaid_axis', data_type: INT64, dims: [], int64_data: [1] },
  );
  graph.node.unshift(
    node('Cast', ['text'], 'input_ids', { to: INT64 }),
    node('Equal', ['input_ids', 'relaid_eos'], 'relaid_is_end'),
    node('Cast', ['relaid_is_end'], 'relaid_ends', { to: INT64 }),
    node('CumSum', ['relaid_ends', 'relaid_axis'], 'relaid_ends_before', { exclusive: 1 }),
    node('Equal', ['relaid_ends_before', 'relaid_zero'], 'relaid_is_text'),
    node('Cast', ['relaid_is_text'], 'attention_mask', { to: INT64 }),
  );
  graph.input = [valueInfo('text', INT32, [1, length])];
};

const configSchema = z.object({
  projection_dim: z.number(),
  text_config: z.object({ max_position_embeddings: z.number(), eos_token_id: z.number() }),
  vision_config: z.object({ image_size: z.number() }),
});
const preprocessorSchema = z.object({ image_mean: z.array(z.number()), image_std: z.array(z.number()) });

/**
 * Lays a CLIP of the transformers layout, whose pictures are cropped and resized bicubically, out as Immich does: int32 `text`,
 * batches of one, vectors of length one.
 */
export const relayForImmich = async (source: string, target: string): Promise<void> => {
  const json = async (file: string): Promise<unknown> => JSON.parse(await readFile(join(source, file), 'utf8'));
  const { projection_dim, text_config, vision_config } = configSchema.parse(await json('config.json'));
  const { image_mean: mean, image_std: std } = preprocessorSchema.parse(await json('preprocessor_config.json'));
  const side = vision_config.image_size;
  const length = text_config.max_position_embeddings;
  for (const folder of ['visual', 'textual']) await mkdir(join(target, folder), { recursive: true });
  await relay(join(source, 'onnx/vision_model.onnx'), join(target, 'visual/model.onnx'), (graph) => {
    graph.node.unshift(node('Identity', ['image'], 'pixel_values'));
    graph.input = [valueInfo('image', FLOAT, [1, 3, side, side])];
    normalised(graph, 'image_embeds', projection_dim);
  });
  await relay(join(source, 'onnx/text_model.onnx'), join(target, 'textual/model.onnx'), (graph) => {
    fromImmichText(graph, text_config.eos_token_id, length);
    normalised(graph, 'text_embeds', projection_dim);
  });
  for (const file of ['tokenizer.json', 'tokenizer_config.json'])
    await copyFile(join(source, file), join(target, 'textual', file));
  const preprocess = { size: [side, side], mode: 'RGB', mean, std, interpolation: 'bicubic', resize_mode: 'shortest' };
  await writeFile(join(target, 'visual/preprocess_cfg.json'), JSON.stringify(preprocess));
  const config = { embed_dim: projection_dim, vision_cfg: { image_size: side }, text_cfg: { context_length: length } };
  await writeFile(join(target, 'config.json'), JSON.stringify(config));
};
