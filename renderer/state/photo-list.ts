import type { PhotoCell } from '../../app/contract/index.ts';
import type { Sizes } from '../layout/justified.ts';

/** What is kept of each photo, by its place; room may be left at the end. */
interface Columns {
  readonly ids: BigUint64Array;
  readonly widths: Uint32Array;
  readonly heights: Uint32Array;
  /** NaN for a picture. */
  readonly seconds: Float32Array;
  /** Of `OFFLINE` and `FAVOURITE`. */
  readonly bits: Uint8Array;
}

const OFFLINE = 1;
const FAVOURITE = 2;

const toNumber = (id: string): bigint => BigInt(`0x${id}`);

const columnsFor = (length: number): Columns => ({
  ids: new BigUint64Array(length),
  widths: new Uint32Array(length),
  heights: new Uint32Array(length),
  seconds: new Float32Array(length),
  bits: new Uint8Array(length),
});

const copyInto = (to: Columns, from: Columns): Columns => {
  to.ids.set(from.ids);
  to.widths.set(from.widths);
  to.heights.set(from.heights);
  to.seconds.set(from.seconds);
  to.bits.set(from.bits);
  return to;
};

const move = (columns: Columns, from: number, to: number): void => {
  for (const column of [columns.ids, columns.widths, columns.heights, columns.seconds, columns.bits])
    column.copyWithin(to, from, from + 1);
};

/** Photos in order, unchangeable: 21 bytes each, so that half a million of them are no burden. */
export class PhotoList implements Sizes {
  static readonly empty = new PhotoList(0, columnsFor(0));

  static of(photos: readonly PhotoCell[]): PhotoList {
    const builder = new PhotoListBuilder(photos.length);
    builder.append(photos);
    return builder.list();
  }

  readonly length: number;
  readonly widths: Uint32Array;
  readonly heights: Uint32Array;
  readonly #columns: Columns;

  constructor(length: number, columns: Columns) {
    this.length = length;
    this.widths = columns.widths.subarray(0, length);
    this.heights = columns.heights.subarray(0, length);
    this.#columns = { ...columns, ids: columns.ids.subarray(0, length) };
  }

  /** @returns the photo's id, or undefined outside the list */
  idAt(index: number): string | undefined {
    return this.#columns.ids[index]?.toString(16).padStart(16, '0');
  }

  /** @returns position of the photo, or −1 */
  indexOf(id: string): number {
    return this.#columns.ids.indexOf(toNumber(id));
  }

  /** What its cell shows besides the picture. */
  badgesAt(index: number): Pick<PhotoCell, 'offline' | 'favourite' | 'seconds'> {
    const bits = this.#columns.bits[index] ?? 0;
    const seconds = this.#columns.seconds[index] ?? Number.NaN;
    return {
      offline: (bits & OFFLINE) !== 0,
      favourite: (bits & FAVOURITE) !== 0,
      seconds: Number.isNaN(seconds) ? null : seconds,
    };
  }

  /** The same photos, these being favourites now, or not any more. */
  favouring(ids: readonly string[], favourite: boolean): PhotoList {
    const bits = this.#columns.bits.slice();
    for (const index of ids.map((id) => this.indexOf(id)))
      if (index !== -1) bits[index] = ((bits[index] ?? 0) & ~FAVOURITE) | (favourite ? FAVOURITE : 0);
    return new PhotoList(this.length, { ...this.#columns, bits });
  }

  /** The photos without these. */
  without(ids: readonly string[]): PhotoList {
    const left = new Set(ids.map(toNumber));
    const columns = copyInto(columnsFor(this.#columns.bits.length), this.#columns);
    let length = 0;
    for (let index = 0; index < this.length; index += 1) {
      if (left.has(this.#columns.ids[index] ?? 0n)) continue;
      move(columns, index, length);
      length += 1;
    }
    return new PhotoList(length, columns);
  }
}

/** Collects pages of photos. The lists it gives out share its memory and stay as they are while it grows. */
export class PhotoListBuilder {
  #length = 0;
  #columns: Columns;
  /** A photo that moved between two pages while they were being fetched would come twice. */
  readonly #seen = new Set<string>();

  /** @param expected number of photos, as far as it is known */
  constructor(expected: number) {
    this.#columns = columnsFor(expected);
  }

  append(photos: readonly PhotoCell[]): void {
    this.#reserve(this.#length + photos.length);
    const { ids, widths, heights, seconds, bits } = this.#columns;
    for (const photo of photos) {
      if (this.#seen.has(photo.id)) continue;
      this.#seen.add(photo.id);
      ids[this.#length] = toNumber(photo.id);
      widths[this.#length] = photo.width;
      heights[this.#length] = photo.height;
      seconds[this.#length] = photo.seconds ?? Number.NaN;
      bits[this.#length] = (photo.offline ? OFFLINE : 0) | (photo.favourite ? FAVOURITE : 0);
      this.#length += 1;
    }
  }

  list(): PhotoList {
    return new PhotoList(this.#length, this.#columns);
  }

  #reserve(needed: number): void {
    const capacity = this.#columns.ids.length;
    if (needed > capacity) this.#columns = copyInto(columnsFor(Math.max(needed, 2 * capacity)), this.#columns);
  }
}
