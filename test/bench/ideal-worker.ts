import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { OwnFolder } from '../../app/base/disk.ts';
import { ImageTower } from '../../app/embed/image-tower.ts';
import { describeModel } from '../../app/embed/model.ts';
import { cropFor } from '../../app/embed/preprocessing.ts';
import { decode, inspect } from '../../app/media/decode.ts';
import { reducedSize } from '../../app/media/reduced.ts';
import { writeThumbnail } from '../../app/media/thumbnail.ts';

/**
 * One core's share of the ideal: decoding with thumbnails alone, then inference alone, neither waiting for anything.
 * usage: <model folder> <folder for thumbnails> <path>…
 * Answers `decode`, `decode-for-tower` and `inference` with seconds per photo; every core is asked at the same moment.
 */
const [directory = '', thumbnails = '', ...paths] = process.argv.slice(2);
sharp.cache(false);
sharp.concurrency(1);
const model = await describeModel(directory);
const tower = await ImageTower.load(model, 1);
const { height, width } = model.preprocessing.crop;
const input = new Uint8Array(3 * height * width).fill(100);

/** @param forTower whether the model's input is made from the same pixels, too */
const decodeAll = async (forTower: boolean): Promise<number> => {
  const began = performance.now();
  for (const [index, path] of paths.entries()) {
    const picture = await inspect(await readFile(path));
    const pixels = await decode(picture, reducedSize(picture));
    await writeThumbnail(pixels, new OwnFolder(thumbnails), `${String(process.pid)}-${String(index)}`);
    if (forTower) await cropFor(model.preprocessing, pixels, picture);
  }
  return (performance.now() - began) / 1000 / paths.length;
};

/** Best of one at a time and whole batches. */
const inferAll = async (): Promise<number> => {
  const perPhoto: number[] = [];
  for (const batch of [1, tower.batch]) {
    const runs = Math.ceil(Math.min(paths.length, 120) / batch);
    const began = performance.now();
    for (let run = 0; run < runs; run++) await tower.embed(Array.from({ length: batch }, () => input));
    perPhoto.push((performance.now() - began) / 1000 / (runs * batch));
  }
  return Math.min(...perPhoto);
};

process.on('message', (phase) => {
  void (phase === 'inference' ? inferAll() : decodeAll(phase === 'decode-for-tower')).then((seconds) =>
    process.send?.(seconds),
  );
});
process.send?.('ready');
