import { connect } from '@lancedb/lancedb';
import { Schema } from 'apache-arrow';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeAsFormat1 } from '../../test/support/format-1.ts';
import { all, DIMENSION, failed, file, none, photo, picture } from '../../test/support/rows.ts';
import { dropKeptFolders, keptFolders } from './backup.ts';
import { openLibrary } from './library.ts';
import { libraryPaths, readFormat, type LibraryPaths, type RootRecord } from './manifest.ts';
import { fileToRow, photoToRow } from './mapping.ts';
import { addedColumns, filesSchema, photosSchema } from './schema.ts';
import { Store } from './store.ts';
import type { Row } from './table.ts';

const DAY_MS = 86_400_000;
const SEARCHES = '{"saved":[{"id":"a","name":"Sea","query":"sea"}],"recent":[]}';
let parent = '';
let paths: LibraryPaths;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'afterimage-library-'));
  paths = libraryPaths(join(parent, 'library'));
});
afterEach(() => rm(parent, { recursive: true, force: true }));

/** What an older program knew of a photo and a file. */
const oldPhoto = {
  ...photo,
  phash: null,
  sharpness: null,
  seconds: null,
  metadata: { ...photo.metadata, takenAtOffset: null },
};
const oldFile = { ...file, groupId: null, sidecars: null, goneAt: null };
const oldFailed = { ...failed, groupId: null, sidecars: null, goneAt: null };

const rootAt = (path: string): RootRecord => ({
  id: 'r',
  path,
  device: '1',
  inode: '2',
  volumes: [],
  paused: true,
  excludes: ['x'],
  follow: 'daily',
});

const writeOld = async (): Promise<void> => {
  const { manifest, store } = await openLibrary(paths);
  await manifest.update(() => ({
    roots: [rootAt(join(parent, 'photos'))],
  }));
  await store.useVectors('m', DIMENSION);
  await store.commit({ vectors: [picture('p1')], photos: [photo], files: [file, failed] }, none);
  await store.close();
  await writeFile(paths.searches, SEARCHES);
  await writeAsFormat1(paths.directory);
  expect(await readFormat(paths)).toBe(1);
};

const check = async (): Promise<void> => {
  const { manifest, store } = await openLibrary(paths);
  expect(manifest.value).toMatchObject({
    format: 2,
    roots: [{ id: 'r', device: '1', inode: '', volumes: [], paused: false, excludes: [], follow: 'watch' }],
    settings: { excludes: [], graceDays: 30 },
  });
  expect(store.repairs).toEqual([]);
  // They are read before they are brought forward.
  for await (const { ids, parts, at } of store.vectorsOf('m'))
    expect([ids, [...parts], at]).toEqual([['p1'], [0], [null]]);
  await store.useVectors('m', DIMENSION);
  expect(await store.photo('p1')).toEqual(oldPhoto);
  expect((await store.loadFiles()).sort((a, b) => (a.fileId < b.fileId ? -1 : 1))).toEqual([oldFile, oldFailed]);
  await store.commit({ vectors: [picture('p1')], photos: [photo], files: [file] }, all);
  expect(await store.photo('p1')).toEqual(photo);
  await store.close();
  expect(await readFile(paths.searches, 'utf8')).toBe(SEARCHES);
};

describe('a library of format 1', () => {
  it('is brought forward with nothing lost, and kept as it was', async () => {
    await writeOld();
    const before = await readFile(paths.manifest, 'utf8');
    await check();
    const [backup, ...others] = await keptFolders(paths);
    expect(others).toEqual([]);
    expect(backup).toMatch(/format-1-\d{4}-\d\d-\d\d$/u);

    // Put in the place of the new one, the backup is the old library again.
    const restored = libraryPaths(join(parent, 'restored'));
    await cp(backup ?? '', restored.directory, { recursive: true });
    expect(await readFile(restored.manifest, 'utf8')).toBe(before);
    const database = await connect(restored.database);
    expect((await database.tableNames()).sort()).toEqual(['files', 'photos', 'vectors_m']);
    const files = await database.openTable('files');
    expect((await files.schema()).fields.map(({ name }) => name)).not.toContain('group_id');
    expect(await files.countRows()).toBe(2);
    database.close();
    paths = restored;
    await check();
  });

  it('is brought forward by the next start, wherever the first was ended', async () => {
    await writeOld();
    const old = join(parent, 'old');
    await cp(paths.directory, old, { recursive: true });
    const endings: readonly (() => Promise<unknown>)[] = [
      // While the backup was made.
      async () => {
        await mkdir(join(paths.backups, 'format-1-2026-01-01.part', 'database'), { recursive: true });
        await writeFile(join(paths.backups, 'format-1-2026-01-01.part', 'database', 'half'), '');
      },
      // After all tables but before the manifest; and after the first table only.
      async () => {
        await (await Store.open(paths.database)).close();
      },
      async () => {
        const database = await connect(paths.database);
        const files = await database.openTable('files');
        await files.addColumns([{ name: 'group_id', valueSql: addedColumns.group_id ?? '' }]);
        database.close();
      },
    ];
    for (const end of endings) {
      await rm(paths.directory, { recursive: true });
      await cp(old, paths.directory, { recursive: true });
      await end();
      await check();
      const kept = await keptFolders(paths);
      expect(kept.filter((folder) => !folder.endsWith('.part'))).toHaveLength(1);
      expect(await readFile(join(kept[0] ?? '', 'library.json'), 'utf8')).toContain('"format":1');
    }
  });

  it('is read, too, from the days before there were numbers and words', async () => {
    const database = await connect(paths.database);
    const before = (schema: Schema): Schema =>
      new Schema(schema.fields.filter((field) => addedColumns[field.name] === undefined));
    const without = (row: Row): Row =>
      Object.fromEntries(Object.entries(row).filter(([name]) => addedColumns[name] === undefined));
    const write = async (name: string, schema: Schema, rows: readonly Row[]): Promise<void> => {
      const table = await database.createEmptyTable(name, before(schema), { mode: 'overwrite' });
      await table.add(rows.map(without));
      table.close();
    };
    const exposures = ['1/250 s · f/2.8 · ISO 100 · 35 mm', '2 s · ISO 6400', null, 'f/NaN · 0 mm'];
    const photos = exposures.map((exposure, index) => ({
      ...photo,
      photoId: `p${String(index)}`,
      metadata: { ...photo.metadata, exposure, title: 'Lighthouse' },
    }));
    await write('photos', photosSchema, photos.map(photoToRow));
    await write('files', filesSchema, [fileToRow({ ...file, photoId: 'p0' }, new Map()), fileToRow(failed, new Map())]);
    database.close();
    for (let start = 0; start < 2; start++) {
      const store = await Store.open(paths.database);
      const read = await Promise.all(photos.map(({ photoId }) => store.photo(photoId)));
      expect(
        read.map((row) => {
          const { iso, aperture, exposureSeconds, focalLength } = row?.metadata ?? photo.metadata;
          return [iso, aperture, exposureSeconds, focalLength];
        }),
      ).toEqual([
        [100, 2.8, 0.004, 35],
        [6400, null, 2, null],
        [null, null, null, null],
        [null, null, null, null],
      ]);
      expect(await store.photoIdsWhere('iso > 1000')).toEqual(['p1']);
      expect(await store.literal('lighthouse', 9)).toEqual(['p0']);
      expect(await store.loadFiles()).toEqual(expect.arrayContaining([{ ...oldFile, photoId: 'p0' }, oldFailed]));
      await store.close();
    }
  });

  it('keeps one backup, for thirty days', async () => {
    await writeOld();
    await mkdir(join(paths.backups, 'format-0-2020-01-01'), { recursive: true });
    await check();
    const [backup, ...others] = await keptFolders(paths);
    expect(others).toEqual([]);
    await mkdir(join(paths.directory, 'damaged-2020-01-01'));
    const now = Date.now();
    await dropKeptFolders(paths, now + 29 * DAY_MS);
    expect(await keptFolders(paths)).toEqual([backup]);
    await dropKeptFolders(paths, now + 32 * DAY_MS);
    expect(await keptFolders(paths)).toEqual([]);
    expect(await readdir(paths.backups)).toEqual([]);
  });
});

describe('a damaged library.json', () => {
  /** A library with a root and a model in use; its manifest becomes the text, or is missing. */
  const damage = async (text: string | null): Promise<void> => {
    const { manifest, store, mended } = await openLibrary(paths);
    expect(mended).toEqual([]);
    const root = rootAt(parent);
    await manifest.update(() => ({ roots: [root], activeModel: 'm' }));
    await manifest.update(({ settings }) => ({ settings: { ...settings, graceDays: 7 } }));
    await store.close();
    if (text === null) await rm(paths.manifest);
    else await writeFile(paths.manifest, text);
  };

  it.each(['', '{"format":', '[]', '{"format":2}', null])('is that of its last change again: %s', async (text) => {
    await damage(text);
    const { manifest, store, mended } = await openLibrary(paths);
    await store.close();
    expect(manifest.value).toMatchObject({
      roots: [{ id: 'r', path: parent, paused: true, excludes: ['x'], follow: 'daily' }],
      activeModel: 'm',
      settings: { graceDays: 7 },
    });
    expect(mended).toEqual([expect.stringContaining(paths.manifest)]);
    expect(JSON.parse(await readFile(paths.manifest, 'utf8'))).toEqual(manifest.value);
    const [aside, ...others] = await keptFolders(paths);
    expect(others).toEqual([]);
    if (text === null) expect(aside).toBeUndefined();
    else expect(await readFile(join(aside ?? '', 'library.json'), 'utf8')).toBe(text);
    const again = await openLibrary(paths);
    await again.store.close();
    expect(again.mended).toEqual([]);
  });

  it('stays what it is when a newer program wrote it', async () => {
    const newer = '{"format":99}';
    await damage(newer);
    await expect(openLibrary(paths)).rejects.toMatchObject({ kind: 'library-newer' });
    expect(await readFile(paths.manifest, 'utf8')).toBe(newer);
  });

  it.each(['{', '{"format":99}'])('stays what it is when its copy is of no use: %s', async (text) => {
    await damage('{');
    await writeFile(paths.spareManifest, text);
    await expect(openLibrary(paths)).rejects.toMatchObject({ kind: 'library-damaged' });
    expect(await readFile(paths.manifest, 'utf8')).toBe('{');
  });

  it('is not made again where there is no database that it belongs to', async () => {
    await damage(null);
    await rm(paths.database, { recursive: true });
    await expect(openLibrary(paths)).rejects.toThrow('not empty');
  });

  it('of an older format is brought forward, too', async () => {
    await writeOld();
    const { manifest: old } = paths;
    await mkdir(dirname(paths.spareManifest), { recursive: true });
    await cp(old, paths.spareManifest);
    await writeFile(old, '');
    const { manifest, store, mended } = await openLibrary(paths);
    await store.close();
    expect(mended).toHaveLength(1);
    expect(manifest.value).toMatchObject({ format: 2, roots: [{ id: 'r', follow: 'watch' }] });
    expect((await keptFolders(paths)).some((folder) => folder.includes('format-1-'))).toBe(true);
  });
});
