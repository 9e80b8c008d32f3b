import { Tensor } from 'onnxruntime-node';
import type { Model } from './model.ts';
import { onCpu, type Seat } from './placement.ts';
import { levelsOf } from './preprocessing.ts';
import { Graph, isFree, signature } from './session.ts';

/** Numbers of the pictures of one run: 256 MB. */
const MOST_NUMBERS = 64 * 2 ** 20;

/** Cropped pictures to vectors. */
export class ImageTower {
  #batch: number;
  readonly #graph: Graph;
  readonly #input: string;
  readonly #model: Model;
  readonly #levels: Float32Array;
  /** Used again for every run: at 600 kB a picture, new memory would keep the garbage collector busy. */
  readonly #planes: Float32Array;

  private constructor(graph: Graph, input: string, batch: number, model: Model) {
    this.#graph = graph;
    this.#input = input;
    this.#batch = batch;
    this.#model = model;
    this.#levels = levelsOf(model.preprocessing);
    this.#planes = new Float32Array(batch * 3 * model.preprocessing.crop.height * model.preprocessing.crop.width);
  }

  /**
   * Loads the image graph and runs it once, so that a graph that does not fit is found before the first photo.
   *
   * @param seat where and how it runs; without it, on the CPU with a picture per thread
   * @throws AfterimageError `model-invalid`
   */
  static async load(
    model: Model,
    threads: number,
    { provider, graph: variant, batch: wanted }: Omit<Seat, 'threads'> = onCpu(model, threads, 1),
  ): Promise<ImageTower> {
    const half = variant === 'half' ? model.imageGraphHalf : null;
    const graph = await Graph.load(half ?? model.imageGraph, threads, provider);
    const { height, width } = model.preprocessing.crop;
    const [input, ...others] = graph.inputs;
    const fits =
      input?.type === 'float32' &&
      input.shape.length === 4 &&
      [1, 3, height, width].every((length, axis) => isFree(input.shape[axis]) || input.shape[axis] === length);
    if (input === undefined || !fits || others.length > 0) {
      throw graph.mismatch(
        'its only input',
        `float32 [batch, 3, ${height}, ${width}], as the preprocessing says`,
        graph.inputs.map(signature).join(', ') || 'missing',
      );
    }
    const affordable = Math.max(1, Math.floor(MOST_NUMBERS / (3 * height * width)));
    const tower = new ImageTower(graph, input.name, isFree(input.shape[0]) ? Math.min(wanted, affordable) : 1, model);
    await tower.embed([new Uint8Array(height * width * 3)]);
    return tower;
  }

  /** Pictures that one run may take at most. */
  get batch(): number {
    return this.#batch;
  }

  /**
   * One call at a time. A run that fails for want of memory is done again in halves, and larger ones are not tried again.
   *
   * @param pictures each interleaved 8-bit sRGB, `[height × width × 3]`
   * @returns unit vectors, `[n × d]` row-major
   * @throws AfterimageError `model-invalid`
   */
  async embed(pictures: readonly Uint8Array[]): Promise<Float32Array<ArrayBuffer>> {
    const { dimension } = this.#model;
    const vectors = new Float32Array(pictures.length * dimension);
    for (let done = 0; done < pictures.length;) {
      const run = pictures.slice(done, done + this.#batch);
      try {
        vectors.set(await this.#run(run), done * dimension);
        done += run.length;
      } catch (error) {
        // ONNX Runtime has no error of its own for a GPU whose memory is short.
        if (run.length === 1) throw error;
        this.#batch = Math.floor(run.length / 2);
      }
    }
    return vectors;
  }

  #run(pictures: readonly Uint8Array[]): Promise<Float32Array<ArrayBuffer>> {
    const { height, width } = this.#model.preprocessing.crop;
    const length = 3 * height * width;
    for (const [index, picture] of pictures.entries()) this.#fill(picture, index * length, length / 3);
    const pixels = new Tensor('float32', this.#planes.subarray(0, pictures.length * length), [
      pictures.length,
      3,
      height,
      width,
    ]);
    return this.#graph.embed({ [this.#input]: pixels }, pictures.length, this.#model.dimension);
  }

  release(): Promise<void> {
    return this.#graph.release();
  }

  #fill(picture: Uint8Array, start: number, plane: number): void {
    const planes = this.#planes;
    const levels = this.#levels;
    for (let to = start, from = 0; from < 3 * plane; to++, from += 3) {
      planes[to] = levels[picture[from]!]!;
      planes[to + plane] = levels[256 + picture[from + 1]!]!;
      planes[to + 2 * plane] = levels[512 + picture[from + 2]!]!;
    }
  }
}
