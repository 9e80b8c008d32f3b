import type { ResidentVectors, StandIns } from '../../embed/resident.ts';
import { pairCalibration, type PairCalibration } from '../../space/upgrade/pair-calibration.ts';
import { concatenate } from '../../space/vector.ts';

/** What a model sees in a photo, and what the map makes of what the other one saw, `[d]` each. */
export interface Pair {
  readonly own: Float32Array;
  readonly mapped: Float32Array;
}

/**
 * Brings similarities with mapped vectors to the level of those with a model's own, so that no photo outranks another merely
 * for how its vector was come by.
 */
export class Levelling implements StandIns {
  readonly rows: ReadonlySet<number>;
  readonly #resident: ResidentVectors;
  readonly #own: Float32Array;
  readonly #mapped: Float32Array;

  /**
   * @param rows of the photos with mapped vectors, which become fewer
   * @param pairs of photos that the map was not fitted to
   */
  constructor(resident: ResidentVectors, rows: ReadonlySet<number>, pairs: readonly Pair[]) {
    this.rows = rows;
    this.#resident = resident;
    this.#own = concatenate(pairs.map(({ own }) => own));
    this.#mapped = concatenate(pairs.map(({ mapped }) => mapped));
  }

  /**
   * What is to be done to the similarities of each term with mapped vectors.
   *
   * @param terms unit vectors, `[k × d]` row-major
   */
  async of(terms: Float32Array): Promise<readonly PairCalibration[]> {
    const [own, mapped] = [
      await this.#resident.product(this.#own, terms),
      await this.#resident.product(this.#mapped, terms),
    ];
    const pairs = this.#own.length / this.#resident.dimension;
    return Array.from({ length: terms.length / this.#resident.dimension }, (_, term) => {
      const span = [term * pairs, (term + 1) * pairs] as const;
      return pairCalibration(own.subarray(...span), mapped.subarray(...span));
    });
  }
}
