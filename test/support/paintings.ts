import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import type { Colour } from './colours.ts';

/** Colour of the pixel at fractions `x`, `y` of the picture. */
type Paint = (x: number, y: number) => Colour;

/** Repeatable noise in [0, 1). */
const noise = (seed: number): number => {
  const value = Math.sin(seed * 12.9898) * 43_758.5453;
  return value - Math.floor(value);
};

const mix = (a: Colour, b: Colour, t: number): Colour => [
  a[0] + (b[0] - a[0]) * t,
  a[1] + (b[1] - a[1]) * t,
  a[2] + (b[2] - a[2]) * t,
];
const grain = ([r, g, b]: Colour, amount: number, seed: number): Colour => {
  const n = (noise(seed) - 0.5) * amount;
  return [r + n, g + n, b + n];
};
const flat =
  (colour: Colour): Paint =>
  (x, y) =>
    grain(colour, 6, x * 997 + y * 131);
const halves =
  (top: Colour, bottom: Colour): Paint =>
  (x, y) =>
    grain(y < 0.5 ? top : bottom, 10, x * 997 + y * 131);
const fade =
  (top: Colour, bottom: Colour): Paint =>
  (_x, y) =>
    mix(top, bottom, y);

/** Pictures with known content, by file name; what the starter model can tell apart. */
const paintings: Readonly<Record<string, Paint>> = {
  'red.jpg': flat([200, 25, 25]),
  'green.jpg': flat([30, 150, 40]),
  'blue.png': flat([30, 60, 200]),
  'yellow.webp': flat([240, 215, 40]),
  'orange sunset.jpg': fade([250, 150, 40], [120, 30, 60]),
  'snow.jpg': (x, y) => grain([240, 244, 250], 14, x * 83 + y * 7919),
  'night.jpg': (x, y) => (noise(Math.floor(x * 60) * 61 + Math.floor(y * 60)) > 0.99 ? [220, 220, 200] : [8, 9, 20]),
  'blue sky over grass.jpg': halves([110, 170, 245], [60, 140, 50]),
  'black and white.png': (x, y) => {
    const grey = 255 * noise(Math.floor(x * 24) * 71 + Math.floor(y * 24) * 13);
    return [grey, grey, grey];
  },
  'forest.tif': (x, y) => grain([30, 80, 30], 90, Math.floor(x * 90) * 37 + Math.floor(y * 90) * 101),
};

/** A picture as raw RGB, painted pixel by pixel. */
export const paint = (width: number, height: number, colourAt: Paint): Sharp => {
  const data = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (const [channel, value] of colourAt(x / width, y / height).entries())
        data[(y * width + x) * 3 + channel] = Math.max(0, Math.min(255, Math.round(value)));
    }
  }
  return sharp(data, { raw: { width, height, channels: 3 } });
};

/** Writes the known pictures, 480 × 320; `red.jpg` carries a camera and a capture time. @returns their names */
export const writePaintings = async (folder: string): Promise<string[]> => {
  await mkdir(folder, { recursive: true });
  for (const [name, colourAt] of Object.entries(paintings)) {
    const picture = paint(480, 320, colourAt);
    if (name === 'red.jpg')
      picture.withExif({ IFD0: { Make: 'Lumen', Model: 'L1' }, IFD2: { DateTimeOriginal: '2021:07:03 12:30:00' } });
    await picture.toFile(join(folder, name));
  }
  return Object.keys(paintings);
};

/** Writes `count` small pictures, each different, spread over sub-folders; quick to make and to index. @returns their relative paths */
export const writeMany = async (folder: string, count: number): Promise<string[]> => {
  const names: string[] = [];
  for (let index = 0; index < count; index++) {
    const name = `album ${String(index % 4)}/picture ${String(index)}.jpg`;
    const colour: Colour = [255 * noise(index), 255 * noise(index + 0.3), 255 * noise(index + 0.6)];
    const other: Colour = [255 * noise(index + 0.1), 255 * noise(index + 0.4), 255 * noise(index + 0.7)];
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), await paint(96, 64, fade(colour, other)).jpeg().toBuffer());
    names.push(name);
  }
  return names;
};
