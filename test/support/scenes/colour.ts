import { labOf, type Lab } from '../../../models/generate/oklab.ts';
import { mix } from './noise.ts';

/** Linear light: red, green and blue, 1 what the paper can show. */
export type Light = Float32Array;

/** Light of a CSS colour such as `#d0201e`, `power` times as bright. */
export const light = (hex: string, power = 1): Light => linear(labOf(hex)).map((value) => value * power);

/** @see https://bottosson.github.io/posts/oklab/ */
const linear = ([lightness, a, b]: Lab): Light => {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return Float32Array.of(
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  );
};

const STEPS = 512;

/** A run of colours, mixed evenly to the eye (in OKLab). */
export class Ramp {
  readonly #table = new Float32Array((STEPS + 1) * 3);

  /** @param stops colours at equal distances, or each with its own place in [0, 1] */
  constructor(...stops: readonly (string | readonly [place: number, hex: string])[]) {
    const colours = stops.map((stop, i) =>
      typeof stop === 'string'
        ? { place: i / Math.max(1, stops.length - 1), lab: labOf(stop) }
        : { place: stop[0], lab: labOf(stop[1]) },
    );
    for (let i = 0; i <= STEPS; i++) {
      const at = i / STEPS;
      const after = colours.find(({ place }) => place >= at) ?? colours.at(-1)!;
      const before = colours.findLast(({ place }) => place <= at) ?? colours[0]!;
      const t = after.place > before.place ? (at - before.place) / (after.place - before.place) : 0;
      const part = (channel: 0 | 1 | 2): number => mix(before.lab[channel], after.lab[channel], t);
      this.#table.set(linear([part(0), part(1), part(2)]), i * 3);
    }
  }

  /** Writes the colour at `place`, times `power`, into `out`. */
  read(place: number, out: Light, power = 1): void {
    const i = Math.max(0, Math.min(STEPS, Math.round(place * STEPS))) * 3;
    out[0] = this.#table[i]! * power;
    out[1] = this.#table[i + 1]! * power;
    out[2] = this.#table[i + 2]! * power;
  }
}

/** Copies. `TypedArray.set` costs more than three numbers do. */
export const put = (colour: Light, out: Light): void => {
  out[0] = colour[0]!;
  out[1] = colour[1]!;
  out[2] = colour[2]!;
};

/** Moves `colour` towards `other`. */
export const blend = (colour: Light, other: Light, t: number): void => {
  colour[0] = mix(colour[0]!, other[0]!, t);
  colour[1] = mix(colour[1]!, other[1]!, t);
  colour[2] = mix(colour[2]!, other[2]!, t);
};

/** From `dark` at 0 to `bright` at 1. */
export const between =
  (dark: Light, bright: Light) =>
  (t: number, out: Light): void => {
    put(dark, out);
    blend(out, bright, t);
  };

/** Makes it `times` as bright. */
export const dim = (colour: Light, times: number): void => {
  for (let c = 0; c < 3; c++) colour[c]! *= times;
};
