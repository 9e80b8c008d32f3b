import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FileRow, PhotoRow } from './rows.ts';
import { Store, type KnownRows } from './store.ts';

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

  it('says which folder holds a database that cannot be opened', async () => {
    const path = join(directory, 'no-folder');
    await writeFile(path, 'not a folder');
    await expect(Store.open(path)).rejects.toMatchObject({
      kind: 'library-damaged',
      message: expect.stringContaining(path),
    });
  });
});
