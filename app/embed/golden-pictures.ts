import type { Size } from '../media/decode.ts';

/** What a picture shows at a place, both coordinates in [0, 1): levels of red, green and blue in [0, 1]. */
type Painter = (x: number, y: number) => readonly [number, number, number];

/** Pseudo-random in [0, 1), the same for the same place everywhere. */
const random = (x: number, y: number, seed: number): number => {
  let bits = Math.imul(x, 0x9e3779b1) ^ Math.imul(y, 0x85ebca6b) ^ Math.imul(seed, 0xc2b2ae35);
  bits = Math.imul(bits ^ (bits >>> 15), 0x2c1b3c6d);
  bits = Math.imul(bits ^ (bits >>> 12), 0x297a2d39);
  return ((bits ^ (bits >>> 15)) >>> 0) / 2 ** 32;
};

const mix = (from: number, to: number, share: number): number => from + (to - from) * share;

/** Smooth noise of so many cells across. */
const waves = (x: number, y: number, cells: number, seed: number): number => {
  const [column, row] = [Math.floor(x * cells), Math.floor(y * cells)];
  const [across, down] = [x * cells - column, y * cells - row];
  const edge = (line: number): number =>
    mix(random(column, line, seed), random(column + 1, line, seed), across * across * (3 - 2 * across));
  return mix(edge(row), edge(row + 1), down * down * (3 - 2 * down));
};

/** Noise of every size, as clouds and ground have. */
const clouds = (x: number, y: number, seed: number): number =>
  [4, 8, 16, 32].reduce((sum, cells) => sum + (waves(x, y, cells, seed + cells) * 2) / cells, 0) / 0.94;

const isIn = (x: number, y: number, left: number, top: number, radius: number): boolean =>
  (x - left) ** 2 + (y - top) ** 2 < radius ** 2;

const PAINTERS: readonly Painter[] = [
  // Sky over ground.
  (x, y) =>
    y < 0.6
      ? [mix(0.3, 0.8, y), mix(0.5, 0.85, y), mix(0.9, 1, clouds(x, y, 1))]
      : [0.3 * clouds(x, y, 2), 0.2 + 0.4 * clouds(x, y, 3), 0.15],
  // A face-like disc with two smaller ones in it.
  (x, y) => {
    if (isIn(x, y, 0.4, 0.45, 0.05) || isIn(x, y, 0.6, 0.45, 0.05)) return [0.1, 0.08, 0.05];
    return isIn(x, y, 0.5, 0.5, 0.3) ? [mix(0.95, 0.6, y), mix(0.75, 0.45, y), 0.5] : [0.2, 0.3, mix(0.3, 0.5, x)];
  },
  // Walls with windows.
  (x, y) => {
    const isWindow = (x * 6) % 1 > 0.5 && (y * 5) % 1 > 0.4;
    return isWindow ? [0.15, 0.2, 0.3] : [mix(0.8, 0.5, x), 0.55, 0.45 + 0.1 * clouds(x, y, 5)];
  },
  // Night with lights.
  (x, y) => (waves(x, y, 24, 6) > 0.85 ? [1, 0.9, 0.6] : [0.02, 0.02, mix(0.12, 0.02, y)]),
  // Leaves: strong colours, fine detail.
  (x, y) => [0.6 * waves(x, y, 40, 7), mix(0.2, 0.9, waves(x, y, 24, 8)), 0.3 * waves(x, y, 60, 9)],
  // Bright cloth in stripes.
  (x, y) => {
    const stripe = Math.floor((x + y) * 7) % 2 === 0 ? 1 : 0;
    return [mix(0.9, 0.7, stripe), mix(0.1, 0.9, stripe), mix(0.2, 0.6, clouds(x, y, 10))];
  },
];

/** How many golden pictures there are. */
export const GOLDEN_COUNT = PAINTERS.length;

/**
 * Pictures that look a little like photos and are the same on every computer, to compare what two ways of running a tower
 * make of them.
 *
 * @returns interleaved 8-bit sRGB, `[height × width × 3]` each
 */
export const goldenPictures = ({ width, height }: Size): readonly Uint8Array[] =>
  PAINTERS.map((paint) => {
    const picture = new Uint8Array(width * height * 3);
    for (let index = 0; index < width * height; index++) {
      const levels = paint((index % width) / width, Math.floor(index / width) / height);
      for (const [channel, level] of levels.entries())
        picture[index * 3 + channel] = Math.round(255 * Math.min(1, Math.max(0, level)));
    }
    return picture;
  });
