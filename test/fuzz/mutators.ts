import { mutate, MUTATIONS } from '../support/mutations.ts';
import type { Random } from '../support/scenes/random.ts';

/** Longer ones are slow to run and seldom say more. */
const LONGEST = 2 ** 16;

type Mutator = (input: Buffer, random: Random, room: Room) => Buffer;

/** What inputs are made from. */
export interface Room {
  /** Inputs that were worth keeping. */
  readonly corpus: readonly Buffer[];
  /** Pieces that mean something to the reader. */
  readonly dictionary: readonly Buffer[];
}

const insert = (input: Buffer, at: number, piece: Uint8Array): Buffer =>
  Buffer.concat([input.subarray(0, at), piece, input.subarray(at)]);
const place = (input: Buffer, random: Random): number => random.whole(0, input.length);
const piece = (input: Buffer, random: Random, longest: number): Buffer => {
  const start = place(input, random);
  return input.subarray(start, start + random.whole(1, longest));
};

const mutators: readonly Mutator[] = [
  // Of no bytes nothing can be flipped.
  (input, random) => (input.length < 16 ? input : mutate(input, random.pick(MUTATIONS), random)),
  (input, random, { dictionary }) =>
    dictionary.length === 0 ? input : insert(input, place(input, random), random.pick(dictionary)),
  (input, random, { dictionary }) => {
    if (dictionary.length === 0) return input;
    const [word, at] = [random.pick(dictionary), place(input, random)];
    return Buffer.concat([input.subarray(0, at), word, input.subarray(at + word.length)]);
  },
  // The start of one and the end of another.
  (input, random, { corpus }) => {
    const other = random.pick(corpus);
    return Buffer.concat([input.subarray(0, place(input, random)), other.subarray(place(other, random))]);
  },
  (input, random, { corpus }) => insert(input, place(input, random), piece(random.pick(corpus), random, 64)),
  (input, random) => {
    const [start, length] = [place(input, random), random.whole(1, 32)];
    return Buffer.concat([input.subarray(0, start), input.subarray(start + length)]);
  },
  // The same again and again: what is slow for many of a kind shows itself so.
  (input, random) => {
    const again = piece(input, random, 32);
    return insert(input, place(input, random), Buffer.concat(Array<Buffer>(random.pick([2, 8, 64, 512])).fill(again)));
  },
  (input, random) => insert(input, place(input, random), Buffer.of(random.whole(0, 255))),
];

/** A copy of an input with a few changes. */
export const mutant = (input: Buffer, random: Random, room: Room): Buffer => {
  let changed = input;
  for (let change = random.whole(1, 4); change > 0; change--) changed = random.pick(mutators)(changed, random, room);
  return Buffer.from(changed.subarray(0, LONGEST));
};
