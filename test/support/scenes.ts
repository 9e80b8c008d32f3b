import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { Canvas } from './scenes/canvas.ts';
import { kinds } from './scenes/kinds.ts';
import { label } from './scenes/labels.ts';
import { Random } from './scenes/random.ts';

export interface Scene {
  /** `sunset 3.jpg`: its kind, and which of that kind. */
  readonly name: string;
  readonly kind: string;
  readonly width: number;
  readonly height: number;
  readonly jpeg: Buffer;
}

const rota = kinds.flatMap((kind) => Array.from({ length: kind.often ?? 1 }, (_, turn) => ({ kind, turn })));

/**
 * Paints an imaginary landscape that looks like a photo, with what a camera would write into it.
 *
 * @param index which one; the kinds take turns, and each index gives the same picture every time
 */
export const paintScene = async (index: number): Promise<Scene> => {
  const { kind, turn } = rota[index % rota.length]!;
  const number = Math.floor(index / rota.length) * (kind.often ?? 1) + turn + 1;
  const random = new Random(index);
  const shape = random.pick(kind.shapes);
  const longest = random.whole(90, 140) * 10;
  const [width, height] = shape < 1 ? [Math.round(longest * shape), longest] : [longest, Math.round(longest / shape)];
  const canvas = new Canvas(width, height);
  kind.paint(canvas, random);
  const picture = sharp(canvas.develop(random), { raw: { width, height, channels: 3 } });
  const jpeg = await label(picture, kind, random).jpeg({ quality: 88 }).toBuffer();
  return { name: `${kind.name} ${number}.jpg`, kind: kind.name, width, height, jpeg };
};

/** Paints the first `count` scenes into a folder. */
export const writeScenes = async (folder: string, count: number): Promise<readonly Omit<Scene, 'jpeg'>[]> => {
  await mkdir(folder, { recursive: true });
  const written = [];
  for (let index = 0; index < count; index++) {
    const { jpeg, ...scene } = await paintScene(index);
    await writeFile(join(folder, scene.name), jpeg);
    written.push(scene);
  }
  return written;
};
