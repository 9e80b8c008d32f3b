import type { Light } from './colour.ts';
import { clamp, mix, type Noise } from './noise.ts';
import type { Random } from './random.ts';

/** Puts the light at (x, y) into `out`. @returns how much of the pixel it covers, in [0, 1] */
export type Shader = (x: number, y: number, out: Light) => number;

/** Part of a canvas, in its coordinates. */
export interface Box {
  readonly left?: number;
  readonly top?: number;
  readonly right?: number;
  readonly bottom?: number;
}

export const around = (x: number, y: number, radius: number): Box => ({
  left: x - radius,
  top: y - radius,
  right: x + radius,
  bottom: y + radius,
});

/** Paints one kind of picture, another one for each `random` and `noise`. */
export type Painter = (canvas: Canvas, random: Random, noise: Noise) => void;

/** A picture in linear light. Its height is 1 and its width `aspect`; y points down. */
export class Canvas {
  readonly width: number;
  readonly height: number;
  readonly aspect: number;
  /** `[height × width × 3]`, row-major. */
  readonly data: Float32Array;

  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    this.aspect = width / height;
    this.data = new Float32Array(width * height * 3);
  }

  /** Covers what is there. */
  paint(shader: Shader, box: Box = {}): void {
    this.#put(shader, box, 1);
  }

  /** Adds light to what is there. */
  shine(shader: Shader, box: Box = {}): void {
    this.#put(shader, box, 0);
  }

  /** Writes the light at (x, y), or at the nearest edge, into `out`. */
  look(x: number, y: number, out: Light): void {
    const column = Math.max(0, Math.min(this.width - 1, Math.floor(x * this.height)));
    const row = Math.max(0, Math.min(this.height - 1, Math.floor(y * this.height)));
    const i = (row * this.width + column) * 3;
    out[0] = this.data[i]!;
    out[1] = this.data[i + 1]!;
    out[2] = this.data[i + 2]!;
  }

  /** A costly smooth function, worked out at every `spacing`th pixel of a box and mixed in between. */
  coarse(spacing: number, { top = 0, bottom = 1 }: Box, value: (x: number, y: number) => number): typeof value {
    const first = Math.floor(top * this.height);
    const columns = Math.ceil(this.width / spacing) + 2;
    const rows = Math.ceil((bottom * this.height - first) / spacing) + 2;
    const grid = new Float32Array(columns * rows);
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        grid[row * columns + column] = value((column * spacing) / this.height, (first + row * spacing) / this.height);
      }
    }
    return (x, y) => {
      const u = Math.max(0, (x * this.height) / spacing);
      const v = Math.max(0, (y * this.height - first) / spacing);
      const column = Math.min(columns - 2, Math.floor(u));
      const row = Math.min(rows - 2, Math.floor(v));
      const i = row * columns + column;
      const above = mix(grid[i]!, grid[i + 1]!, u - column);
      return mix(above, mix(grid[i + columns]!, grid[i + columns + 1]!, u - column), v - row);
    };
  }

  /** Takes the colour away and deepens the contrast. */
  drain(): void {
    for (let i = 0; i < this.data.length; i += 3) {
      const grey = 0.3 * this.data[i]! + 0.6 * this.data[i + 1]! + 0.1 * this.data[i + 2]!;
      this.data[i] = this.data[i + 1] = this.data[i + 2] = 1.15 * grey ** 1.3;
    }
  }

  /** The print: highlights rolled off, corners darker, film grain. @returns sRGB bytes, `[height × width × 3]` */
  develop(random: Random): Buffer {
    const print = Buffer.allocUnsafe(this.data.length);
    const speckles = Float32Array.from(
      { length: 8191 },
      () => (random.next() + random.next() + random.next() - 1.5) * GRAIN,
    );
    const reach = (this.aspect ** 2 + 1) / 4;
    for (let row = 0, i = 0, speckle = 0; row < this.height; row++) {
      const y = row / this.height - 0.5;
      speckle += random.whole(0, 8190);
      for (let column = 0; column < this.width; column++, speckle++) {
        const x = column / this.height - this.aspect / 2;
        const far = (x * x + y * y) / reach;
        const shade = 1 - VIGNETTE * far * far;
        const speck = speckles[speckle % 8191]!;
        for (let c = 0; c < 3; c++, i++) print[i] = 255 * clamp(encode(this.data[i]! * shade) + speck) + 0.5;
      }
    }
    return print;
  }

  /** @param hiding how much a full cover hides of what is there */
  #put(shader: Shader, { left = 0, top = 0, right = this.aspect, bottom = 1 }: Box, hiding: number): void {
    const { data, width, height } = this;
    const out = new Float32Array(3);
    const first = Math.max(0, Math.floor(left * height));
    const last = Math.min(width, Math.ceil(right * height));
    const end = Math.min(height, Math.ceil(bottom * height));
    for (let row = Math.max(0, Math.floor(top * height)); row < end; row++) {
      for (let column = first, i = (row * width + first) * 3; column < last; column++, i += 3) {
        const cover = shader((column + 0.5) / height, (row + 0.5) / height, out);
        if (cover <= 0) continue;
        const rest = 1 - cover * hiding;
        data[i] = data[i]! * rest + out[0]! * cover;
        data[i + 1] = data[i + 1]! * rest + out[1]! * cover;
        data[i + 2] = data[i + 2]! * rest + out[2]! * cover;
      }
    }
  }
}

const GRAIN = 0.016;
const VIGNETTE = 0.24;

const CURVE = 4096;
/** sRGB of light up to 4, with a shoulder above 0.7 instead of a hard white. */
const curve = Float32Array.from({ length: CURVE + 1 }, (_, i) => {
  const value = (4 * i) / CURVE;
  const soft = value < 0.7 ? value : 1 - 0.3 * Math.exp((0.7 - value) / 0.3);
  return soft <= 0.0031308 ? soft * 12.92 : 1.055 * soft ** (1 / 2.4) - 0.055;
});

const encode = (value: number): number => {
  const at = Math.max(0, Math.min(3.999, value)) * (CURVE / 4);
  const i = Math.floor(at);
  return mix(curve[i]!, curve[i + 1]!, at - i);
};
