import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { all, DIMENSION, failed, file, none, photo, picture, vector } from '../../test/support/rows.ts';
import type { FileRow, VectorRow } from './rows.ts';
import { Store } from './store.ts';

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
const loadVectors = async (): Promise<Map<string, number[]>> => {
  const rows = new Map<string, number[]>();
  for await (const { ids, parts, vectors } of store.vectorsOf('mini-1234')) {
    for (const [row, id] of ids.entries())
      rows.set(
        parts[row] === 0 ? id : `${id} ${String(parts[row])}`,
        Array.from(vectors.subarray(row * DIMENSION, (row + 1) * DIMENSION)),
      );
  }
  return rows;
};
describe('Store', () => {
  it('gives back what was written, after closing too', async () => {
    await store.commit({ vectors: [picture('p1')], photos: [photo], files: [file, failed] }, none);
    await reopen();
    expect(await store.photo('p1')).toEqual(photo);
    expect(await store.photo("p' OR 'a'='a")).toBeNull();
    expect((await store.loadFiles()).sort((a, b) => (a.fileId < b.fileId ? -1 : 1))).toEqual([file, failed]);
    expect(await loadVectors()).toEqual(new Map([['p1', [...vector]]]));
    expect(await store.vectorCount('mini-1234')).toBe(1);
    expect(await store.vectorCount('other')).toBe(0);
  });

  it('replaces rows that are known instead of adding them again', async () => {
    await store.commit({ vectors: [picture('p1')], photos: [photo], files: [file] }, none);
    const turned = Float32Array.of(1, 0, 0, 0);
    await store.commit(
      {
        vectors: [picture('p1', turned)],
        photos: [{ ...photo, width: 99 }],
        files: [{ ...file, size: 7 }],
      },
      all,
    );
    expect(await loadVectors()).toEqual(new Map([['p1', [...turned]]]));
    expect((await store.photo('p1'))?.width).toBe(99);
    expect((await store.loadFiles()).map((row) => row.size)).toEqual([7]);
  });

  it('replaces all parts of a video at once, and no other photo', async () => {
    const frame = (photoId: string, part: number, at: number | null): VectorRow => ({
      photoId,
      part,
      at,
      vector: Float32Array.of(part, 0, 0, at ?? 0),
    });
    const frames = [0, 1, 2].map((part) => frame('v1', part, part * 1.5));
    await store.commit(
      { vectors: [...frames, frame('v2', 0, 0), frame('v2', 1, 9), picture('p1')], photos: [], files: [] },
      none,
    );
    expect((await loadVectors()).size).toBe(6);
    expect(await store.vectorCount('mini-1234')).toBe(3);
    await store.commit({ vectors: [frame('v1', 0, 7), frame('v1', 1, 8), picture('p2')], photos: [], files: [] }, all);
    expect(await loadVectors()).toEqual(
      new Map([
        ['v1', [0, 0, 0, 7]],
        ['v1 1', [1, 0, 0, 8]],
        ['v2', [0, 0, 0, 0]],
        ['v2 1', [1, 0, 0, 9]],
        ['p1', [...vector]],
        ['p2', [...vector]],
      ]),
    );
    for await (const { ids, parts, at } of store.vectorsOf('mini-1234'))
      for (const [row, id] of ids.entries())
        expect(at[row]).toBe(id.startsWith('p') ? null : id === 'v2' ? 9 * parts[row]! : 7 + parts[row]!);
  });

  it('keeps what the person says of photos', async () => {
    const marks = [
      { photoId: 'p1', favourite: true, rating: 5, hidden: false },
      { photoId: 'p2', favourite: false, rating: null, hidden: true },
    ];
    await store.putMarks(marks);
    await store.putMarks([{ ...marks[0]!, rating: 0 }]);
    await reopen();
    expect(await store.loadMarks()).toEqual(
      new Map([
        ['p1', { favourite: true, rating: 0, hidden: false }],
        ['p2', { favourite: false, rating: null, hidden: true }],
      ]),
    );
  });

  it('moves 10,000 files, found by their new names', async () => {
    const named = (index: number, folder: string): FileRow => ({
      ...file,
      fileId: `${folder}${String(index)}`,
      photoId: `p${String(index)}`,
      relPath: `${folder}/IMG_${String(index)}.jpg`,
    });
    const numbers = Array.from({ length: 10_000 }, (_, index) => index);
    const described = { ...photo, metadata: { ...photo.metadata, title: 'Lighthouse' } };
    const photos = numbers.map((index) => ({ ...described, photoId: `p${String(index)}` }));
    await store.commit({ vectors: [], photos, files: numbers.map((index) => named(index, 'before')) }, none);
    await store.putFiles(numbers.map((index) => named(index, 'after')));
    await store.removeFiles(numbers.map((index) => named(index, 'before').fileId));
    const files = await store.loadFiles();
    expect(files).toHaveLength(10_000);
    expect(files.every(({ relPath }) => relPath.startsWith('after/'))).toBe(true);
    expect(await store.literal('lighthouse 7777', 9)).toEqual(['p7777']);
  });

  it('forgets many files and keeps their photos', async () => {
    const files = Array.from({ length: 1200 }, (_, index) => ({ ...file, fileId: `f${String(index)}` }));
    await store.commit({ vectors: [], photos: [photo], files }, none);
    await store.removeFiles(files.slice(1).map((row) => row.fileId));
    expect((await store.loadFiles()).map((row) => row.fileId)).toEqual(['f0']);
    expect(await store.photo('p1')).not.toBeNull();
  });

  it('forgets what any model saw in a photo that was edited, but not the vectors that are written next', async () => {
    const words = ['', 'red'];
    for (const model of ['other-5678', 'mini-1234']) {
      await store.useVectors(model, DIMENSION);
      await store.putBank(model, words, new Float32Array(2 * DIMENSION));
      await store.commit({ vectors: [picture('p1')], photos: [], files: [] }, none);
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

  it('forgets what went away of photos that are lost, and has what is there read again', async () => {
    const lost = { ...file, photoId: 'lost' };
    const rows = [
      file,
      { ...file, fileId: 'gone', goneAt: 5 },
      { ...lost, fileId: 'lost' },
      { ...lost, fileId: 'gone and lost', goneAt: 5 },
    ];
    await store.commit({ vectors: [], photos: [photo], files: rows }, none);
    await reopen();
    const sizes = new Map((await store.loadFiles()).map(({ fileId, size }) => [fileId, size]));
    expect(sizes).toEqual(
      new Map([
        [file.fileId, file.size],
        ['gone', file.size],
        ['lost', -1],
      ]),
    );
  });

  it('loses nothing when it is optimised between writes', async () => {
    for (let round = 0; round < 12; round++) {
      await store.commit(
        {
          vectors: [picture(`p${String(round)}`)],
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
});
