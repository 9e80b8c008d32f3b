import protobuf from 'protobufjs';

/**
 * The part of the ONNX format that these graphs use, with its field numbers.
 *
 * @see https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
 */
const Model = protobuf
  .parse(
    `syntax = "proto2";
    message Model { optional int64 ir_version = 1; optional string producer_name = 2; optional string doc_string = 6;
                    optional Graph graph = 7; repeated OperatorSet opset_import = 8; }
    message OperatorSet { optional string domain = 1; optional int64 version = 2; }
    message Graph { repeated Node node = 1; optional string name = 2; repeated Tensor initializer = 5;
                    repeated ValueInfo input = 11; repeated ValueInfo output = 12; }
    message Node { repeated string input = 1; repeated string output = 2; optional string name = 3;
                   optional string op_type = 4; repeated Attribute attribute = 5; }
    message Attribute { optional string name = 1; optional int64 i = 3; repeated int64 ints = 8;
                        optional int32 type = 20; }
    message Tensor { repeated int64 dims = 1; optional int32 data_type = 2; optional string name = 8;
                     optional bytes raw_data = 9; }
    message ValueInfo { optional string name = 1; optional Type type = 2; }
    message Type { optional TensorType tensor_type = 1; }
    message TensorType { optional int32 elem_type = 1; optional Shape shape = 2; }
    message Shape { repeated Dimension dim = 1; }
    message Dimension { optional int64 dim_value = 1; optional string dim_param = 2; }`,
    { keepCase: true },
  )
  .root.lookupType('Model');

/** TensorProto.DataType. */
export const ELEMENT = { float32: 1, int64: 7 } as const;

/** AttributeProto.AttributeType. */
const ATTRIBUTE = { int: 2, ints: 7 } as const;

const OPSET = 17;
const IR_VERSION = 8;

type ElementType = keyof typeof ELEMENT;
type Shape = readonly (number | string)[];

/** A value that flows through the graph, known by its name. */
export interface Value {
  readonly name: string;
}

/** What an operator takes: a value, or a plain number that becomes a scalar constant. */
export type Operand = Value | number;

/** Writes one ONNX graph, operator by operator; the same calls in the same order give the same bytes. */
export class GraphBuilder {
  readonly #name: string;
  readonly #nodes: object[] = [];
  readonly #initializers: object[] = [];
  readonly #inputs: object[] = [];
  readonly #outputs: object[] = [];
  readonly #constants = new Map<string, Value>();

  constructor(name: string) {
    this.#name = name;
  }

  /** Declares a graph input; a word in the shape is a dynamic axis. */
  input(name: string, type: ElementType, shape: Shape): Value {
    this.#inputs.push(valueInfo(name, type, shape));
    return { name };
  }

  /** Declares `value` as the graph output `name`. */
  output(value: Value, name: string, type: ElementType, shape: Shape): void {
    this.#nodes.push({ op_type: 'Identity', name, input: [value.name], output: [name] });
    this.#outputs.push(valueInfo(name, type, shape));
  }

  /** A float32 constant, row-major. */
  constant(data: readonly number[], shape: readonly number[]): Value {
    return this.#initializer('float32', shape, new Float32Array(data));
  }

  /** An int64 vector: shapes, indices, bounds of slices. */
  integers(data: readonly number[]): Value {
    return this.#initializer('int64', [data.length], BigInt64Array.from(data, BigInt));
  }

  /** Appends an operator; attributes are integers or lists of them. Returns its (only) output. */
  op(
    type: string,
    operands: readonly Operand[],
    attributes: Readonly<Record<string, number | readonly number[]>> = {},
  ): Value {
    const name = `${type}_${this.#nodes.length}`;
    this.#nodes.push({
      op_type: type,
      name,
      input: operands.map((operand) => (typeof operand === 'number' ? this.constant([operand], []) : operand).name),
      output: [name],
      attribute: Object.entries(attributes).map(([key, value]) =>
        typeof value === 'number'
          ? { name: key, type: ATTRIBUTE.int, i: value }
          : { name: key, type: ATTRIBUTE.ints, ints: value },
      ),
    });
    return { name };
  }

  /** The model file. */
  toBytes(): Uint8Array {
    const graph = {
      name: this.#name,
      node: this.#nodes,
      initializer: this.#initializers,
      input: this.#inputs,
      output: this.#outputs,
    };
    const opsets = [{ domain: '', version: OPSET }];
    return Model.encode({ ir_version: IR_VERSION, producer_name: 'afterimage', graph, opset_import: opsets }).finish();
  }

  #initializer(type: ElementType, dims: readonly number[], data: Float32Array | BigInt64Array): Value {
    const bytes = Buffer.from(data.buffer);
    const key = `${type} [${dims.join()}] ${bytes.toString('base64')}`;
    const known = this.#constants.get(key);
    if (known) return known;
    const value = { name: `constant_${this.#constants.size}` };
    this.#constants.set(key, value);
    this.#initializers.push({ ...value, data_type: ELEMENT[type], dims, raw_data: bytes });
    return value;
  }
}

function valueInfo(name: string, type: ElementType, shape: Shape): object {
  const dim = shape.map((size) => (typeof size === 'number' ? { dim_value: size } : { dim_param: size }));
  return { name, type: { tensor_type: { elem_type: ELEMENT[type], shape: { dim } } } };
}
