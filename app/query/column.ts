import type { Curve } from '../contract/index.ts';
import { Tally, type Moments } from '../space/moments.ts';

/** Spread of a similarity under which it says nothing. */
const SMALLEST_DEVIATION = 1e-6;

/** Moments of the rows of a column that a mask shows, less what `hub` says of them; those of no row are 0 and 0. */
export const momentsOf = (similarity: Float32Array, hub: Float32Array, mask: Uint8Array): Moments => {
  const tally = new Tally();
  for (let row = 0; row < similarity.length; row++) if (mask[row] === 1) tally.add(similarity[row]! - hub[row]!);
  return tally.moments;
};

/** How similarities of one kind of term are read. Levels count standard deviations above the usual similarity. */
export interface Scale {
  /** Similarities of terms and photos that have nothing to do with each other. */
  readonly usual: Moments;
  /** Probability that a wanted term is in a photo, by its level. */
  readonly match: Curve;
  /** The same for an avoided one: less of it is enough to disturb. */
  readonly trace: Curve;
}

const softplus = (value: number): number => Math.max(0, value) + Math.log1p(Math.exp(-Math.abs(value)));

/**
 * What all photos say to one term. Made once per term; every edit of a query is arithmetic on these columns, each `[N]` and
 * computed when first asked for.
 */
export class Column {
  /** `⟨t̂, x̂⟩`. */
  readonly similarity: Float32Array;
  /** What the hub term takes from it: how close a photo is to everything. Zeros for pictures. */
  readonly hub: Float32Array;
  /** Of `similarity − hub` over the library. */
  readonly mean: number;
  readonly deviation: number;
  readonly #scale: Scale;
  readonly #made = new Map<string, Float32Array>();

  constructor(similarity: Float32Array, hub: Float32Array, { mean, deviation }: Moments, scale: Scale) {
    this.similarity = similarity;
    this.hub = hub;
    this.mean = mean;
    this.deviation = Math.max(SMALLEST_DEVIATION, deviation);
    this.#scale = scale;
  }

  /** Standard score of one photo within the library. */
  z(row: number): number {
    return (this.similarity[row]! - this.hub[row]! - this.mean) / this.deviation;
  }

  /** Deviations of one photo above what is usual for any term. */
  level(row: number): number {
    const { mean, deviation } = this.#scale.usual;
    return (this.similarity[row]! - this.hub[row]! - mean) / Math.max(SMALLEST_DEVIATION, deviation);
  }

  /** Probability that the term is in the photo, in [0, 1]. */
  get match(): Float32Array {
    return this.#probability('match', this.#scale.match);
  }

  /** Probability that the photo has too much of the term for somebody who avoids it, in [0, 1]. */
  get trace(): Float32Array {
    return this.#probability('trace', this.#scale.trace);
  }

  get logMatch(): Float32Array {
    return this.#logarithm('logMatch', this.#scale.match, -1);
  }

  /** `log(1 − match)`. */
  get logMiss(): Float32Array {
    return this.#logarithm('logMiss', this.#scale.match, 1);
  }

  /** `log(1 − trace)`. */
  get logClear(): Float32Array {
    return this.#logarithm('logClear', this.#scale.trace, 1);
  }

  #probability(name: string, { middle, slope }: Curve): Float32Array {
    return this.#once(name, () => this.#levels((level) => 1 / (1 + Math.exp(slope * (middle - level)))));
  }

  /** `log σ(v) = −softplus(−v)` and `log(1 − σ(v)) = −softplus(v)`: finite however far the level lies from the middle. */
  #logarithm(name: string, { middle, slope }: Curve, sign: 1 | -1): Float32Array {
    return this.#once(name, () => this.#levels((level) => -softplus(sign * slope * (level - middle))));
  }

  #levels(read: (level: number) => number): Float32Array {
    const values = new Float32Array(this.similarity.length);
    for (let row = 0; row < values.length; row++) values[row] = read(this.level(row));
    return values;
  }

  #once(name: string, make: () => Float32Array): Float32Array {
    let values = this.#made.get(name);
    if (values === undefined) {
      values = make();
      this.#made.set(name, values);
    }
    return values;
  }
}
