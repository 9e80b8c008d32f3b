import { seeded } from '../../../app/base/random.ts';

/** Repeatable randomness: the same seed gives the same numbers everywhere. */
export class Random {
  /** In [0, 1). */
  readonly next: () => number;
  readonly #turn: number;

  /** @param turn which of a series this is, for `inTurn` */
  constructor(seed: number, turn = 0) {
    this.#turn = turn;
    this.next = seeded(Math.imul(seed + 1, 0x9e3779b1));
    // Neighbouring seeds begin alike.
    this.next();
  }

  between(low: number, high: number): number {
    return low + (high - low) * this.next();
  }

  /** In [low, high], both included. */
  whole(low: number, high: number): number {
    return Math.floor(this.between(low, high + 1));
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** One of a list that is not empty. */
  pick<T>(list: readonly T[]): T {
    return list[this.whole(0, list.length - 1)]!;
  }

  /** Goes through the list as the series goes on: no run of the same by chance. */
  inTurn<T>(list: readonly T[]): T {
    return list[this.#turn % list.length]!;
  }

  /** The same things in another order. */
  shuffled<T>(list: readonly T[]): T[] {
    const keyed = list.map((thing) => [this.next(), thing] as const);
    return keyed.sort(([a], [b]) => a - b).map(([, thing]) => thing);
  }
}
