import { InferenceSession, type Tensor } from 'onnxruntime-node';
import { AfterimageError, type Provider } from '../contract/index.ts';
import { sessionOptions } from './providers.ts';

export type ValueMetadata = InferenceSession.ValueMetadata & { readonly isTensor: true };

/** One graph, loaded; every error names it. */
export class Graph {
  readonly path: string;
  readonly inputs: readonly ValueMetadata[];
  readonly outputs: readonly ValueMetadata[];
  readonly #session: InferenceSession;

  private constructor(path: string, session: InferenceSession) {
    this.path = path;
    this.#session = session;
    const tensors = (values: readonly InferenceSession.ValueMetadata[]): readonly ValueMetadata[] =>
      values.filter((value) => value.isTensor);
    this.inputs = tensors(session.inputMetadata);
    this.outputs = tensors(session.outputMetadata);
  }

  /** @throws AfterimageError `model-invalid` */
  static async load(path: string, threads: number, provider: Provider = 'cpu'): Promise<Graph> {
    try {
      return new Graph(path, await InferenceSession.create(path, sessionOptions(provider, threads)));
    } catch (error) {
      throw new AfterimageError('model-invalid', `${path} cannot be loaded: ${reasonOf(error)}`, { cause: error });
    }
  }

  /**
   * @returns unit vectors, `[count × dimension]` row-major, of the output that holds the embedding
   * @throws AfterimageError `model-invalid`
   */
  async embed(
    feeds: Readonly<Record<string, Tensor>>,
    count: number,
    dimension: number,
  ): Promise<Float32Array<ArrayBuffer>> {
    const { name } = this.embeddingOutput;
    let output: Tensor | undefined;
    try {
      output = (await this.#session.run(feeds, [name]))[name];
    } catch (error) {
      throw new AfterimageError('model-invalid', `${this.path} cannot be run: ${reasonOf(error)}`, { cause: error });
    }
    const expected = [count, dimension];
    if (!(output?.data instanceof Float32Array) || output.dims.join() !== expected.join()) {
      throw this.mismatch(
        `output ${name}`,
        `float32 [${expected.join(', ')}]`,
        `${output?.type ?? 'nothing'} [${output?.dims.join(', ') ?? ''}]`,
      );
    }
    const vectors = new Float32Array(output.data);
    for (let row = 0; row < count; row++) normalize(vectors.subarray(row * dimension, (row + 1) * dimension));
    return vectors;
  }

  /** Besides the embedding, exports give states of every token or patch, and some the state that is projected to it. */
  get embeddingOutput(): ValueMetadata {
    const candidates = this.outputs.filter(({ type, shape }) => type === 'float32' && shape.length === 2);
    const output = candidates.find(({ name }) => name.endsWith('_embeds')) ?? candidates[0];
    if (output === undefined)
      throw this.mismatch(
        'outputs',
        'one float32 [batch, dimension]',
        this.outputs.map(signature).join(', ') || 'none',
      );
    return output;
  }

  mismatch(what: string, expected: string, found: string): AfterimageError {
    return new AfterimageError(
      'model-invalid',
      `${this.path} does not fit: ${what} should be ${expected}, but is ${found}.`,
    );
  }

  release(): Promise<void> {
    return this.#session.release();
  }
}

/** Axes without a fixed length have a name, or −1. */
export const isFree = (length: number | string | undefined): boolean => typeof length === 'string' || length === -1;

export const signature = ({ name, type, shape }: ValueMetadata): string => `${name} ${type} [${shape.join(', ')}]`;

/** Scales a vector to length one in place. A zero vector stays, and a broken one stays recognisable. */
const normalize = (vector: Float32Array): void => {
  const norm = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  if (norm > 0) for (let index = 0; index < vector.length; index++) vector[index]! /= norm;
};

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
