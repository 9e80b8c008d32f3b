import { expect } from 'vitest';
import type { Pixels } from '../../app/media/decode.ts';

export type Colour = readonly [red: number, green: number, blue: number];

/** Four colours that no two formats mix up: upper left, upper right, lower left, lower right. */
export const CORNERS: readonly [Colour, Colour, Colour, Colour] = [
  [200, 20, 20],
  [20, 200, 20],
  [20, 20, 200],
  [200, 200, 20],
];

/** The middle of each corner, as shares of the picture. */
const PLACES = [
  [0.25, 0.25],
  [0.75, 0.25],
  [0.25, 0.75],
  [0.75, 0.75],
] as const;

const colourAt = ({ data, width, height }: Pixels, x: number, y: number): Colour => {
  const start = (Math.floor(y * height) * width + Math.floor(x * width)) * 3;
  return [data[start]!, data[start + 1]!, data[start + 2]!];
};

export const middle = (pixels: Pixels): Colour => colourAt(pixels, 0.5, 0.5);

/** Within a few levels: lossy formats and colour conversions round. */
export const expectColour = (found: Colour, wanted: Colour, tolerance = 6): void => {
  for (const [channel, value] of wanted.entries())
    expect(Math.abs(found[channel]! - value), `${found.join()} is not ${wanted.join()}`).toBeLessThanOrEqual(tolerance);
};

/** @param wanted the colours of the corners, in reading order */
export const expectCorners = (pixels: Pixels, wanted: readonly Colour[], tolerance?: number): void => {
  for (const [corner, [x, y]] of PLACES.entries()) expectColour(colourAt(pixels, x, y), wanted[corner]!, tolerance);
};
