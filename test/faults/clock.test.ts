import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Client } from '../../app/contract/index.ts';
import type { Connection } from '../../main/engine/connect.ts';
import { connectBuilt } from '../support/built.ts';
import { temporaryFolder } from '../support/command-line.ts';
import { plain } from '../support/image-files.ts';
import { writeMany } from '../support/paintings.ts';

const PHOTOS = 60;
const DAY = 86_400_000;
let folder = '';
let photos = '';
let library = '';
let remove: () => Promise<void>;
let options: string | undefined;
let connection: Connection | null = null;
let client: Client;

/**
 * Shifts the clock that JavaScript reads in every process that is started from now on, by as many milliseconds as a file
 * says, which is looked at again and again. The clock of the machine, of the file system and of native code stays.
 */
const shiftClocks = async (): Promise<void> => {
  const preload = join(folder, 'clock.mjs');
  await writeFile(
    preload,
    `import { readFileSync } from 'node:fs';
const read = () => Number(readFileSync(${JSON.stringify(join(folder, 'shift'))}, 'utf8')) || 0;
let shift = read();
setInterval(() => (shift = read()), 20).unref();
const Real = Date;
globalThis.Date = class Date extends Real {
  constructor(...given) {
    super(...(given.length === 0 ? [Real.now() + shift] : given));
  }
  static now() {
    return Real.now() + shift;
  }
};
`,
  );
  process.env.NODE_OPTIONS = `--import ${pathToFileURL(preload).href}`;
};
const setClock = (milliseconds: number): Promise<void> => writeFile(join(folder, 'shift'), String(milliseconds));

beforeEach(async () => {
  [folder, remove] = await temporaryFolder();
  photos = join(folder, 'photos');
  library = join(folder, 'library');
  await writeMany(photos, PHOTOS);
  options = process.env.NODE_OPTIONS;
  await setClock(0);
  await shiftClocks();
  await open();
  await client.call('models.use', { id: 'starter' });
  await client.call('roots.add', { path: photos });
});
afterEach(async () => {
  await connection?.close();
  if (options === undefined) delete process.env.NODE_OPTIONS;
  else process.env.NODE_OPTIONS = options;
  await remove();
});

const open = async (): Promise<void> => {
  await connection?.close();
  connection = null;
  connection = await connectBuilt(library);
  ({ client } = connection);
};
const index = () => client.call('index.run', {});
const ids = async (): Promise<string[]> => (await client.call('photos.page', {})).photos.map(({ id }) => id).sort();
const total = async (): Promise<number> => (await client.call('photos.page', {})).total;

describe('a clock that is set back', () => {
  it('makes nothing old or new that is not, before and after a restart', async () => {
    expect(await index()).toMatchObject({ indexed: PHOTOS, failed: 0 });
    await setClock(-800 * DAY);
    // Before anything new is written, the engine is to have seen the new time.
    await expect.poll(async () => (await index()).unchanged).toBe(PHOTOS);
    for (const restart of [false, true]) {
      if (restart) await open();
      expect(await index()).toMatchObject({ indexed: 0, unchanged: PHOTOS });
      await rename(join(photos, 'album 0'), join(photos, 'renamed'));
      expect(await index()).toMatchObject({ indexed: 0, moved: PHOTOS / 4, removed: 0, unchanged: (PHOTOS * 3) / 4 });
      await rename(join(photos, 'renamed'), join(photos, 'album 0'));
      expect(await index()).toMatchObject({ indexed: 0, moved: PHOTOS / 4 });
    }
    // What went away in the wrong year comes back in the right one, and the other way round.
    const before = await ids();
    await rename(join(photos, 'album 1'), join(folder, 'album 1'));
    expect(await index()).toMatchObject({ removed: PHOTOS / 4 });
    await setClock(0);
    await open();
    await rename(join(photos, 'album 2'), join(folder, 'album 2'));
    await rename(join(folder, 'album 1'), join(photos, 'album 1'));
    const back = await index();
    expect(back).toMatchObject({ removed: PHOTOS / 4, failed: 0 });
    // A time so long ago may count as more than the grace period: then they are read again, and are who they were.
    expect(back.copied + back.indexed).toBe(PHOTOS / 4);
    await setClock(-800 * DAY);
    await open();
    await rename(join(folder, 'album 2'), join(photos, 'album 2'));
    expect(await index()).toMatchObject({ copied: PHOTOS / 4, indexed: 0 });
    expect(await ids()).toEqual(before);
  });

  it('holds up nothing: files from the future are indexed at once, while a run is under way and while folders are followed', async () => {
    await mkdir(join(photos, 'more'));
    await writeMany(join(photos, 'more'), 2 * PHOTOS);
    const running = index();
    await setClock(-800 * DAY);
    const report = await running;
    expect(report.failed).toBe(0);
    expect(report.indexed + report.copied).toBe(3 * PHOTOS);
    await client.call('library.follow', {});
    await expect.poll(async () => (await client.call('status', {})).roots[0]?.watching).toBe('events');
    const before = await total();
    await plain('#fedcba').jpeg().toFile(join(photos, 'new.jpg'));
    await expect.poll(total).toBe(before + 1);
    await rm(join(photos, 'new.jpg'));
    await expect.poll(total).toBe(before);
    expect((await readdir(photos)).length).toBeGreaterThan(0);
  });
});
