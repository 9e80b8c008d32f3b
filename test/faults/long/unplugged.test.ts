import { mkdir, readdir, rename, rmdir, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Client, Progress } from '../../../app/contract/index.ts';
import type { Connection } from '../../../main/engine/connect.ts';
import { connectBuilt } from '../../support/built.ts';
import { temporaryFolder } from '../../support/command-line.ts';
import { contentsOf } from '../../support/contents.ts';
import { canMount, Drive, needsMount } from '../../support/drive.ts';
import { writeMany } from '../../support/paintings.ts';
import { Random } from '../../support/scenes/random.ts';

/** In four albums, and a deep tree, so that a scan takes a while. */
const PHOTOS = 240;
const FOLDERS = 400;
const MEGABYTE = 2 ** 20;

let folder = '';
let photos = '';
let library = '';
let remove: () => Promise<void>;
let drive: Drive;
let connection: Connection;
let client: Client;

beforeEach(async () => {
  if (!canMount) return;
  [folder, remove] = await temporaryFolder();
  photos = join(folder, 'photos');
  library = join(folder, 'library');
  drive = Drive.make(join(folder, 'drive'), 64 * MEGABYTE);
  const names = await writeMany(drive.home, PHOTOS);
  for (let number = 0; number < FOLDERS; number++)
    await mkdir(join(drive.home, `folder ${String(number % 20)}`, `below ${String(number)}`), { recursive: true });
  for (const [number, name] of names.entries())
    if (number % 2 === 0)
      await rename(
        join(drive.home, name),
        join(drive.home, `folder ${String(number % 20)}`, `below ${String(number)}`, 'photo.jpg'),
      );
  drive.plugIn(photos);
  connection = await connectBuilt(library);
  ({ client } = connection);
  await client.call('models.use', { id: 'starter' });
  await client.call('roots.add', { path: photos });
});
afterEach(async () => {
  if (!canMount) return;
  await connection.close();
  drive.end();
  await remove();
});

const index = () => client.call('index.run', {});

/** Waits for a phase of a run. */
const reaches = (phase: Progress['phase'], done = 0): Promise<void> =>
  new Promise((resolve) => {
    const end = client.on('progress', (progress) => {
      if (progress.phase !== phase || progress.done < done) return;
      end();
      resolve();
    });
  });

describe.runIf(canMount)(`a drive that is pulled while it is read${needsMount}`, () => {
  it('loses nothing of what was found when it is pulled in the middle of scans', async () => {
    expect(await index()).toMatchObject({ indexed: PHOTOS, failed: 0 });
    const before = await contentsOf(client);
    const random = new Random(9);
    const outcomes: string[] = [];
    for (let pull = 0; pull < 24; pull++) {
      const running = index();
      await pause(random.between(0, 40));
      drive.pull(photos);
      const report = await running;
      expect(report).toMatchObject({ indexed: 0, removed: 0, moved: 0, failed: 0 });
      outcomes.push(report.offlineFolders.length > 0 ? 'offline' : 'read through');
      // Whatever it met, what it says afterwards holds: nothing is gone.
      expect((await client.call('photos.page', {})).total).toBe(PHOTOS);
      expect(await index()).toMatchObject({ offline: PHOTOS, removed: 0, failed: 0 });
      drive.plugIn(photos);
      expect(await index()).toMatchObject({ unchanged: PHOTOS, indexed: 0, copied: 0, offline: 0, failed: 0 });
    }
    expect(new Set(outcomes)).toContain('offline');
    expect(await contentsOf(client)).toEqual(before);
  });

  it('is offline, not empty, where it is mounted inside of a folder that stays', async () => {
    const around = join(folder, 'around');
    const inside = join(around, 'drives', 'nas');
    drive.plugIn(inside);
    await writeMany(join(around, 'own'), 3);
    await client.call('roots.add', { path: around });
    const found = await index();
    expect(found.indexed + found.copied).toBe(2 * PHOTOS + 3);
    const before = await contentsOf(client);
    for (const rest of ['a bare mount point', 'nothing']) {
      drive.pull(inside);
      if (rest === 'nothing') await rmdir(inside);
      expect(await index(), rest).toMatchObject({ removed: 0, moved: 0, offline: PHOTOS, offlineFolders: [inside] });
      drive.pull(photos);
      await index();
      const { results } = await client.call('search', { query: 'red', limit: 3 * PHOTOS });
      // Three of them are in the folder itself, too.
      expect(results.filter(({ offline }) => offline)).toHaveLength(PHOTOS - 3);
      for (const place of [photos, inside]) drive.plugIn(place);
      expect(await index(), rest).toMatchObject({ removed: 0, moved: 0, offline: 0, indexed: 0, copied: 0 });
      expect(await contentsOf(client), rest).toEqual(before);
    }
  });

  it('goes on where it was when it is pulled while photos are read', async () => {
    const running = index();
    await reaches('indexing', 20);
    drive.pull(photos);
    const first = await running;
    expect(first).toMatchObject({ failed: 0, removed: 0, offlineFolders: [photos] });
    expect(first.indexed).toBeLessThan(PHOTOS);
    expect((await client.call('status', {})).roots).toMatchObject([{ state: 'offline' }]);
    expect((await client.call('photos.page', {})).total).toBe(first.indexed);
    drive.plugIn(photos);
    const second = await index();
    expect(second).toMatchObject({ failed: 0, removed: 0, offline: 0, unchanged: first.indexed });
    expect(first.indexed + second.indexed).toBe(PHOTOS);
    expect((await client.call('index.failures', {})).total).toBe(0);
  });

  it('is offline when it is pulled while photos are waited for that are still being written', async () => {
    expect(await index()).toMatchObject({ indexed: PHOTOS });
    await writeMany(join(drive.home, 'being copied'), 5);
    const running = index();
    await reaches('indexing');
    drive.pull(photos);
    expect(await running).toMatchObject({ indexed: 0, failed: 0, removed: 0, offlineFolders: [photos] });
    expect((await client.call('status', {})).roots).toMatchObject([{ state: 'offline' }]);
    drive.plugIn(photos);
    expect(await index()).toMatchObject({ failed: 0, removed: 0, unchanged: PHOTOS });
  });

  it('is noticed while it is followed, gone and back', async () => {
    expect(await index()).toMatchObject({ indexed: PHOTOS });
    await client.call('library.follow', {});
    const state = async () => (await client.call('status', {})).roots[0];
    await expect.poll(async () => (await state())?.watching).toBe('events');
    drive.pull(photos);
    await expect.poll(async () => (await state())?.state, { timeout: 60_000 }).toBe('offline');
    const { results } = await client.call('search', { query: 'red', limit: PHOTOS });
    expect(results.filter(({ offline }) => offline)).toHaveLength(PHOTOS);
    const { path } = await client.call('photos.file', { id: results[0]?.id ?? '', as: 'thumbnail' });
    expect((await stat(path)).size).toBeGreaterThan(100);
    // What changed on it meanwhile is found without being asked for.
    await rename(join(drive.home, 'album 1'), join(drive.home, 'renamed elsewhere'));
    const [name = ''] = await readdir(join(drive.home, 'renamed elsewhere'));
    drive.plugIn(photos);
    await expect.poll(async () => (await state())?.state, { timeout: 60_000 }).toBe('ready');
    const there = join(photos, 'renamed elsewhere', name);
    await expect.poll(async () => (await client.call('photos.find', { photo: there })).id).not.toBeNull();
    expect((await client.call('photos.page', {})).total).toBe(PHOTOS);
    expect((await client.call('index.failures', {})).total).toBe(0);
  });

  it('is not mistaken for an emptied folder when something lies where it was plugged in', async () => {
    expect(await index()).toMatchObject({ indexed: PHOTOS });
    drive.pull(photos);
    expect(await index()).toMatchObject({ offline: PHOTOS, removed: 0 });
    await utimes(photos, new Date(), new Date());
    await writeFile(join(photos, 'note.txt'), 'plug it in');
    // It is another folder than the one that was approved: nobody looks into it.
    expect(await index()).toMatchObject({ offline: PHOTOS, removed: 0, waitingFolders: [photos] });
    drive.plugIn(photos);
    expect(await index()).toMatchObject({ unchanged: PHOTOS });
  });
});
