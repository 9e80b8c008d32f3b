import { InferenceSession, Tensor } from 'onnxruntime-node';
import { dot, meanDirection } from '../space/vector.ts';
import { VectorBlocks } from './vector-blocks.ts';

/** What a photo shows, or a video at one second of it. */
export interface Part {
  /** Unit vector, `[d]`. */
  readonly vector: Float32Array;
  /** Null for a picture. */
  readonly at: number | null;
}

/** Photos whose vectors stand in for those that the model would give. */
export interface StandIns {
  readonly rows: ReadonlySet<number>;
  /**
   * What makes their similarities with terms, `[k × d]` row-major, comparable with those of the others:
   * `slope · similarity + offset`, one per term.
   */
  of(terms: Float32Array): Promise<readonly { readonly slope: number; readonly offset: number }[]>;
}

/** A row of the further parts that is free stands for no photo. */
const NOBODY = -1;

/**
 * The library's vectors in memory, unit vectors `[N × d]` row-major in blocks, searched exactly: a term's similarities to
 * all photos are one matrix product. Photos are never removed while running: a mask hides them. What a video shows at other
 * moments than its first stands in rows of its own behind them.
 */
export class ResidentVectors {
  readonly dimension: number;
  standIns: StandIns | null = null;
  readonly #session: InferenceSession;
  readonly #first: VectorBlocks;
  readonly #further: VectorBlocks;
  /** Rows of the photos that further rows belong to. */
  readonly #owners: number[] = [];
  readonly #free: number[] = [];
  /** Seconds of the parts by photo, and the further rows that hold the others; photos that are pictures have none. */
  readonly #moments = new Map<
    number,
    { first: number; readonly others: { readonly at: number; readonly row: number }[] }
  >();
  readonly #ids: string[] = [];
  readonly #rows = new Map<string, number>();
  /** Products under way. */
  readonly #running = new Set<Promise<unknown>>();

  private constructor(dimension: number, session: InferenceSession) {
    this.dimension = dimension;
    this.#session = session;
    this.#first = new VectorBlocks(dimension);
    this.#further = new VectorBlocks(dimension);
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

  /** @returns a view of the photo's vector, of a video that of its first part, `[d]`, or undefined */
  get(id: string): Float32Array | undefined {
    const row = this.#rows.get(id);
    return row === undefined ? undefined : this.slice(row, 1);
  }

  /** Views of all that a photo of a row shows, the first part first, `[d]` each. */
  partsOf(row: number): readonly Float32Array[] {
    const others = this.#moments.get(row)?.others ?? [];
    return [this.slice(row, 1), ...others.map((other) => this.#further.slice(other.row, 1))];
  }

  /** What a photo shows as a whole: of a video the mean direction of its parts, `[d]`; undefined when it is unknown. */
  direction(id: string): Float32Array | undefined {
    const row = this.#rows.get(id);
    if (row === undefined) return undefined;
    const parts = this.partsOf(row);
    return parts.length === 1 ? parts[0] : meanDirection(parts);
  }

  /** The second of a video that is most similar to a term, `[d]`; null for a picture. */
  bestMoment(row: number, term: Float32Array): number | null {
    const moments = this.#moments.get(row);
    if (moments === undefined) return null;
    let [best, at] = [dot(this.slice(row, 1), term), moments.first];
    for (const other of moments.others) {
      const similarity = dot(this.#further.slice(other.row, 1), term);
      if (similarity > best) [best, at] = [similarity, other.at];
    }
    return at;
  }

  /** Adds or replaces all parts of a photo; one at least. */
  put(id: string, parts: readonly Part[]): void {
    const row = this.#rows.get(id);
    if (row !== undefined) this.#forgetMoments(row);
    for (const [index, part] of parts.entries()) this.load(id, index, part);
  }

  /** Adds one part of a photo; they may come in any order, and a row is empty until its first part comes. @returns the row */
  load(id: string, index: number, { vector, at }: Part): number {
    if (vector.length !== this.dimension)
      throw new RangeError(`Vector of ${String(vector.length)} numbers where ${String(this.dimension)} belong.`);
    let row = this.#rows.get(id);
    if (row === undefined) {
      row = this.#ids.length;
      this.#ids.push(id);
      this.#rows.set(id, row);
      this.#first.reserve(row);
    }
    if (index === 0) this.slice(row, 1).set(vector);
    if (index === 0 && at === null) return row;
    const moments = this.#moments.get(row) ?? { first: 0, others: [] };
    this.#moments.set(row, moments);
    if (index === 0) moments.first = at ?? 0;
    else {
      const other = this.#free.pop() ?? this.#owners.length;
      this.#further.reserve(other);
      this.#further.slice(other, 1).set(vector);
      this.#owners[other] = row;
      moments.others.push({ at: at ?? 0, row: other });
    }
    return row;
  }

  #forgetMoments(row: number): void {
    for (const other of this.#moments.get(row)?.others ?? []) {
      this.#owners[other.row] = NOBODY;
      this.#free.push(other.row);
    }
    this.#moments.delete(row);
  }

  /**
   * Similarity of every photo with each term: `columns[i][x] = max over the parts v of x of ⟨terms_i, v⟩`.
   *
   * @param terms unit vectors, `[k × d]` row-major
   * @param size the first rows that are asked for, `N`
   * @returns `k` columns of `[N]`, in row order
   */
  async columns(terms: Float32Array, size = this.size): Promise<Float32Array[]> {
    const columns = await this.firstColumns(terms, size);
    const parts = this.#owners.length;
    if (parts > 0) await this.#raise(columns, terms, parts, size);
    await this.#level(columns, terms, size);
    return columns;
  }

  /** A photo is as similar as the most similar of its parts. */
  async #raise(columns: readonly Float32Array[], terms: Float32Array, parts: number, size: number): Promise<void> {
    for (const [term, similarities] of (await this.#columnsOf(this.#further, terms, parts)).entries()) {
      const column = columns[term]!;
      for (let part = 0; part < parts; part++) {
        const row = this.#owners[part]!;
        if (row !== NOBODY && row < size && similarities[part]! > column[row]!) column[row] = similarities[part]!;
      }
    }
  }

  async #level(columns: readonly Float32Array[], terms: Float32Array, size: number): Promise<void> {
    if (this.standIns === null || this.standIns.rows.size === 0) return;
    for (const [term, { slope, offset }] of (await this.standIns.of(terms)).entries()) {
      const column = columns[term]!;
      for (const row of this.standIns.rows) if (row < size) column[row] = slope * column[row]! + offset;
    }
  }

  /** The same of the first parts alone, for arithmetic that is linear in a photo's vector. */
  firstColumns(terms: Float32Array, size = this.size): Promise<Float32Array[]> {
    return this.#columnsOf(this.#first, terms, size);
  }

  async #columnsOf(vectors: VectorBlocks, terms: Float32Array, size: number): Promise<Float32Array[]> {
    const k = terms.length / this.dimension;
    const columns = Array.from({ length: k }, () => new Float32Array(size));
    for (const [start, rows] of vectors.spans(size)) {
      const product = await this.product(vectors.slice(start, rows), terms);
      for (const [term, column] of columns.entries())
        column.set(product.subarray(term * rows, (term + 1) * rows), start);
    }
    return columns;
  }

  /** Mean of the first parts of the photos that a mask shows, `[d]`. */
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

  /** A view of the first parts of consecutive photos within one block of 16,384, `[rows × d]` row-major. */
  slice(start: number, rows: number): Float32Array {
    return this.#first.slice(start, rows);
  }

  /**
   * Inner products of vectors `[n × d]` with terms `[k × d]`, all row-major.
   *
   * @param d length of the rows, when they are no vectors of this library
   * @returns `[k × n]` row-major
   */
  async product(vectors: Float32Array, terms: Float32Array, d = this.dimension): Promise<Float32Array> {
    const running = this.#session.run({
      vectors: new Tensor('float32', vectors, [vectors.length / d, d]),
      terms: new Tensor('float32', terms, [terms.length / d, d]),
    });
    this.#running.add(running);
    const { columns } = await running.finally(() => this.#running.delete(running));
    // The graph's one output is float32.
    return columns?.data as Float32Array;
  }

  /** Lets go of the memory, once what is under way has been computed. */
  async release(): Promise<void> {
    await Promise.allSettled(this.#running);
    await this.#session.release();
  }
}
