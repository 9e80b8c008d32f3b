/** Bits of a hash that are looked up at once, and how many bands of them a hash has. */
const BAND = 16;
const BANDS = 4;
const KEYS = 2 ** BAND;
/** Bits that may differ in one band. */
const RADIUS = 3;

/** The most bits by which a hash may differ and still be found: with one more, every band may differ by more than `RADIUS`. */
export const REACH = BANDS * (RADIUS + 1) - 1;

const bitsOf = (value: number): number => {
  const pairs = value - ((value >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return (((fours + (fours >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
};

/** Every way in which a band may differ. */
const FLIPS = Uint16Array.from(
  Array.from({ length: KEYS }, (_, flips) => flips).filter((flips) => bitsOf(flips) <= RADIUS),
);

/** 64-bit hashes as two halves each, `[2N]`; a missing one is zeros. */
export const packHashes = (hashes: readonly (string | null)[]): Uint32Array => {
  const packed = new Uint32Array(2 * hashes.length);
  for (const [index, hash] of hashes.entries()) {
    packed[2 * index] = parseInt(hash?.slice(0, 8) ?? '0', 16);
    packed[2 * index + 1] = parseInt(hash?.slice(8) ?? '0', 16);
  }
  return packed;
};

/** Bits in which two hashes differ, 0 to 64. */
export const hammingDistance = (packed: Uint32Array, a: number, b: number): number =>
  bitsOf(packed[2 * a]! ^ packed[2 * b]!) + bitsOf(packed[2 * a + 1]! ^ packed[2 * b + 1]!);

const bandOf = (packed: Uint32Array, index: number, band: number): number =>
  (packed[2 * index + (band >>> 1)]! >>> (BAND * (band & 1))) & (KEYS - 1);

/** The same of two hashes as they are written. */
export const hashDistance = (a: string, b: string): number => hammingDistance(packHashes([a, b]), 0, 1);

/**
 * Finds near hashes without comparing all pairs: two hashes that differ by `REACH` bits at most differ by `RADIUS` bits at
 * most in one of their bands, so it is enough to look up what each band may be.
 *
 * @see Norouzi, Punjani, Fleet: Fast Exact Search in Hamming Space with Multi-Index Hashing (arXiv 1307.2982)
 */
export class HashIndex {
  readonly #packed: Uint32Array;
  /** Members by the value of a band: those of value `v` lie from `starts[v]` to `starts[v + 1]`. */
  readonly #bands: readonly { readonly starts: Uint32Array; readonly members: Uint32Array }[];
  /** The search that last met a member: it may be met in several bands. */
  readonly #met: Uint32Array;
  #search = 0;

  /**
   * @param packed from `packHashes`
   * @param members the ones that can be found
   */
  constructor(packed: Uint32Array, members: Uint32Array) {
    this.#packed = packed;
    this.#met = new Uint32Array(packed.length / 2);
    this.#bands = Array.from({ length: BANDS }, (_, band) => sortedBy(members, (index) => bandOf(packed, index, band)));
  }

  /** Calls `visit` once for every other member within `REACH` bits of one hash. */
  near(index: number, visit: (other: number, distance: number) => void): void {
    this.#search += 1;
    this.#met[index] = this.#search;
    for (const [band, { starts, members }] of this.#bands.entries()) {
      const key = bandOf(this.#packed, index, band);
      for (const flips of FLIPS) {
        const value = key ^ flips;
        for (let at = starts[value]!; at < starts[value + 1]!; at++) {
          const other = members[at]!;
          if (this.#met[other] === this.#search) continue;
          this.#met[other] = this.#search;
          const distance = hammingDistance(this.#packed, index, other);
          if (distance <= REACH) visit(other, distance);
        }
      }
    }
  }
}

/** Members in the order of their keys (counting sort), and where each key begins. */
const sortedBy = (
  members: Uint32Array,
  keyOf: (member: number) => number,
): { readonly starts: Uint32Array; readonly members: Uint32Array } => {
  const starts = new Uint32Array(KEYS + 1);
  for (const member of members) starts[keyOf(member) + 1]!++;
  for (let key = 0; key < KEYS; key++) starts[key + 1]! += starts[key]!;
  const next = starts.slice();
  const sorted = new Uint32Array(members.length);
  for (const member of members) sorted[next[keyOf(member)]!++] = member;
  return { starts, members: sorted };
};
