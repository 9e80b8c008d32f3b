/** Rows per block: a new row never moves the others, and one product stays a few milliseconds long. */
const BLOCK_ROWS = 16_384;

/** Vectors `[N × d]` row-major, in blocks. */
export class VectorBlocks {
  readonly #dimension: number;
  readonly #blocks: Float32Array[] = [];

  constructor(dimension: number) {
    this.#dimension = dimension;
  }

  /** Makes room for the next row; new rows are zeros. */
  reserve(row: number): void {
    if (row === this.#blocks.length * BLOCK_ROWS) this.#blocks.push(new Float32Array(BLOCK_ROWS * this.#dimension));
  }

  /** A view of consecutive rows within one block, `[rows × d]`. */
  slice(start: number, rows: number): Float32Array {
    const block = this.#blocks[Math.floor(start / BLOCK_ROWS)];
    if (block === undefined) throw new RangeError(`There is no row ${String(start)}.`);
    const first = (start % BLOCK_ROWS) * this.#dimension;
    return block.subarray(first, first + rows * this.#dimension);
  }

  /** The blocks of the first `size` rows: where each begins, and its rows. */
  *spans(size: number): Generator<readonly [start: number, rows: number]> {
    for (let start = 0; start < size; start += BLOCK_ROWS) yield [start, Math.min(BLOCK_ROWS, size - start)];
  }
}
