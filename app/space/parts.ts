import { projection } from './subspace.ts';
import { concatenate, dot } from './vector.ts';

/** Columns of terms `[k × d]`: `k` times `[N]`. */
type ColumnsOf = (terms: Float32Array) => Promise<Float32Array[]>;

/** Mean of the photos, and its inner product with each of them. */
interface Centre {
  readonly vector: Float32Array;
  readonly along: Float32Array;
}

const SHORTEST = 1e-6;
const DIRECTIONS_AT_ONCE = 8;

/**
 * Photos in two complementary parts of the space: the directions of content, which words span, and the rest, in which photos
 * vary but words do not: style, light, composition. Both after centring on the mean photo.
 */
export class Parts {
  readonly #content: readonly Float32Array[];
  readonly #centre: Centre;
  readonly #columnsOf: ColumnsOf;
  /** Lengths of the photos' two parts, `[N]` each. */
  readonly #contentLength: Float32Array;
  readonly #lookLength: Float32Array;

  private constructor(
    content: readonly Float32Array[],
    centre: Centre,
    columnsOf: ColumnsOf,
    contentLength: Float32Array,
    lookLength: Float32Array,
  ) {
    this.#content = content;
    this.#centre = centre;
    this.#columnsOf = columnsOf;
    this.#contentLength = contentLength;
    this.#lookLength = lookLength;
  }

  /** @param content orthonormal directions, `[r × d]` */
  static async over(content: readonly Float32Array[], centre: Centre, columnsOf: ColumnsOf): Promise<Parts> {
    const squares = new Float32Array(centre.along.length);
    // A few directions at a time: all of their columns at once would take as much memory as the vectors.
    for (let start = 0; start < content.length; start += DIRECTIONS_AT_ONCE) {
      const directions = content.slice(start, start + DIRECTIONS_AT_ONCE);
      for (const [index, column] of (await columnsOf(concatenate(directions))).entries()) {
        const offset = dot(directions[index]!, centre.vector);
        for (let row = 0; row < squares.length; row++) squares[row]! += (column[row]! - offset) ** 2;
      }
    }
    const mean = dot(centre.vector, centre.vector);
    return new Parts(
      content,
      centre,
      columnsOf,
      squares.map(Math.sqrt),
      squares.map((square, row) => Math.sqrt(Math.max(0, 1 - 2 * centre.along[row]! + mean - square))),
    );
  }

  /**
   * Cosines within the parts: `(1 − look) · cos(P_s q, P_s x) + look · cos(P_I q, P_I x)`, `[N]`.
   *
   * @param look in [0, 1]
   */
  async column(vector: Float32Array, look: number): Promise<Float32Array> {
    const query = vector.map((value, i) => value - this.#centre.vector[i]!);
    const inside = projection(query, this.#content);
    const outside = query.map((value, i) => value - inside[i]!);
    const columns = await this.#columnsOf(concatenate([inside, outside]));
    const similarity = new Float32Array(columns[0]!.length);
    const add = (part: Float32Array, column: Float32Array, lengths: Float32Array, share: number): void => {
      const offset = dot(part, this.#centre.vector);
      const length = Math.sqrt(dot(part, part));
      for (let row = 0; row < similarity.length; row++)
        similarity[row]! += (share * (column[row]! - offset)) / Math.max(SHORTEST, length * lengths[row]!);
    };
    add(inside, columns[0]!, this.#contentLength, 1 - look);
    add(outside, columns[1]!, this.#lookLength, look);
    return similarity;
  }
}
