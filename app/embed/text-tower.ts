import { Tensor } from 'onnxruntime-node';
import type { Model } from './model.ts';
import { Graph, isFree, signature, type ValueMetadata } from './session.ts';
import { Tokenizer, type Tokens } from './tokenizer.ts';

/** Texts per run: padding all to the longest costs little among so few. */
const BATCH = 32;

/** Sentences to vectors. */
export class TextTower {
  readonly #graph: Graph;
  readonly #tokenizer: Tokenizer;
  readonly #ids: ValueMetadata;
  readonly #mask: ValueMetadata | undefined;
  readonly #batch: number;
  readonly #dimension: number;

  private constructor(
    graph: Graph,
    tokenizer: Tokenizer,
    ids: ValueMetadata,
    mask: ValueMetadata | undefined,
    dimension: number,
  ) {
    this.#graph = graph;
    this.#tokenizer = tokenizer;
    this.#ids = ids;
    this.#mask = mask;
    this.#batch = isFree(ids.shape[0]) ? BATCH : 1;
    this.#dimension = dimension;
  }

  /**
   * Loads the tokenizer and the text graph and runs them once, so that what does not fit is found before the first query.
   *
   * @throws AfterimageError `model-invalid`
   */
  static async load(model: Model, threads: number): Promise<TextTower> {
    const tokenizer = await Tokenizer.load(model);
    const graph = await Graph.load(model.textGraph, threads);
    const mask = graph.inputs.find(({ name }) => name === 'attention_mask');
    const [ids, ...others] = graph.inputs.filter((input) => input !== mask);
    const isInteger = (input: ValueMetadata | undefined): boolean =>
      input === undefined || ((input.type === 'int64' || input.type === 'int32') && input.shape.length === 2);
    if (ids === undefined || !isInteger(ids) || !isInteger(mask) || others.length > 0) {
      throw graph.mismatch(
        'inputs',
        'token ids, int64 or int32 [batch, length], and at most an attention_mask like them',
        graph.inputs.map(signature).join(', ') || 'missing',
      );
    }
    const tower = new TextTower(graph, tokenizer, ids, mask, model.dimension);
    await tower.embed(['a photo']);
    return tower;
  }

  /**
   * @param onStep called between steps, with the number of texts that the next one works on
   * @returns unit vectors, `[n × d]` row-major
   */
  async embed(
    texts: readonly string[],
    onStep: (count: number) => void = () => undefined,
  ): Promise<Float32Array<ArrayBuffer>> {
    const vectors = new Float32Array(texts.length * this.#dimension);
    for (let start = 0; start < texts.length; start += this.#batch) {
      // Telling words apart takes no time, however many they are.
      if (start > 0) onStep(1);
      const tokens = this.#tokenizer.encode(texts.slice(start, start + this.#batch));
      if (tokens.count > 1) onStep(tokens.count);
      vectors.set(await this.#run(tokens), start * this.#dimension);
    }
    return vectors;
  }

  #run({ ids, mask, count, length }: Tokens): Promise<Float32Array<ArrayBuffer>> {
    const feeds: Record<string, Tensor> = { [this.#ids.name]: integers(ids, this.#ids, [count, length]) };
    if (this.#mask !== undefined) feeds[this.#mask.name] = integers(mask, this.#mask, [count, length]);
    return this.#graph.embed(feeds, count, this.#dimension);
  }

  release(): Promise<void> {
    return this.#graph.release();
  }
}

const integers = (values: Int32Array, { type }: ValueMetadata, dims: readonly number[]): Tensor =>
  type === 'int64' ? new Tensor('int64', BigInt64Array.from(values, BigInt), dims) : new Tensor('int32', values, dims);
