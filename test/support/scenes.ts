import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { Canvas } from './scenes/canvas.ts';
import { kinds, type Kind } from './scenes/kinds.ts';
import { label } from './scenes/labels.ts';
import { Noise } from './scenes/noise.ts';
import { Random } from './scenes/random.ts';

interface Outing {
  readonly kind: Kind;
  /** Which of its kind, from 1. */
  readonly number: number;
  readonly day: Date;
}

export interface Scene {
  /** `sunset 3.jpg`: its kind, and which of that kind. */
  readonly name: string;
  readonly kind: string;
  readonly width: number;
  readonly height: number;
}

const LAST_DAY = Date.UTC(2024, 9, 20);
const DAYS_BETWEEN = 18;

/** Days back in time, and what was there to see: in season, and not seen for long. */
const outings = (count: number): Outing[] => {
  const random = new Random(0);
  const sights = random.shuffled(kinds).map((kind, place) => ({ kind, last: -place - 1, number: 0 }));
  return Array.from({ length: count }, (_, index) => {
    const day = new Date(LAST_DAY - (index * DAYS_BETWEEN + random.whole(0, DAYS_BETWEEN - 1)) * 86_400_000);
    const wait = ({ kind, last }: (typeof sights)[number]): number => (index - last) * (kind.often ?? 1);
    const next = sights.filter(({ kind }) => inSeason(kind, day)).reduce((a, b) => (wait(b) > wait(a) ? b : a));
    next.last = index;
    return { kind: next.kind, number: ++next.number, day };
  });
};

const inSeason = ({ months: [from, to] }: Kind, day: Date): boolean => {
  const month = day.getUTCMonth() + 1;
  return (month >= from && month <= to) || month + 12 <= to;
};

/** Paints an imaginary landscape that looks like a photo, with what a camera would write into it. */
const paint = async ({ kind, number, day }: Outing, seed: number): Promise<Scene & { readonly jpeg: Buffer }> => {
  const random = new Random(seed, number);
  const shape = random.pick(kind.shapes);
  const longest = random.whole(90, 140) * 10;
  const [width, height] = shape < 1 ? [Math.round(longest * shape), longest] : [longest, Math.round(longest / shape)];
  const canvas = new Canvas(width, height);
  kind.paint(canvas, random, new Noise(random));
  const picture = sharp(canvas.develop(random), { raw: { width, height, channels: 3 } });
  const jpeg = await label(picture, kind, day, random).jpeg({ quality: 88 }).toBuffer();
  return { name: `${kind.name} ${number}.jpg`, kind: kind.name, width, height, jpeg };
};

/** Paints `count` scenes into a folder, the same ones every time. @returns what they are, newest first */
export const writeScenes = async (folder: string, count: number): Promise<Scene[]> => {
  await mkdir(folder, { recursive: true });
  const scenes: Scene[] = [];
  for (const [seed, outing] of outings(count).entries()) {
    const { jpeg, ...scene } = await paint(outing, seed);
    await writeFile(join(folder, scene.name), jpeg);
    scenes.push(scene);
  }
  return scenes;
};
