import { InferenceSession, Tensor } from 'onnxruntime-node';

/** Rows per block: a new photo never moves the others, and one product stays a few milliseconds long. */
const BLOCK_ROWS = 16_384;

/**
 * The library's vectors in memory, unit vectors `[N × d]` row-major in blocks, searched exactly: a term's similarities to
 * all photos are one matrix product. Photos are never removed while running: a mask hides them.
 */
export class ResidentVectors {
  readonly dimension: number;
  readonly #session: InferenceSession;
  readonly #blocks: Float32Array[] = [];
  readonly #ids: string[] = [];
  readonly #rows = new Map<string, number>();

  private constructor(dimension: number, session: InferenceSession) {
    this.dimension = dimension;
    this.#session = session;
  }

  /** @param graph the product as an ONNX graph: `vectors [n × d]`, `terms [k × d]` → `columns [k × n]` */
  static async create(dimension: number, graph: string, threads: number): Promise<ResidentVectors> {
    const session = await InferenceSession.create(graph, {
      intraOpNumThreads: threads,
      // The largest buffer is the caller's own; an arena would only keep the small results for ever.
      enableCpuMemArena: false,
      extra: { session: { intra_op: { allow_spinning: '0' } } },
    });
    return new ResidentVectors(dimension, session);
  }

  get size(): number {
    return this.#ids.length;
  }

  /** Ids in row order. */
  get ids(): readonly string[] {
    return this.#ids;
  }

  rowOf(id: string): number | undefined {
    return this.#rows.get(id);
  }

  has(id: string): boolean {
    return this.#rows.has(id);
  }

  /** @returns a view of the photo's vector, `[d]`, or undefined */
  get(id: string): Float32Array | undefined {
    const row = this.#rows.get(id);
    return row === undefined ? undefined : this.slice(row, 1);
  }

  /** Adds or replaces one vector, `[d]`. */
  put(id: string, vector: Float32Array): void {
    if (vector.length !== this.dimension)
      throw new RangeError(`Vector of ${String(vector.length)} numbers where ${String(this.dimension)} belong.`);
    let row = this.#rows.get(id);
    if (row === undefined) {
      row = this.#ids.length;
      this.#ids.push(id);
      this.#rows.set(id, row);
      if (row % BLOCK_ROWS === 0) this.#blocks.push(new Float32Array(BLOCK_ROWS * this.dimension));
    }
    this.slice(row, 1).set(vector);
  }

  /**
   * Similarity of every photo with each term: `columns[i][x] = ⟨terms_i, v_x⟩`.
   *
   * @param terms unit vectors, `[k × d]` row-major
   * @param size the first rows that are asked for, `N`
   * @returns `k` columns of `[N]`, in row order
   */
  async columns(terms: Float32Array, size = this.size): Promise<Float32Array[]> {
    const k = terms.length / this.dimension;
    const columns = Array.from({ length: k }, () => new Float32Array(size));
    for (let start = 0; start < size; start += BLOCK_ROWS) {
      const rows = Math.min(BLOCK_ROWS, size - start);
      const product = await this.product(this.slice(start, rows), terms);
      for (const [term, column] of columns.entries())
        column.set(product.subarray(term * rows, (term + 1) * rows), start);
    }
    return columns;
  }

  /** Mean of the vectors that a mask shows, `[d]`. */
  mean(mask: Uint8Array): Float32Array {
    const sum = new Float64Array(this.dimension);
    let count = 0;
    for (let row = 0; row < mask.length; row++) {
      if (mask[row] !== 1) continue;
      const vector = this.slice(row, 1);
      for (let i = 0; i < sum.length; i++) sum[i]! += vector[i]!;
      count++;
    }
    return Float32Array.from(sum, (value) => value / Math.max(1, count));
  }

  /** A view of consecutive rows of one block of 16,384, `[rows × d]` row-major. */
  slice(start: number, rows: number): Float32Array {
    const block = this.#blocks[Math.floor(start / BLOCK_ROWS)];
    if (block === undefined) throw new RangeError(`There is no row ${String(start)}.`);
    const first = (start % BLOCK_ROWS) * this.dimension;
    return block.subarray(first, first + rows * this.dimension);
  }

  /**
   * Inner products of vectors `[n × d]` with terms `[k × d]`, all row-major.
   *
   * @param d length of the rows, when they are no vectors of this library
   * @returns `[k × n]` row-major
   */
  async product(vectors: Float32Array, terms: Float32Array, d = this.dimension): Promise<Float32Array> {
    const { columns } = await this.#session.run({
      vectors: new Tensor('float32', vectors, [vectors.length / d, d]),
      terms: new Tensor('float32', terms, [terms.length / d, d]),
    });
    // The graph's one output is float32.
    return columns?.data as Float32Array;
  }

  async release(): Promise<void> {
    await this.#session.release();
  }
}
