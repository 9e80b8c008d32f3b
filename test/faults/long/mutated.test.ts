import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Sharp } from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readHolder } from '../../../main/engine/lock.ts';
import { connectBuilt } from '../../support/built.ts';
import { CORNERS } from '../../support/colours.ts';
import { temporaryFolder } from '../../support/command-line.ts';
import { heicFile } from '../../support/heic-file.ts';
import { everyFormat } from '../../support/image-files.ts';
import { jxlContainer, jxlFile } from '../../support/jxl-file.ts';
import { MUTATIONS, mutate } from '../../support/mutations.ts';
import { paint } from '../../support/paintings.ts';
import { rafFile, rawFiles } from '../../support/raw-files.ts';
import { Random } from '../../support/scenes/random.ts';

const FILES = 1000;
const WRITTEN = new Date('2019-08-01T10:00:00Z');
const [WIDTH, HEIGHT] = [160, 128];

let folder = '';
let photos = '';
let remove: () => Promise<void>;
beforeEach(async () => {
  [folder, remove] = await temporaryFolder();
  photos = join(folder, 'photos');
  await mkdir(photos);
});
afterEach(() => remove());

const picture = (): Sharp =>
  paint(WIDTH, HEIGHT, (x, y) => [255 * x, 255 * y, 127 + 127 * Math.sin(40 * x) * Math.cos(30 * y)]);

const EXTENSIONS: Readonly<Record<string, string>> = { jpeg: 'jpg', tiff: 'tif' };

/** One sound file of every format that can be read. */
const soundFiles = async (): Promise<
  { readonly name: string; readonly extension: string; readonly file: Buffer }[]
> => {
  const jpeg = await picture()
    .withExif({ IFD0: { Make: 'Lumen', Model: 'L1' } })
    .jpeg()
    .toBuffer();
  const small = await picture().resize(40, 32).jpeg().toBuffer();
  const heic = heicFile({
    width: WIDTH,
    height: HEIGHT,
    paint: (x, y) => CORNERS[(x < WIDTH / 2 ? 0 : 1) + (y < HEIGHT / 2 ? 0 : 2)] ?? CORNERS[0],
  });
  const jxl = await jxlFile(picture());
  const files = [
    ...(await everyFormat(picture())),
    ['heic', heic] as const,
    ['jxl', jxl] as const,
    ['boxed jxl', jxlContainer(jxl, 2)] as const,
    ...rawFiles({ large: jpeg, small, orientation: 6 }),
    ['raf', rafFile(jpeg)] as const,
  ];
  return files.map(([name, file]) => {
    const format = name.split(' ').at(-1) ?? '';
    return { name, file, extension: EXTENSIONS[format] ?? format };
  });
};

describe('1,000 damaged files of every format', () => {
  it('end no engine, and each of them is a photo or named with a reason', async () => {
    const random = new Random(12);
    const sound = await soundFiles();
    const names: string[] = [];
    for (let number = 0; number < FILES; number++) {
      const { name, extension, file } = sound[number % sound.length]!;
      const mutation = MUTATIONS[Math.floor(number / sound.length) % MUTATIONS.length]!;
      const path = join(photos, `${name} ${mutation} ${String(number)}.${extension}`);
      await writeFile(path, mutate(file, mutation, random));
      await utimes(path, WRITTEN, WRITTEN);
      names.push(basename(path));
    }
    const library = join(folder, 'library');
    const connection = await connectBuilt(library);
    const { client } = connection;
    try {
      const engine = await readHolder(library);
      await client.call('models.use', { id: 'starter' });
      await client.call('roots.add', { path: photos });
      const report = await client.call('index.run', {});
      const { failures } = report;
      expect(report).toMatchObject({ cancelled: false, unchanged: 0, moved: 0, removed: 0 });
      expect(report.indexed + report.copied + report.failed).toBe(FILES);
      const kinds = [...new Set(failures.map(({ kind }) => kind))].map(
        (kind) => `${String(failures.filter((failure) => failure.kind === kind).length)} ${kind}`,
      );
      console.info(
        `${String(report.indexed)} photos, ${String(report.copied)} with the pixels of another; failed: ${kinds.join(', ')}; ` +
          `${report.seconds.toFixed(1)} s.`,
      );
      // Each is there, or named with a reason that says something; none of both.
      expect(failures.every(({ message }) => message.length > 20)).toBe(true);
      const failed = new Set(failures.map(({ path }) => basename(path)));
      expect(failed.size).toBe(report.failed);
      for (const name of names) {
        const { id } = await client.call('photos.find', { photo: join(photos, name) });
        expect(id === null, name).toBe(failed.has(name));
      }
      expect(report.indexed).toBeGreaterThan(FILES / 10);
      expect(report.failed).toBeGreaterThan(FILES / 10);
      // The same engine, which does not try them again, and answers.
      expect(await client.call('index.run', {})).toMatchObject({
        indexed: 0,
        unchanged: FILES - report.failed,
        failed: report.failed,
      });
      expect((await client.call('search', { query: 'red' })).total).toBeGreaterThan(0);
      expect(await readHolder(library)).toEqual(engine);
      expect(await readdir(photos)).toHaveLength(FILES);
    } finally {
      await connection.close();
    }
  });
});
