import { cp, mkdtemp, readdir, rm, stat, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { all, DIMENSION, file, none, photo, picture } from '../../test/support/rows.ts';
import type { FileRow, PhotoRow, VectorRow } from './rows.ts';
import { isDamage } from './salvage.ts';
import { Store } from './store.ts';

/** Three batches of photos, each a fragment of every table; then a change in the first and a removal in the second. */
const BATCHES = 3;
const PER_BATCH = 40;
const ids = Array.from({ length: BATCHES * PER_BATCH }, (_, index) => `p${String(index).padStart(3, '0')}`);
const photoOf = (photoId: string, width = 30): PhotoRow => ({ ...photo, photoId, contentHash: `c${photoId}`, width });
const fileOf = (photoId: string, size = 7): FileRow => ({
  ...file,
  fileId: `f${photoId}`,
  photoId,
  contentHash: `c${photoId}`,
  relPath: `IMG_${photoId}.jpg`,
  size,
});
const vectorOf = (photoId: string, x = 0): VectorRow =>
  picture(photoId, Float32Array.of(x, Number(photoId.slice(1)), 0, 0));
const GONE = 'p050';
const CHANGED = 'p007';

let parent = '';
let original = '';
let library = '';
beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'afterimage-salvage-'));
  original = join(parent, 'original');
  const store = await Store.open(join(original, 'database'));
  await store.useVectors('m', DIMENSION);
  for (let batch = 0; batch < BATCHES; batch++) {
    const some = ids.slice(batch * PER_BATCH, (batch + 1) * PER_BATCH);
    await store.commit(
      {
        vectors: some.map((id) => vectorOf(id)),
        photos: some.map((id) => photoOf(id)),
        files: some.map((id) => fileOf(id)),
      },
      none,
    );
    if (batch === 0) await store.putMarks([{ photoId: 'p003', favourite: true, rating: 4, hidden: false }]);
    if (batch === 1) await store.optimize();
  }
  await store.commit(
    { vectors: [vectorOf(CHANGED, 9)], photos: [photoOf(CHANGED, 99)], files: [fileOf(CHANGED, 8)] },
    all,
  );
  await store.removeFiles([`f${GONE}`]);
  await store.putMarks([
    { photoId: 'p003', favourite: true, rating: 5, hidden: false },
    { photoId: 'p004', favourite: false, rating: null, hidden: true },
  ]);
  // Closed without tidying up, as by a kill, but for the copy that tidying up has made.
  await cp(original, join(parent, 'killed'), { recursive: true });
  await store.close();
  await rm(original, { recursive: true });
  original = join(parent, 'killed');
});
afterAll(() => rm(parent, { recursive: true, force: true }));

beforeEach(async () => {
  library = join(parent, 'damaged');
  await cp(original, library, { recursive: true });
});
afterEach(() => rm(library, { recursive: true, force: true }));

const open = async (): Promise<Store> => {
  const store = await Store.open(join(library, 'database'));
  await store.useVectors('m', DIMENSION);
  return store;
};

interface Content {
  readonly files: Map<string, FileRow>;
  readonly photos: Map<string, number>;
  readonly vectors: Map<string, number>;
}
const read = async (store: Store): Promise<Content> => {
  const files = new Map((await store.loadFiles()).map((row) => [row.fileId, row]));
  const photos = new Map<string, number>();
  for await (const row of store.loadPhotos()) photos.set(row.photoId, row.width);
  const vectors = new Map<string, number>();
  for await (const batch of store.vectorsOf('m'))
    for (const [row, id] of batch.ids.entries()) vectors.set(id, batch.vectors[row * DIMENSION] ?? NaN);
  return { files, photos, vectors };
};

const TABLES = ['files', 'photos', 'vectors_m'] as const;
type TableName = (typeof TABLES)[number];
const folder = (table: string, part: string): string => join(library, 'database', `${table}.lance`, part);
/** The biggest data files are those of the batches. */
const dataFile = async (table: string): Promise<string> => {
  const names = await readdir(folder(table, 'data'));
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder(table, 'data'), name))).size));
  return join(folder(table, 'data'), names[sizes.indexOf(Math.max(...sizes))] ?? '');
};
const halve = async (path: string): Promise<void> => truncate(path, Math.floor((await stat(path)).size / 2));
const everyFile = async (path: string, change: (path: string) => Promise<void>): Promise<void> => {
  for (const name of await readdir(path)) await change(join(path, name));
};
const manifests = async (table: string): Promise<string[]> =>
  (await readdir(folder(table, '_versions'))).filter((name) => name.endsWith('.manifest')).sort();

const DAMAGES: Readonly<Record<string, (table: TableName | 'user') => Promise<void>>> = {
  'a data file is cut': async (table) => halve(await dataFile(table)),
  'a data file is empty': async (table) => truncate(await dataFile(table), 0),
  'a data file is missing': async (table) => rm(await dataFile(table)),
  'the lists of deleted rows are missing': (table) => rm(folder(table, '_deletions'), { recursive: true }),
  'the lists of deleted rows are cut': (table) => everyFile(folder(table, '_deletions'), halve),
  'the newest manifest is cut': async (table) =>
    halve(join(folder(table, '_versions'), (await manifests(table))[0] ?? '')),
  'all manifests are missing': (table) => rm(folder(table, '_versions'), { recursive: true }),
};

describe('a library with damage', () => {
  describe.each(Object.keys(DAMAGES))('where %s', (kind) => {
    it.each(TABLES)(
      'in %s keeps what can be read, and is whole when what is missing is written again',
      async (table) => {
        await DAMAGES[kind]?.(table);
        let store = await open();
        const left = await read(store);
        expect(store.repairs.join()).toContain(table);
        expect(await readdir(library)).toContainEqual(expect.stringMatching(/^damaged-/u));
        // The other tables have lost nothing, and no row is there twice or in two versions.
        const sizes = { files: ids.length - 1, photos: ids.length, vectors_m: ids.length };
        const kept = { files: left.files.size, photos: left.photos.size, vectors_m: left.vectors.size };
        for (const other of TABLES) if (other !== table) expect(kept[other]).toBe(sizes[other]);
        expect(kept[table]).toBeGreaterThanOrEqual(PER_BATCH);

        // What the next run does: rows that are missing, and files that seem changed because their photo is unknown.
        for (const [fileId, row] of left.files)
          if (row.photoId !== null && fileId !== `f${GONE}`) expect(row.size < 0).toBe(!left.photos.has(row.photoId));
        const size = (id: string): number => (id === CHANGED ? 8 : 7);
        const wanted = ids.filter((id) => id !== GONE);
        const again = wanted.filter(
          (id) => left.files.get(`f${id}`)?.size !== size(id) || !left.photos.has(id) || !left.vectors.has(id),
        );
        expect(again.length).toBeLessThanOrEqual(ids.length - PER_BATCH);
        await store.commit(
          {
            vectors: again.map((id) => vectorOf(id, id === CHANGED ? 9 : 0)),
            photos: again.map((id) => photoOf(id, id === CHANGED ? 99 : 30)),
            files: again.map((id) => fileOf(id, size(id))),
          },
          all,
        );
        await store.removeFiles([`f${GONE}`]);
        await store.close();
        store = await open();
        const whole = await read(store);
        expect(store.repairs).toEqual([]);
        expect(whole.files).toEqual(
          new Map(wanted.map((id) => [`f${id}`, expect.objectContaining({ size: size(id), photoId: id })])),
        );
        for (const id of wanted) expect([whole.photos.has(id), whole.vectors.has(id)]).toEqual([true, true]);
        expect(await store.literal('p077', 9)).toEqual(['p077']);
        await store.close();
      },
    );
  });

  it.each(Object.keys(DAMAGES))('loses no mark when of their table %s', async (kind) => {
    let store = await open();
    await store.optimize();
    const marks = await store.loadMarks();
    expect(marks.size).toBe(2);
    await store.putMarks([{ photoId: 'p003', favourite: true, rating: 1, hidden: false }]);
    await store.optimize(0);
    await store.close();
    await DAMAGES[kind]?.('user').catch((error: unknown) => {
      // Tidied up, a table has no lists of deleted rows.
      expect(kind).toMatch(/deleted/u);
      expect(error).toMatchObject({ code: 'ENOENT' });
    });
    store = await open();
    expect(await store.loadMarks()).toEqual(
      new Map([...marks, ['p003', { favourite: true, rating: 1, hidden: false }]]),
    );
    await store.close();
  });

  it.each(['is missing', 'is cut'])('makes an index that %s anew', async (kind) => {
    const indices = folder('files', '_indices');
    if (kind === 'is missing') await rm(indices, { recursive: true });
    else await everyFile(indices, (path) => everyFile(path, halve));
    const store = await open();
    expect(await store.literal('p077', 9)).toEqual(['p077']);
    expect((await read(store)).files.size).toBe(ids.length - 1);
    await store.optimize();
    await store.close();
  });

  it('mends nothing when the system cannot read', () => {
    expect(isDamage(new Error('lance error: Not found: a.lance (os error 2)'))).toBe(true);
    expect(isDamage(new Error('lance error: failed to fill whole buffer'))).toBe(true);
    for (const code of ['5', '13', '24', '28'])
      expect(isDamage(new Error(`lance error: LanceError(IO): a.lance: Something (os error ${code})`))).toBe(false);
    expect(isDamage(new TypeError('undefined is not a function'))).toBe(false);
  });
});
