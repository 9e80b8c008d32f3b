import { type GraphBuilder, type Operand, type Value } from './onnx.ts';

/** Arithmetic on graph values, so that a formula reads as one. */
export interface Arithmetic {
  readonly add: (first: Value, ...rest: readonly Operand[]) => Value;
  readonly mul: (first: Value, ...rest: readonly Operand[]) => Value;
  readonly sub: (a: Operand, b: Operand) => Value;
  readonly div: (a: Operand, b: Operand) => Value;
  readonly sqrt: (a: Value) => Value;
  readonly square: (a: Value) => Value;
  readonly positive: (a: Value) => Value;
  /** Logistic step in (0, 1), one half at `threshold`, steep over `width`. */
  readonly above: (a: Value, threshold: number, width: number) => Value;
  readonly below: (a: Value, threshold: number, width: number) => Value;
  /** Sum along an axis that stays, of size 1. */
  readonly sum: (a: Value, axis: number) => Value;
  readonly concat: (values: readonly Value[], axis: number) => Value;
  readonly slice: (a: Value, axis: number, from: number, to: number) => Value;
  readonly transpose: (a: Value, perm: readonly number[]) => Value;
  /** As in ONNX: 0 keeps a dimension, −1 takes what is left. */
  readonly reshape: (a: Value, shape: readonly number[]) => Value;
  readonly matmul: (a: Value, b: Value) => Value;
}

export function arithmetic(graph: GraphBuilder): Arithmetic {
  const chain =
    (type: string) =>
    (first: Value, ...rest: readonly Operand[]): Value =>
      rest.reduce<Value>((left, right) => graph.op(type, [left, right]), first);
  const sub = (a: Operand, b: Operand): Value => graph.op('Sub', [a, b]);
  const div = (a: Operand, b: Operand): Value => graph.op('Div', [a, b]);
  return {
    add: chain('Add'),
    mul: chain('Mul'),
    sub,
    div,
    sqrt: (a) => graph.op('Sqrt', [a]),
    square: (a) => graph.op('Mul', [a, a]),
    positive: (a) => graph.op('Relu', [a]),
    above: (a, threshold, width) => graph.op('Sigmoid', [div(sub(a, threshold), width)]),
    below: (a, threshold, width) => graph.op('Sigmoid', [div(sub(threshold, a), width)]),
    sum: (a, axis) => graph.op('ReduceSum', [a, graph.integers([axis])]),
    concat: (values, axis) => graph.op('Concat', values, { axis }),
    slice: (a, axis, from, to) => graph.op('Slice', [a, ...[from, to, axis].map((n) => graph.integers([n]))]),
    transpose: (a, perm) => graph.op('Transpose', [a], { perm }),
    reshape: (a, shape) => graph.op('Reshape', [a, graph.integers(shape)]),
    matmul: (a, b) => graph.op('MatMul', [a, b]),
  };
}
