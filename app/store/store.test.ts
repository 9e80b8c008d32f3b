import { connect } from '@lancedb/lancedb';
import { Schema } from 'apache-arrow';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fileToRow, photoToRow } from './mapping.ts';
import type { FileRow, PhotoRow } from './rows.ts';
import { addedColumns, filesSchema, photosSchema } from './schema.ts';
import { Store, type KnownRows } from './store.ts';
import type { Row } from './table.ts';

const DIMENSION = 4;
let directory = '';
let store: Store;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'afterimage-store-'));
  store = await Store.open(join(directory, 'database'));
  await store.useVectors('mini-1234', DIMENSION);
});
afterEach(async () => {
  await store.close();
  await rm(directory, { recursive: true, force: true });
});

const reopen = async (): Promise<void> => {
  await store.close();
  store = await Store.open(join(directory, 'database'));
  await store.useVectors('mini-1234', DIMENSION);
};

const none: KnownRows = { vector: () => false, photo: () => false, file: () => false };
const all: KnownRows = { vector: () => true, photo: () => true, file: () => true };

const photo: PhotoRow = {
  photoId: 'p1',
  contentHash: 'c1',
  pixelHash: 'x1',
  width: 30,
  height: 20,
  mime: 'image/jpeg',
  metadata: {
    takenAt: 1_700_000_000_000,
    takenAtSource: 'exif',
    camera: "O'Brien 1",
    lens: null,
    exposure: null,
    iso: 400,
    aperture: 2.8,
    exposureSeconds: 0.004,
    focalLength: null,
    latitude: -33.5,
    longitude: null,
    rating: 4,
    keywords: ['sea', '海'],
    title: null,
    description: 'two\nlines',
  },
};
const file: FileRow = {
  fileId: 'f1',
  rootId: 'r',
  relPath: "it's\n😀.jpg",
  size: 5e9,
  mtime: 1.5,
  device: '18446744073709551615',
  inode: '9',
  contentHash: 'c1',
  photoId: 'p1',
  failure: null,
  seenAt: 3,
};
const failed: FileRow = {
  ...file,
  fileId: 'f2',
  contentHash: null,
  photoId: null,
  failure: { kind: 'truncated', message: 'ends early' },
};
const vector = Float32Array.of(0.5, -0.5, 0.5, -0.5);

const loadVectors = async (): Promise<Map<string, number[]>> => {
  const rows = new Map<string, number[]>();
  for await (const { ids, vectors } of store.loadVectors()) {
    for (const [row, id] of ids.entries()) rows.set(id, [...vectors.subarray(row * DIMENSION, (row + 1) * DIMENSION)]);
  }
  return rows;
};

describe('Store', () => {
  it('gives back what was written, after closing too', async () => {
    await store.commit({ vectors: [{ photoId: 'p1', vector }], photos: [photo], files: [file, failed] }, none);
    await reopen();
    expect(await store.photo('p1')).toEqual(photo);
    expect(await store.photo("p' OR 'a'='a")).toBeNull();
    expect((await store.loadFiles()).sort((a, b) => (a.fileId < b.fileId ? -1 : 1))).toEqual([file, failed]);
    expect(await loadVectors()).toEqual(new Map([['p1', [...vector]]]));
    expect(await store.vectorCount('mini-1234')).toBe(1);
    expect(await store.vectorCount('other')).toBe(0);
  });

  it('replaces rows that are known instead of adding them again', async () => {
    await store.commit({ vectors: [{ photoId: 'p1', vector }], photos: [photo], files: [file] }, none);
    const turned = Float32Array.of(1, 0, 0, 0);
    await store.commit(
      {
        vectors: [{ photoId: 'p1', vector: turned }],
        photos: [{ ...photo, width: 99 }],
        files: [{ ...file, size: 7 }],
      },
      all,
    );
    expect(await loadVectors()).toEqual(new Map([['p1', [...turned]]]));
    expect((await store.photo('p1'))?.width).toBe(99);
    expect((await store.loadFiles()).map((row) => row.size)).toEqual([7]);
  });

  it('forgets many files and keeps their photos', async () => {
    const files = Array.from({ length: 1200 }, (_, index) => ({ ...file, fileId: `f${String(index)}` }));
    await store.commit({ vectors: [], photos: [photo], files }, none);
    await store.removeFiles(files.slice(1).map((row) => row.fileId));
    expect((await store.loadFiles()).map((row) => row.fileId)).toEqual(['f0']);
    expect(await store.photo('p1')).not.toBeNull();
  });

  it('forgets what any model saw in a photo that was edited, but not the vectors that are written next', async () => {
    const vector = new Float32Array(DIMENSION).fill(0.5);
    const words = ['', 'red'];
    for (const model of ['other-5678', 'mini-1234']) {
      await store.useVectors(model, DIMENSION);
      await store.putBank(model, words, new Float32Array(2 * DIMENSION));
      await store.commit({ vectors: [{ photoId: 'p1', vector }], photos: [], files: [] }, none);
      await store.addHubs(model, [
        { photoId: 'p1', hub: 1 },
        { photoId: 'p2', hub: 2 },
      ]);
    }
    await store.forgetSeen(['p1']);
    expect(await store.vectorCount('other-5678')).toBe(0);
    expect(await store.vectorCount('mini-1234')).toBe(1);
    for (const model of ['other-5678', 'mini-1234']) expect(await store.loadHubs(model)).toEqual(new Map([['p2', 2]]));
  });

  it('loses nothing when it is optimised between writes', async () => {
    for (let round = 0; round < 12; round++) {
      await store.commit(
        {
          vectors: [{ photoId: `p${String(round)}`, vector }],
          photos: [{ ...photo, photoId: `p${String(round)}` }],
          files: [],
        },
        none,
      );
      if (round % 5 === 0) await store.optimize();
    }
    await store.optimize();
    await reopen();
    expect((await loadVectors()).size).toBe(12);
  });

  it('makes a table again that was begun and never written, and leaves one that holds anything', async () => {
    const begun = join(directory, 'database', 'vectors_mini-new.lance');
    await mkdir(join(begun, '_versions'), { recursive: true });
    await reopen();
    await store.useVectors('mini-new', DIMENSION);
    expect(await store.vectorCount('mini-new')).toBe(0);

    const damaged = join(directory, 'database', 'vectors_mini-old.lance', 'data');
    await mkdir(damaged, { recursive: true });
    await writeFile(join(damaged, 'rows.lance'), 'what is left of somebody’s vectors');
    await reopen();
    expect(await readdir(damaged)).toEqual(['rows.lance']);
  });

  it('says which folder holds a database that cannot be opened', async () => {
    const path = join(directory, 'no-folder');
    await writeFile(path, 'not a folder');
    await expect(Store.open(path)).rejects.toMatchObject({
      kind: 'library-damaged',
      message: expect.stringContaining(path),
    });
  });

  it('finds photos by the words of names and of what is written in them, at once and after tidying up', async () => {
    const named = (fileId: string, photoId: string, relPath: string): FileRow => ({
      ...file,
      fileId,
      photoId,
      relPath,
    });
    const described = (photoId: string, title: string, keywords: string[]): PhotoRow => ({
      ...photo,
      photoId,
      metadata: { ...photo.metadata, title, keywords, description: null },
    });
    await store.commit(
      {
        vectors: [],
        photos: [described('p1', 'A day out', ['dog', 'Sea']), described('p2', 'Winter', []), described('p3', '', [])],
        files: [named('f1', 'p1', '2019/Beach_2019.jpg'), named('f2', 'p2', 'IMG_2041.JPG'), failed],
      },
      none,
    );
    const check = async (): Promise<void> => {
      expect(await store.literal('beach', 9)).toEqual(['p1']);
      expect(await store.literal('the dog by the sea', 9)).toEqual(['p1']);
      expect(await store.literal('IMG_2041', 9)).toEqual(['p2']);
      expect(await store.literal('dog winter', 9)).toEqual([]);
      expect(await store.literal('beach nowhere', 9)).toEqual([]);
      expect(await store.literal('“…”', 9)).toEqual([]);
    };
    await check();
    await store.optimize();
    await check();
    await reopen();
    await check();
    // A copy, found by the words of the photo that is known; a move; a removal.
    await store.commit({ vectors: [], photos: [], files: [named('f3', 'p1', 'copy of dunes.jpg')] }, none);
    await store.commit({ vectors: [], photos: [], files: [named('f2', 'p2', 'harbour.jpg')] }, all);
    expect(await store.literal('dunes dog', 9)).toEqual(['p1']);
    expect(await store.literal('dog', 9)).toEqual(['p1']);
    expect(await store.literal('harbour', 9)).toEqual(['p2']);
    expect(await store.literal('2041', 9)).toEqual([]);
    await store.removeFiles(['f1']);
    expect(await store.literal('beach', 9)).toEqual([]);
    await store.optimize();
    expect(await store.literal('dunes dog', 9)).toEqual(['p1']);
    expect(await store.literal('beach', 9)).toEqual([]);
  });

  it('finds all words even where rows with some of them would fill the answer', async () => {
    const files = Array.from({ length: 60 }, (_, index) => ({
      ...file,
      fileId: `a${String(index)}`,
      photoId: `a${String(index)}`,
      relPath: index === 59 ? `${'long '.repeat(60)} beach hidden.jpg` : 'beach.jpg',
    }));
    await store.commit({ vectors: [], photos: [], files: files.slice(0, 30) }, none);
    await store.optimize();
    await store.commit({ vectors: [], photos: [], files: files.slice(30) }, none);
    expect(await store.literal('beach hidden', 10)).toEqual(['a59']);
  });

  it('builds an index of many words, however few the cores', async () => {
    const letters = (number: number): string => number.toString(2).replaceAll('0', 'a').replaceAll('1', 'b');
    const files = Array.from({ length: 12_000 }, (_, index) => ({
      ...file,
      fileId: `m${String(index)}`,
      photoId: `m${String(index)}`,
      relPath: Array.from({ length: 40 }, (_word, word) => letters(40 * index + word)).join(' '),
    }));
    await store.commit({ vectors: [], photos: [], files }, none);
    await store.optimize();
    expect(await store.literal(letters(40 * 777), 9)).toEqual(['m777']);
  });

  it('reads a library written before there were numbers and words', async () => {
    await store.commit({ vectors: [], photos: [], files: [] }, none);
    await store.close();
    const directoryOfTables = join(directory, 'database');
    const database = await connect(directoryOfTables);
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
      await reopen();
      const read = await Promise.all(photos.map(({ photoId }) => store.photo(photoId)));
      expect(
        read.map((row) => {
          const { iso, aperture, exposureSeconds, focalLength } = row!.metadata;
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
      expect(await store.loadFiles()).toEqual(expect.arrayContaining([{ ...file, photoId: 'p0' }, failed]));
    }
    await store.commit({ vectors: [], photos: [photo], files: [] }, all);
    expect(await store.photo('p1')).toEqual(photo);
  });
});
