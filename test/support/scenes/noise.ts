import type { Random } from './random.ts';

const SIZE = 256;
const LAST = SIZE - 1;

/** Smooth noise over the plane. @see Perlin, “Improving Noise”, SIGGRAPH 2002 */
export class Noise {
  readonly #order = new Uint8Array(SIZE * 2);
  readonly #slopes = new Float32Array(SIZE * 2);

  constructor(random: Random) {
    const order = random.shuffled([...this.#order.keys()].slice(0, SIZE));
    for (let i = 0; i < SIZE; i++) {
      this.#order[i] = this.#order[i + SIZE] = order[i]!;
      const angle = random.between(0, 2 * Math.PI);
      this.#slopes[2 * i] = Math.cos(angle) * 1.5;
      this.#slopes[2 * i + 1] = Math.sin(angle) * 1.5;
    }
  }

  /** About [−1, 1], with features of size 1. */
  at(x: number, y: number): number {
    const left = Math.floor(x);
    const top = Math.floor(y);
    const u = x - left;
    const v = y - top;
    const a = this.#order[left & LAST]! + (top & LAST);
    const b = this.#order[(left + 1) & LAST]! + (top & LAST);
    const above = mix(this.#slope(a, u, v), this.#slope(b, u - 1, v), fade(u));
    const below = mix(this.#slope(a + 1, u, v - 1), this.#slope(b + 1, u - 1, v - 1), fade(u));
    return mix(above, below, fade(v));
  }

  /** Octaves of noise on top of each other, about [−1, 1]; a part of an octave is faded in. */
  fbm(x: number, y: number, octaves: number, gain = 0.5): number {
    let sum = 0;
    for (let left = octaves, weight = 1; left > 0; left--, weight *= gain) {
      sum += this.at(x, y) * weight * Math.min(1, left);
      // Turned, too: octaves whose grids meet would show them.
      const turned = x * 1.6 + y * 1.2 + 17.3;
      y = y * 1.6 - x * 1.2 + 5.1;
      x = turned;
    }
    return sum;
  }

  /** Sharp crests over wide valleys, about [0, 1]. @see Musgrave, “Texturing & Modeling”, chapter 16 (ridged multifractal) */
  ridged(x: number, y: number, octaves: number, gain = 0.5): number {
    let sum = 0;
    for (let left = octaves, weight = 0.55, above = 1; left > 0; left--, weight *= gain) {
      const slope = 1 - Math.abs(this.at(x, y));
      const crest = slope * slope;
      sum += crest * above * weight * Math.min(1, left);
      above = Math.min(1, crest * 1.4);
      const turned = x * 1.6 + y * 1.2 + 17.3;
      y = y * 1.6 - x * 1.2 + 5.1;
      x = turned;
    }
    return sum;
  }

  #slope(index: number, u: number, v: number): number {
    const which = this.#order[index & (2 * SIZE - 1)]! * 2;
    return this.#slopes[which]! * u + this.#slopes[which + 1]! * v;
  }
}

/** From `a` to `b`. */
export const mix = (a: number, b: number, t: number): number => a + (b - a) * t;

const fade = (t: number): number => t * t * t * (t * (t * 6 - 15) + 10);

export const clamp = (value: number): number => (value < 0 ? 0 : value > 1 ? 1 : value);

/** 0 below `low`, 1 above `high`, smooth in between; turned round when `high` is the lower one. */
export const step = (low: number, high: number, value: number): number => {
  const t = clamp((value - low) / (high - low));
  return t * t * (3 - 2 * t);
};
