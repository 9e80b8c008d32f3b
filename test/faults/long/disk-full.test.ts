import { cp, mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Client } from '../../../app/contract/index.ts';
import { connectBuilt } from '../../support/built.ts';
import { temporaryFolder } from '../../support/command-line.ts';
import { contentsOf, type Contents } from '../../support/contents.ts';
import { canMount, Drive, needsMount } from '../../support/drive.ts';
import { writeAsFormat1 } from '../../support/format-1.ts';
import { writeMany } from '../../support/paintings.ts';

const PHOTOS = 120;
const MEGABYTE = 2 ** 20;
const FULL = { kind: 'disk-full', message: expect.stringMatching(/disk .*full.*free/isu) as string };

let folder = '';
let photos = '';
let library = '';
let remove: () => Promise<void>;
let drive: Drive;

beforeEach(async () => {
  if (!canMount) return;
  [folder, remove] = await temporaryFolder();
  photos = join(folder, 'photos');
  library = join(folder, 'library');
  await writeMany(photos, PHOTOS);
  drive = Drive.make(join(folder, 'drive'), 48 * MEGABYTE);
});
afterEach(async () => {
  if (!canMount) return;
  drive.end();
  await remove();
});

const withLibrary = async <T>(where: string, work: (client: Client) => Promise<T>): Promise<T> => {
  const connection = await connectBuilt(where);
  try {
    return await work(connection.client);
  } finally {
    await connection.close();
  }
};
const begin = async (client: Client): Promise<void> => {
  await client.call('models.use', { id: 'starter' });
  await client.call('roots.add', { path: photos });
};
const index = (client: Client) => client.call('index.run', {});

/** The same photos in a library whose disk was never full. */
const undisturbed = (): Promise<Contents> =>
  withLibrary(join(folder, 'undisturbed'), async (client) => {
    await begin(client);
    expect(await index(client)).toMatchObject({ indexed: PHOTOS, failed: 0 });
    return contentsOf(client);
  });

describe.runIf(canMount)(`a disk that is full${needsMount}`, () => {
  it('while thumbnails are written: it is said, what was written stays, the rest follows', async () => {
    await withLibrary(library, begin);
    drive.plugIn(join(library, 'thumbnails'), 'thumbnails');
    await withLibrary(library, async (client) => {
      drive.leave(200 * 1024);
      await expect(index(client)).rejects.toMatchObject(FULL);
      // The engine stays, and says the same of a second try.
      await expect(index(client)).rejects.toMatchObject(FULL);
      const { total } = await client.call('photos.page', {});
      expect(total).toBeLessThan(PHOTOS);
      await drive.relieve();
      const report = await index(client);
      expect(report).toMatchObject({ failed: 0, removed: 0 });
      expect(report.indexed + report.copied + report.unchanged).toBe(PHOTOS);
      expect(await contentsOf(client)).toEqual(await undisturbed());
      drive.pull(join(library, 'thumbnails'));
    });
  });

  it('while vectors are written, at any point: nothing half, and the rest follows', async () => {
    const wanted = await undisturbed();
    await withLibrary(library, begin);
    await rename(join(library, 'database'), join(folder, 'database'));
    let isFull = 0;
    // How much is left before it is full, in kilobytes.
    for (const left of [0, 16, 48, 96, 160, 256, 384, 640]) {
      await cp(join(folder, 'database'), join(drive.home, 'database'), { recursive: true });
      drive.plugIn(join(library, 'database'), 'database');
      await withLibrary(library, async (client) => {
        drive.leave(left * 1024);
        const outcome = await index(client).catch((error: unknown) => error);
        if (outcome instanceof Error) {
          isFull += 1;
          expect(outcome, `${String(left)} kB`).toMatchObject(FULL);
        }
        // It still answers from what it has.
        const { total } = await client.call('photos.page', {});
        expect((await client.call('search', { query: 'red', limit: 1000 })).results).toHaveLength(total);
      });
      // Opened while the disk is full, it answers or says why it cannot; nothing is taken for damaged.
      await withLibrary(library, (client) => client.call('status', {})).then(
        ({ notices }) => {
          expect(notices).toEqual([]);
        },
        (error: unknown) => {
          expect(error, `${String(left)} kB`).toMatchObject(FULL);
        },
      );
      await drive.relieve();
      await withLibrary(library, async (client) => {
        // Of photos that were written without their files, the bytes tell who they are.
        const report = await index(client);
        expect(report, `${String(left)} kB`).toMatchObject({ failed: 0, removed: 0 });
        expect(report.indexed + report.copied + report.unchanged).toBe(PHOTOS);
        expect((await client.call('status', {})).notices).toEqual([]);
        expect(await contentsOf(client), `${String(left)} kB`).toEqual(wanted);
      });
      drive.pull(join(library, 'database'));
      await rm(join(drive.home, 'database'), { recursive: true });
    }
    expect(isFull).toBeGreaterThan(3);
  });

  it('while a library is brought forward: the old one stays whole, and is brought forward when there is space', async () => {
    const old = join(folder, 'old');
    const wanted = await withLibrary(old, async (client) => {
      await begin(client);
      expect(await index(client)).toMatchObject({ indexed: PHOTOS, failed: 0 });
      await client.call('searches.save', { name: 'Kept', query: 'red' });
      return contentsOf(client);
    });
    await writeAsFormat1(old);
    let isFull = 0;
    for (const left of [0, 8, 24, 48, 96, 160, 256, 448]) {
      await mkdir(join(drive.home, 'library'), { mode: 0o700 });
      await cp(old, join(drive.home, 'library'), { recursive: true });
      drive.plugIn(library, 'library');
      drive.leave(left * 1024);
      for (let attempt = 0; attempt < 2; attempt++) {
        const error: unknown = await withLibrary(library, () => Promise.resolve(null)).catch(
          (reason: unknown) => reason,
        );
        if (error === null) continue;
        isFull += 1;
        expect(error, `${String(left)} kB`).toMatchObject(FULL);
      }
      await drive.relieve();
      await withLibrary(library, async (client) => {
        expect((await client.call('status', {})).notices, `${String(left)} kB`).toEqual([]);
        expect((await client.call('searches.list', {})).saved).toMatchObject([{ name: 'Kept', query: 'red' }]);
        expect(await contentsOf(client), `${String(left)} kB`).toEqual(wanted);
        expect(await index(client)).toMatchObject({ indexed: 0, unchanged: PHOTOS, failed: 0 });
      });
      expect(JSON.parse(await readFile(join(library, 'library.json'), 'utf8'))).toMatchObject({ format: 2 });
      drive.pull(library);
      await rm(join(drive.home, 'library'), { recursive: true });
    }
    expect(isFull).toBeGreaterThan(3);
  });
});
