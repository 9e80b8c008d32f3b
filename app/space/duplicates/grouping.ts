import { hammingDistance, HashIndex, packHashes } from './hash-index.ts';

/** A photo as far as it matters which others are the same shot. */
export interface Shot {
  /** Perceptual hash, 16 hexadecimal digits; null where an older program read the photo. */
  readonly phash: string | null;
  /** When the camera took it, milliseconds since 1970; null when only the file says so. */
  readonly takenAt: number | null;
  /** Length of a video; null for a picture. */
  readonly seconds: number | null;
}

/** Bits of the hash, and distances of the vectors, that two pictures of one shot may differ by when the other is nothing. */
const MOST_BITS = 16;
const MOST_APART = 1.5;
/** How much more they may differ when they were taken within so many milliseconds. */
const TOGETHER = 1.5;
const TOGETHER_MS = 2000;
/** What a hash that is missing counts for. */
const UNKNOWN_BITS = MOST_BITS / 2;
/** Videos of one shot are as long as each other, to so many seconds. */
const SAME_LENGTH = 1;

/** Photos that are asked about, some tenths of a millisecond each at most, before somebody else may have a turn. */
const TURN = 32;
/** Photos without a time that one photo can stand before: of more equal ones, the others make further groups. */
const MOST_COPIES = 256;

/**
 * Groups each photo that is in no group yet with all near ones that are in none. Every member is near the first one, so no
 * chain of small steps makes a group of different photos.
 *
 * @param photos those that are to be first of a group before others
 * @param near places of the photos near one, in any order; symmetric
 * @param pause lets others have a turn
 * @returns groups of two at least
 */
export const leaderGroups = async <T>(
  photos: readonly T[],
  near: (photo: T, place: number) => Iterable<number>,
  pause: () => Promise<unknown>,
): Promise<T[][]> => {
  const isTaken = new Uint8Array(photos.length);
  const groups: T[][] = [];
  for (const [place, photo] of photos.entries()) {
    if (place % TURN === TURN - 1) await pause();
    if (isTaken[place] === 1) continue;
    const others = [...near(photo, place)].filter((other) => isTaken[other] === 0 && other !== place);
    if (others.length === 0) continue;
    const group = [place, ...others.sort((a, b) => a - b)];
    for (const member of group) isTaken[member] = 1;
    groups.push(group.map((member) => photos[member]!));
  }
  return groups;
};

/**
 * Photos of the same moment: saved again in another size or encoding, edited, cut, or taken in a burst. Where the camera's
 * times are known they have to agree; without them, the pictures have to agree more.
 *
 * @param shots those that are to be first of a group before others
 * @param apart distance of two photos' vectors, 1 being that of the nearest hundredth of unrelated pairs; infinite when unknown
 * @param pause lets others have a turn
 */
export const sameShots = async <T extends Shot>(
  shots: readonly T[],
  apart: (a: T, b: T) => number,
  pause: () => Promise<unknown>,
): Promise<T[][]> => {
  const packed = packHashes(shots.map(({ phash }) => phash));
  const placesWhere = (holds: (shot: T) => boolean): number[] =>
    [...shots.keys()].filter((place) => holds(shots[place]!));
  const dated = placesWhere(({ takenAt }) => takenAt !== null).sort((a, b) => shots[a]!.takenAt! - shots[b]!.takenAt!);
  const times = Float64Array.from(dated, (place) => shots[place]!.takenAt!);
  const rank = new Uint32Array(shots.length);
  for (const [at, place] of dated.entries()) rank[place] = at;

  const isAlike = (a: number, b: number, bits: number, most: number): boolean => {
    const left = (most - bits / MOST_BITS) * MOST_APART;
    return left >= 0 && haveSameLength(shots[a]!, shots[b]!) && apart(shots[a]!, shots[b]!) <= left;
  };
  const bitsBetween = (a: number, b: number): number =>
    shots[a]!.phash === null || shots[b]!.phash === null ? UNKNOWN_BITS : hammingDistance(packed, a, b);

  /** Pairs that have no two times to compare, found from the side that has none: most photos have one. */
  const copies = new Map<number, number[]>();
  const add = (place: number, other: number): void => {
    const others = copies.get(place) ?? [];
    if (others.length < MOST_COPIES) others.push(other);
    copies.set(place, others);
  };
  const index = new HashIndex(packed, Uint32Array.from(placesWhere(({ phash }) => phash !== null)));
  for (const [turn, place] of placesWhere(({ phash, takenAt }) => phash !== null && takenAt === null).entries()) {
    if (turn % TURN === TURN - 1) await pause();
    index.near(place, (other, bits) => {
      if (!isAlike(place, other, bits, 1)) return;
      add(place, other);
      if (shots[other]!.takenAt !== null) add(other, place);
    });
  }

  const near = ({ takenAt }: T, place: number): number[] => {
    const found = [...(copies.get(place) ?? [])];
    if (takenAt === null) return found;
    for (const step of [-1, 1]) {
      // Past either end the difference is no number, and no number is small enough.
      for (let at = rank[place]! + step; Math.abs(times[at]! - takenAt) <= TOGETHER_MS; at += step) {
        const other = dated[at]!;
        if (isAlike(place, other, bitsBetween(place, other), TOGETHER)) found.push(other);
      }
    }
    return found;
  };
  return leaderGroups(shots, near, pause);
};

const haveSameLength = ({ seconds: a }: Shot, { seconds: b }: Shot): boolean =>
  a === b || (a !== null && b !== null && Math.abs(a - b) <= SAME_LENGTH);
