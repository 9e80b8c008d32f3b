/** A synthetic picture, described so that anyone can paint it again to the last bit, at any size. */
export interface Picture {
  /** Colours at heights from 0 (top) to 1, mixed evenly in between; two colours at one height make an edge. */
  readonly rows: readonly (readonly [height: number, colour: string])[];
  /** A disc in the middle; the radius is a part of the width. */
  readonly disc?: { readonly colour: string; readonly radius: number };
  /** Dots strewn over a grid: `share` of its cells take the colour. */
  readonly dots?: { readonly colour: string; readonly share: number; readonly cells: number };
  /** Cells of a grid made lighter or darker by up to `amount` of 255, in each channel on its own when `coloured`. */
  readonly noise?: { readonly amount: number; readonly cells: number; readonly coloured?: boolean };
}

/** Paints a picture. @returns sRGB bytes, `[height × width × 3]` */
export function paint(picture: Picture, width: number, height: number): Uint8Array {
  const pixels = new Uint8ClampedArray(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [u, v] = [(x + 0.5) / width, (y + 0.5) / height] as const;
      for (let channel = 0; channel < 3; channel++) {
        const noise = grain(picture, u, v, channel);
        pixels[(y * width + x) * 3 + channel] = Math.round(shade(picture, u, v, channel) + noise);
      }
    }
  }
  return new Uint8Array(pixels.buffer);
}

function shade(picture: Picture, u: number, v: number, channel: number): number {
  const { rows, disc, dots } = picture;
  if (disc && Math.hypot(u - 0.5, v - 0.5) < disc.radius) return channelOf(disc.colour, channel);
  if (dots && chance(u, v, dots.cells, 3) < dots.share) return channelOf(dots.colour, channel);
  const below = rows.findIndex(([height]) => height > v);
  if (below === -1) return channelOf(rows.at(-1)![1], channel);
  const [low, last] = rows[below]!;
  const [high, first] = rows[below - 1]!;
  const part = (v - high) / (low - high);
  return channelOf(first, channel) * (1 - part) + channelOf(last, channel) * part;
}

function grain({ noise }: Picture, u: number, v: number, channel: number): number {
  if (!noise) return 0;
  return (2 * chance(u, v, noise.cells, noise.coloured ? channel : 0) - 1) * noise.amount;
}

function channelOf(colour: string, channel: number): number {
  return parseInt(colour.slice(1 + 2 * channel, 3 + 2 * channel), 16);
}

/** A number in [0, 1) that belongs to a cell of the grid: an integer hash, so that it is the same everywhere. */
function chance(u: number, v: number, cells: number, salt: number): number {
  let hash = Math.imul(Math.floor(u * cells) + 1, 0x9e3779b1) ^ Math.imul(Math.floor(v * cells) + 1, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 15) ^ Math.imul(salt + 1, 0xc2b2ae35), 0x2c1b3c6d);
  hash = Math.imul(hash ^ (hash >>> 12), 0x297a2d39);
  return ((hash ^ (hash >>> 15)) >>> 0) / 2 ** 32;
}
