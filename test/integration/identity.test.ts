import {
  appendFile,
  copyFile,
  cp,
  link,
  mkdir,
  readFile,
  readdir,
  rename,
  rm,
  stat,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Client, IndexReport, Output } from '../../app/contract/index.ts';
import type { Connection } from '../../main/engine/connect.ts';
import { connectBuilt } from '../support/built.ts';
import { temporaryFolder } from '../support/command-line.ts';
import { withXmp, xmp } from '../support/described.ts';
import { plain } from '../support/image-files.ts';

const PHOTOS = 12;
const WRITTEN = new Date('2020-05-17T12:00:00Z');
let folder = '';
let photos = '';
let library = '';
let remove: () => Promise<void>;
let connection: Connection;
let client: Client;

beforeEach(async () => {
  [folder, remove] = await temporaryFolder();
  photos = join(folder, 'photos');
  library = join(folder, 'library');
  await write('trip', PHOTOS);
  connection = await connectBuilt(library);
  ({ client } = connection);
  await client.call('models.use', { id: 'starter' });
  await client.call('roots.add', { path: photos });
  expect(await index()).toMatchObject({ indexed: PHOTOS, failed: 0 });
});
afterEach(async () => {
  await connection.close();
  await remove();
});

let written = 0;
/** Writes photos that differ, as old as they would be in a library. */
const write = async (name: string, count: number): Promise<void> => {
  await mkdir(join(photos, name), { recursive: true });
  for (let number = 0; number < count; number++) {
    const path = join(photos, name, `photo ${String(number)}.jpg`);
    const hue = (written++ * 47) % 360;
    await plain(`hsl(${String(hue)}, 70%, ${String(30 + (written % 5) * 10)}%)`, 320, 200 + written)
      .jpeg()
      .toFile(path);
    await utimes(path, WRITTEN, WRITTEN);
  }
};

const index = (): Promise<IndexReport> => client.call('index.run', {});
const idOf = async (path: string): Promise<string> => {
  const { id } = await client.call('photos.find', { photo: path });
  if (id === null) throw new Error(`${path} is not in the library.`);
  return id;
};
const details = async (path: string): Promise<Output<'photos.details'>> =>
  client.call('photos.details', { id: await idOf(path) });
const total = async (): Promise<number> => (await client.call('photos.page', {})).total;
const first = async (): Promise<string> => join(photos, 'trip', (await readdir(join(photos, 'trip'))).sort()[0] ?? '');

/** Puts other bytes where a file's are: whoever reads it finds no picture, and who does not cannot tell. */
const blank = async (path: string): Promise<void> => {
  const { size } = await stat(path);
  await writeFile(path, Buffer.alloc(size, 'not a picture '));
  await utimes(path, WRITTEN, WRITTEN);
};

describe('a photo', () => {
  it('stays what it is when its folder is renamed, and is not read for it', async () => {
    const before = new Map<string, string>();
    for (const name of await readdir(join(photos, 'trip'))) {
      before.set(name, await idOf(join(photos, 'trip', name)));
      await blank(join(photos, 'trip', name));
    }
    await rename(join(photos, 'trip'), join(photos, 'Voyage à Rome'));
    expect(await index()).toMatchObject({ moved: PHOTOS, indexed: 0, unchanged: 0, removed: 0, failed: 0 });
    for (const [name, id] of before) expect(await idOf(join(photos, 'Voyage à Rome', name))).toBe(id);
    expect(await index()).toMatchObject({ moved: 0, indexed: 0, unchanged: PHOTOS });
  });

  it('stays what it is wherever it is moved within the library', async () => {
    const path = await first();
    const id = await idOf(path);
    await mkdir(join(photos, 'deep', 'down'), { recursive: true });
    const there = join(photos, 'deep', 'down', 'renamed.jpeg');
    await rename(path, there);
    expect(await index()).toMatchObject({ moved: 1, indexed: 0, removed: 0, unchanged: PHOTOS - 1 });
    expect(await idOf(there)).toBe(id);
    const other = join(folder, 'other');
    await mkdir(other);
    await client.call('roots.add', { path: other });
    await rename(there, join(other, 'again.jpg'));
    expect(await index()).toMatchObject({ moved: 1, indexed: 0, removed: 0 });
    expect(await idOf(join(other, 'again.jpg'))).toBe(id);
  });

  it('is known by its bytes when nothing else is left: moved to another volume, copied, restored', async () => {
    const path = await first();
    const id = await idOf(path);
    // A copy elsewhere and a deletion is what a move to another volume is.
    await copyFile(path, join(photos, 'moved.jpg'));
    await rm(path);
    expect(await index()).toMatchObject({ moved: 1, copied: 0, indexed: 0, removed: 0 });
    expect(await idOf(join(photos, 'moved.jpg'))).toBe(id);
    await copyFile(join(photos, 'moved.jpg'), join(photos, 'copy.jpg'));
    await link(join(photos, 'moved.jpg'), join(photos, 'linked.jpg'));
    expect(await index()).toMatchObject({ moved: 0, copied: 2, indexed: 0 });
    expect((await client.call('photos.details', { id })).files).toHaveLength(3);
    expect(await total()).toBe(PHOTOS);
  });

  it('costs nothing when it comes back', async () => {
    const path = await first();
    const id = await idOf(path);
    const away = join(folder, 'away.jpg');
    await rename(path, away);
    expect(await index()).toMatchObject({ removed: 1, indexed: 0 });
    expect(await total()).toBe(PHOTOS - 1);
    await rename(away, path);
    expect(await index()).toMatchObject({ copied: 1, indexed: 0, removed: 0 });
    expect(await idOf(path)).toBe(id);
    const text = join(folder, 'backup.jpg');
    await copyFile(path, text);
    await rm(path);
    await index();
    await copyFile(text, path);
    expect(await index()).toMatchObject({ copied: 1, indexed: 0 });
    expect(await idOf(path)).toBe(id);
  });

  it('keeps id, marks and vector when only what is written in its file changes', async () => {
    const path = await first();
    const id = await idOf(path);
    await client.call('photos.mark', { ids: [id], favourite: true });
    const seen = await client.call('search', { query: `photo:${id}`, limit: 3 });
    await writeFile(path, withXmp(await readFile(path), '<xmp:Rating>5</xmp:Rating>'));
    expect(await index()).toMatchObject({ metadataOnly: 1, indexed: 0, unchanged: PHOTOS - 1 });
    const now = await details(path);
    expect(now).toMatchObject({ id, favourite: true, metadata: { rating: 5 } });
    expect((await client.call('search', { query: 'rating:5' })).results.map((result) => result.id)).toEqual([id]);
    const again = await client.call('search', { query: `photo:${id}`, limit: 3 });
    expect(again.results.map((result) => result.score)).toEqual(seen.results.map((result) => result.score));
    // Bytes behind the picture's end change nothing either.
    await appendFile(path, 'tail');
    expect(await index()).toMatchObject({ metadataOnly: 1, indexed: 0 });
  });

  it('is described anew by a file beside it, without being decoded', async () => {
    const path = await first();
    const sidecar = path.replace(/\.\w+$/u, '.xmp');
    await writeFile(sidecar, xmp('<xmp:Rating>3</xmp:Rating>'));
    expect(await index()).toMatchObject({ metadataOnly: 1, indexed: 0, unchanged: PHOTOS - 1 });
    expect((await details(path)).metadata.rating).toBe(3);
    await rm(sidecar);
    expect(await index()).toMatchObject({ metadataOnly: 1, indexed: 0 });
    expect((await details(path)).metadata.rating).toBeNull();
    expect(await index()).toMatchObject({ metadataOnly: 0, unchanged: PHOTOS });
  });

  it('is embedded again under its id when its pixels change, and its old copy is another photo then', async () => {
    const path = await first();
    const id = await idOf(path);
    const kept = join(folder, 'kept.jpg');
    await copyFile(path, kept);
    await plain('#123456', 300, 200).jpeg().toFile(path);
    expect(await index()).toMatchObject({ indexed: 1, metadataOnly: 0 });
    expect(await details(path)).toMatchObject({ id, width: 300, height: 200 });
    await copyFile(kept, join(photos, 'original.jpg'));
    expect(await index()).toMatchObject({ indexed: 1 });
    expect(await idOf(join(photos, 'original.jpg'))).not.toBe(id);
    expect(await total()).toBe(PHOTOS + 1);
  });

  it('gives way to another photo that takes its path, and is found again elsewhere', async () => {
    const names = (await readdir(join(photos, 'trip'))).sort().map((name) => join(photos, 'trip', name));
    const [a = '', b = '', c = ''] = names;
    const ids = [await idOf(a), await idOf(b), await idOf(c)];
    // A circle of three names.
    await rename(a, join(photos, 'x'));
    await rename(c, a);
    await rename(b, c);
    await rename(join(photos, 'x'), b);
    expect(await index()).toMatchObject({ moved: 3, indexed: 0, removed: 0 });
    expect([await idOf(b), await idOf(c), await idOf(a)]).toEqual(ids);
  });
});

describe('raw and live pairs', () => {
  it('are one photo, follow their picture, and stand for themselves without it', async () => {
    const path = await first();
    const id = await idOf(path);
    const stem = path.replace(/\.\w+$/u, '');
    await writeFile(`${stem}.CR2`, 'raw data');
    await writeFile(`${stem}.mov`, 'moving data');
    expect(await index()).toMatchObject({ indexed: 0, failed: 0 });
    expect(await total()).toBe(PHOTOS);
    expect((await client.call('photos.details', { id })).files.map(({ companion }) => companion).sort()).toEqual(
      ['live', 'raw', null].sort(),
    );
    await rename(dirname(path), join(photos, 'elsewhere'));
    expect(await index()).toMatchObject({ moved: PHOTOS, indexed: 0, failed: 0 });
    expect((await client.call('photos.details', { id })).files).toHaveLength(3);
    await rm(path.replace('trip', 'elsewhere'));
    // The raw file has to speak for itself now, and these bytes say nothing.
    const report = await index();
    expect(report).toMatchObject({ removed: 1 });
    expect(report.failures.map((failure) => failure.path.endsWith('.CR2'))).toContain(true);
    expect(await total()).toBe(PHOTOS - 1);
  });
});

describe('a folder', () => {
  it('that cannot be reached keeps its photos, marked, and is whole when it is back', async () => {
    await rename(photos, `${photos} away`);
    expect(await index()).toMatchObject({ offline: PHOTOS, offlineFolders: [photos], removed: 0, indexed: 0 });
    const { results } = await client.call('search', { query: 'red', limit: 5 });
    expect(results.map(({ offline }) => offline)).toEqual([true, true, true, true, true]);
    const shown = await client.call('photos.file', { id: results[0]?.id ?? '', as: 'thumbnail' });
    expect((await stat(shown.path)).size).toBeGreaterThan(0);
    await rename(`${photos} away`, photos);
    expect(await index()).toMatchObject({ offline: 0, unchanged: PHOTOS });
    expect((await client.call('status', {})).roots).toMatchObject([{ state: 'ready' }]);
  });

  it('that was moved is found, offered, and taken over without reading a photo', async () => {
    const { roots } = await client.call('status', {});
    const there = join(folder, 'archive', 'Pictures');
    await mkdir(dirname(there));
    await rename(photos, there);
    for (const name of await readdir(join(there, 'trip'))) await blank(join(there, 'trip', name));
    await index();
    await expect.poll(async () => (await client.call('status', {})).roots[0]?.movedTo).toBe(there);
    expect((await client.call('status', {})).notices).toMatchObject([{ kind: 'moved' }]);
    const root = await client.call('roots.follow', { id: roots[0]?.id ?? '' });
    expect(root).toMatchObject({ path: there, state: 'ready', movedTo: null, photos: PHOTOS });
    await expect.poll(async () => (await client.call('status', {})).progress.phase).toBe('idle');
    expect(await index()).toMatchObject({ unchanged: PHOTOS, indexed: 0, failed: 0 });
    expect(await total()).toBe(PHOTOS);
  });

  it('that is added again where it is now is the same folder', async () => {
    const [before] = (await client.call('status', {})).roots;
    await rename(photos, join(folder, 'new name'));
    expect(await client.call('roots.add', { path: join(folder, 'new name') })).toMatchObject({ id: before?.id });
    expect(await index()).toMatchObject({ unchanged: PHOTOS });
  });

  it('that is removed and added again brings its photos back unread', async () => {
    const [root] = (await client.call('status', {})).roots;
    await client.call('roots.remove', { id: root?.id ?? '' });
    expect(await total()).toBe(0);
    for (const name of await readdir(join(photos, 'trip'))) await blank(join(photos, 'trip', name));
    await client.call('roots.add', { path: photos });
    expect(await index()).toMatchObject({ copied: PHOTOS, indexed: 0, failed: 0 });
    expect(await total()).toBe(PHOTOS);
  });

  it('leaves out what rules exclude, and takes it back unread when they go', async () => {
    const [root] = (await client.call('status', {})).roots;
    await cp(join(photos, 'trip'), join(photos, 'Trash'), { recursive: true });
    await write('own', 3);
    await index();
    const before = await total();
    await client.call('roots.change', { id: root?.id ?? '', excludes: ['trip'] });
    await client.call('settings.change', { excludes: ['Trash'] });
    expect(await index()).toMatchObject({ removed: 2 * PHOTOS, indexed: 0 });
    await client.call('roots.change', { id: root?.id ?? '', excludes: [] });
    expect(await index()).toMatchObject({ copied: PHOTOS, indexed: 0 });
    expect(await total()).toBe(before);
    await expect(client.call('settings.change', { excludes: ['['] })).rejects.toMatchObject({
      kind: 'invalid-request',
    });
  });

  it('that is paused is left alone', async () => {
    const [root] = (await client.call('status', {})).roots;
    await client.call('roots.change', { id: root?.id ?? '', paused: true });
    await write('more', 2);
    expect(await index()).toMatchObject({ indexed: 0, unchanged: 0, removed: 0 });
    expect(await total()).toBe(PHOTOS);
  });
});

describe('following', () => {
  it('finds what is added, renamed and deleted by itself', async () => {
    await client.call('library.follow', {});
    await expect.poll(async () => (await client.call('status', {})).roots[0]?.watching).toBe('events');
    await plain('#abcdef', 320, 200).jpeg().toFile(join(photos, 'new.jpg'));
    await expect.poll(total).toBe(PHOTOS + 1);
    const id = await idOf(join(photos, 'new.jpg'));
    await rename(join(photos, 'new.jpg'), join(photos, 'newer.jpg'));
    await expect.poll(async () => (await client.call('photos.find', { photo: join(photos, 'newer.jpg') })).id).toBe(id);
    await rm(join(photos, 'newer.jpg'));
    await expect.poll(total).toBe(PHOTOS);
  });

  it('catches up with what happened while nobody followed', async () => {
    await client.call('library.follow', {});
    await expect.poll(async () => (await client.call('status', {})).roots[0]?.watching).toBe('events');
    await connection.close();
    await write('meanwhile', 4);
    connection = await connectBuilt(library);
    ({ client } = connection);
    await client.call('library.follow', {});
    await expect.poll(total).toBe(PHOTOS + 4);
  });
});
