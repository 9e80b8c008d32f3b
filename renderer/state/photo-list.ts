import type { PhotoCell } from '../../app/contract/index.ts';
import type { Sizes } from '../layout/justified.ts';

const toNumber = (id: string): bigint => BigInt(`0x${id}`);

/** Photos in order, unchangeable: 16 bytes each, so that half a million of them are no burden. */
export class PhotoList implements Sizes {
  static readonly empty = new PhotoList(0, new BigUint64Array(0), new Uint32Array(0), new Uint32Array(0));

  static of(photos: readonly PhotoCell[]): PhotoList {
    const builder = new PhotoListBuilder(photos.length);
    builder.append(photos);
    return builder.list();
  }

  readonly length: number;
  readonly widths: Uint32Array;
  readonly heights: Uint32Array;
  readonly #ids: BigUint64Array;

  constructor(length: number, ids: BigUint64Array, widths: Uint32Array, heights: Uint32Array) {
    this.length = length;
    this.#ids = ids;
    this.widths = widths;
    this.heights = heights;
  }

  /** @returns the photo's id, or undefined outside the list */
  idAt(index: number): string | undefined {
    return this.#ids[index]?.toString(16).padStart(16, '0');
  }

  /** @returns position of the photo, or −1 */
  indexOf(id: string): number {
    return this.#ids.indexOf(toNumber(id));
  }
}

/** Collects pages of photos. The lists it gives out share its memory and stay as they are while it grows. */
export class PhotoListBuilder {
  #length = 0;
  #ids: BigUint64Array;
  #widths: Uint32Array;
  #heights: Uint32Array;
  /** A photo that moved between two pages while they were being fetched would come twice. */
  readonly #seen = new Set<string>();

  /** @param expected number of photos, as far as it is known */
  constructor(expected: number) {
    this.#ids = new BigUint64Array(expected);
    this.#widths = new Uint32Array(expected);
    this.#heights = new Uint32Array(expected);
  }

  append(photos: readonly PhotoCell[]): void {
    this.#reserve(this.#length + photos.length);
    for (const { id, width, height } of photos) {
      if (this.#seen.has(id)) continue;
      this.#seen.add(id);
      this.#ids[this.#length] = toNumber(id);
      this.#widths[this.#length] = width;
      this.#heights[this.#length] = height;
      this.#length += 1;
    }
  }

  list(): PhotoList {
    const length = this.#length;
    return new PhotoList(
      length,
      this.#ids.subarray(0, length),
      this.#widths.subarray(0, length),
      this.#heights.subarray(0, length),
    );
  }

  #reserve(needed: number): void {
    if (needed <= this.#ids.length) return;
    const capacity = Math.max(needed, 2 * this.#ids.length);
    const [ids, widths, heights] = [this.#ids, this.#widths, this.#heights];
    this.#ids = new BigUint64Array(capacity);
    this.#ids.set(ids);
    this.#widths = new Uint32Array(capacity);
    this.#widths.set(widths);
    this.#heights = new Uint32Array(capacity);
    this.#heights.set(heights);
  }
}
