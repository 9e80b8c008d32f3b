import { connect } from '@lancedb/lancedb';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { smallBatches } from '../../test/support/small-batches.ts';
import { all, DIMENSION, file, none, photo, picture } from '../../test/support/rows.ts';
import type { FileRow } from './rows.ts';
import { Store } from './store.ts';

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'afterimage-upkeep-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const idOf = (index: number): string => `p${String(index)}`;
const open = async (name: string, dimension = DIMENSION): Promise<Store> => {
  const store = await Store.open(join(directory, name, 'database'));
  await store.useVectors('m', dimension);
  return store;
};

describe('a store in use', () => {
  it('is hardly larger after small batches than written at once', async () => {
    expect(await smallBatches(directory, 150)).toBeLessThan(1.3);
  });

  it('is tidied up in all that models saw in photos, whichever of them is in use', async () => {
    const store = await open('tidy');
    for (let write = 0; write < 5; write++) {
      const photoId = idOf(write);
      await store.commit({ vectors: [picture(photoId)], photos: [], files: [] }, none);
      await store.putVectorsOf('other', DIMENSION, [picture(photoId)]);
      for (const model of ['m', 'other']) await store.addHubs(model, [{ photoId, hub: 1 }]);
    }
    await store.optimize(0);
    expect(await store.vectorCount('other')).toBe(5);
    const database = await connect(join(directory, 'tidy', 'database'));
    for (const name of ['vectors_m', 'vectors_other', 'hubs_m', 'hubs_other']) {
      const table = await database.openTable(name);
      const { numRows, fragmentStats } = await table.stats();
      expect([name, numRows, fragmentStats.numFragments, (await table.listVersions()).length]).toEqual([name, 5, 1, 1]);
      table.close();
    }
    database.close();
    await store.commit({ vectors: [picture('p9')], photos: [], files: [] }, none);
    expect(await store.vectorCount('m')).toBe(6);
    await store.close();
  });

  it('filters alike with and without indexes, while rows come, change and go', async () => {
    const store = await open('indexed');
    const MIMES = ['image/jpeg', 'image/png', 'image/heic'];
    const photoOf = (index: number, turn: number): typeof photo => ({
      ...photo,
      photoId: idOf(index),
      mime: MIMES[(index + turn) % 3] ?? '',
      metadata: {
        ...photo.metadata,
        iso: (index + turn) % 5 === 0 ? null : 100 * (((index * 7 + turn) % 9) + 1),
        takenAt: ((index * 31 + turn) % 1000) * 1e9,
        latitude: (index + turn) % 4 === 0 ? null : ((index * 13 + turn) % 181) - 90,
      },
    });
    const truth = new Map<string, typeof photo>();
    const put = async (from: number, until: number, turn: number): Promise<void> => {
      const photos = Array.from({ length: until - from }, (_, index) => photoOf(from + index, turn));
      await store.commit({ vectors: [], photos, files: [] }, turn === 0 ? none : all);
      for (const row of photos) truth.set(row.photoId, row);
    };
    const check = async (): Promise<void> => {
      const ids = (keep: (row: typeof photo) => boolean): string[] =>
        [...truth.values()]
          .filter(keep)
          .map(({ photoId }) => photoId)
          .sort();
      expect((await store.photoIdsWhere("iso >= CAST('400' AS double)")).sort()).toEqual(
        ids(({ metadata: { iso } }) => iso !== null && iso >= 400),
      );
      expect((await store.photoIdsWhere('iso IS NOT NULL')).sort()).toEqual(
        ids(({ metadata: { iso } }) => iso !== null),
      );
      expect((await store.photoIdsWhere("mime IN ('image/png', 'image/heic')")).sort()).toEqual(
        ids(({ mime }) => mime !== 'image/jpeg'),
      );
      const between = "taken_at >= CAST('2e11' AS double) AND taken_at < CAST('3e11' AS double) AND width > 0";
      expect((await store.photoIdsWhere(between)).sort()).toEqual(
        ids(({ metadata: { takenAt } }) => takenAt !== null && takenAt >= 2e11 && takenAt < 3e11),
      );
      expect((await store.photoIdsWhere("latitude >= CAST('89' AS double)")).sort()).toEqual(
        ids(({ metadata: { latitude } }) => latitude !== null && latitude >= 89),
      );
      expect((await store.photoIdsWhere('latitude IS NOT NULL')).sort()).toEqual(
        ids(({ metadata: { latitude } }) => latitude !== null),
      );
    };
    await put(0, 11_000, 0);
    await store.optimize(0);
    await check();
    for (let turn = 1; turn <= 3; turn++) {
      await put(turn * 1000, turn * 1000 + 2500, turn);
      await check();
      await put(11_000 + turn * 500, 11_500 + turn * 500, 0);
      if (turn % 2 === 1) await store.optimize(0);
      await check();
    }
    await store.close();
  });

  it('gives the indexes of today to a library of an older program', async () => {
    let store = await open('older');
    const photos = Array.from({ length: 10_000 }, (_, index) => ({ ...photo, photoId: idOf(index) }));
    await store.commit({ vectors: [], photos, files: [] }, none);
    await store.optimize(0);
    await store.close();
    const indexed = async (drop: readonly string[] = []): Promise<string[]> => {
      const database = await connect(join(directory, 'older', 'database'));
      const table = await database.openTable('photos');
      for (const name of drop) await table.dropIndex(name);
      const columns = (await table.listIndices()).flatMap((index) => index.columns).sort();
      table.close();
      database.close();
      return columns;
    };
    const today = await indexed();
    expect(today).toEqual(expect.arrayContaining(['iso', 'latitude', 'taken_at']));
    expect(await indexed(['latitude_idx', 'taken_at_idx'])).toHaveLength(today.length - 2);
    store = await open('older');
    await store.optimize(0);
    await store.close();
    expect(await indexed()).toEqual(today);
  });

  it('forgets what has been gone for long, with all that was derived from it, and nothing else', async () => {
    const store = await open('purged');
    const row = (name: string, photoId: string, goneAt: number | null): FileRow => ({
      ...file,
      fileId: name,
      photoId,
      goneAt,
    });
    const ids = ['old', 'recent', 'here', 'copied'];
    await store.commit(
      {
        vectors: ids.map((id) => picture(id)),
        photos: ids.map((photoId) => ({ ...photo, photoId })),
        files: [
          row('f1', 'old', 100),
          row('f2', 'recent', 300),
          row('f3', 'here', null),
          row('f4', 'copied', 100),
          row('f5', 'copied', null),
        ],
      },
      none,
    );
    await store.addHubs(
      'm',
      ids.map((photoId) => ({ photoId, hub: 1 })),
    );
    await store.putMarks([{ photoId: 'old', favourite: true, rating: 3, hidden: false }]);
    expect(await store.purge(200)).toEqual({ fileIds: expect.arrayContaining(['f1', 'f4']), photoIds: ['old'] });
    expect(await store.purge(200)).toEqual({ fileIds: [], photoIds: [] });
    expect((await store.loadFiles()).map(({ fileId }) => fileId).sort()).toEqual(['f2', 'f3', 'f5']);
    expect([...(await store.loadHubs('m')).keys()].sort()).toEqual(['copied', 'here', 'recent']);
    expect(await store.vectorCount('m')).toBe(3);
    expect(await store.photo('old')).toBeNull();
    expect(await store.photo('copied')).not.toBeNull();
    expect((await store.loadMarks()).get('old')).toEqual({ favourite: true, rating: 3, hidden: false });
    await store.close();
  });

  it('tells what is wrong with it, and puts it right when asked', async () => {
    const store = await open('asked');
    await store.commit({ vectors: [picture('p1'), picture('stray')], photos: [photo], files: [file] }, none);
    expect(await store.inspect()).toContainEqual(
      expect.objectContaining({ name: 'photos', isReadable: true, rows: 1 }),
    );
    expect(await store.repair()).toEqual([expect.stringContaining('1 row')]);
    expect(await store.vectorCount('m')).toBe(1);
    expect(await store.repair()).toEqual([]);
    await store.close();
  });

  it('takes new words into the index while they come in', async () => {
    const store = await open('growing');
    const WRITES = 70;
    for (let write = 0; write < WRITES; write++) {
      const [photoId, fileId] = [idOf(write), `f${String(write)}`];
      await store.commit(
        {
          vectors: [],
          photos: [{ ...photo, photoId }],
          files: [{ ...file, fileId, photoId, relPath: `w${String(write)}.jpg` }],
        },
        none,
      );
    }
    const database = await connect(join(directory, 'growing', 'database'));
    const files = await database.openTable('files');
    const stats = await files.indexStats('literal_idx');
    expect(stats?.numUnindexedRows).toBeLessThan(WRITES / 2);
    expect(await files.countRows()).toBe(WRITES);
    for (const write of [0, 40, WRITES - 1]) expect(await store.literal(`w${String(write)}`, 9)).toEqual([idOf(write)]);
    database.close();
    await store.close();
  });

  it('is read while it is put right, as before and after', async () => {
    const store = await open('read');
    await store.commit({ vectors: [picture('p1')], photos: [photo], files: [file] }, none);
    const mending = { ends: 0 };
    const repairs = [store.repair(), store.repair(), store.repair()].map((repair) => repair.then(() => mending.ends++));
    let reads = 0;
    while (mending.ends < repairs.length) {
      const looks: string[] = [];
      for await (const { photoId } of store.loadLooks()) looks.push(photoId);
      expect([await store.vectorCount('m'), (await store.loadFiles()).length, looks]).toEqual([1, 1, ['p1']]);
      expect(await store.photo('p1')).not.toBeNull();
      reads++;
    }
    await Promise.all(repairs);
    expect(reads).toBeGreaterThan(0);
    await store.close();
  });
});
