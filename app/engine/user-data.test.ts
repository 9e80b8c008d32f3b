import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DIMENSION, file, none, photo, picture } from '../../test/support/rows.ts';
import { userDataSchema, type UserData } from '../contract/index.ts';
import { Catalogue } from '../library/catalogue.ts';
import { thumbnailPath } from '../media/thumbnail.ts';
import { openLibrary } from '../store/library.ts';
import { libraryPaths } from '../store/manifest.ts';
import type { ManifestFile } from '../store/manifest-file.ts';
import type { FileRow, PhotoRow } from '../store/rows.ts';
import { SavedSearches } from '../store/searches.ts';
import type { Store } from '../store/store.ts';
import { Care } from './care.ts';
import { Marks, marksHandlers } from './marks.ts';
import { userDataHandlers } from './user-data.ts';

const hash = (digit: string): string => digit.repeat(64);
const idOf = (digit: string): string => digit.repeat(16);
const photoOf = (digit: string): PhotoRow => ({
  ...photo,
  photoId: idOf(digit),
  contentHash: hash(digit),
  pixelHash: `x${digit}`,
  metadata: { ...photo.metadata, rating: null, keywords: [] },
});
const fileOf = (digit: string, relPath = `${digit}.jpg`): FileRow => ({
  ...file,
  fileId: `f${relPath}`,
  relPath,
  photoId: idOf(digit),
  contentHash: hash(digit),
  groupId: null,
});

let parent = '';
let photos = '';
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'afterimage-user-data-'));
  photos = join(parent, 'photos');
  await mkdir(photos);
});
afterEach(() => rm(parent, { recursive: true, force: true }));

interface Library {
  readonly store: Store;
  readonly manifest: ManifestFile;
  readonly catalogue: Catalogue;
  readonly searches: SavedSearches;
  readonly marks: Marks;
  readonly handlers: ReturnType<typeof userDataHandlers> & ReturnType<typeof marksHandlers>;
  readonly offline: Set<string>;
}

const open = async (name: string): Promise<Library> => {
  const paths = libraryPaths(join(parent, name));
  const { store, manifest } = await openLibrary(paths);
  await store.useVectors('m', DIMENSION);
  const catalogue = new Catalogue();
  for await (const row of store.loadPhotos()) catalogue.putPhoto(row);
  for (const row of await store.loadFiles()) catalogue.putFile(row);
  const marks = await Marks.open(store, catalogue);
  const searches = await SavedSearches.open(paths.searches);
  const offline = new Set<string>();
  const roots = {
    pathOf: (_: string, relPath: string) => resolve(photos, relPath),
    openable: (_: string, relPath: string) => Promise.resolve(resolve(photos, relPath)),
    isOffline: ({ rootId }: { readonly rootId: string }) => offline.has(rootId),
  };
  const changed = (): void => undefined;
  const handlers = {
    ...userDataHandlers({ paths, catalogue, roots, store, marks, searches, changed }),
    ...marksHandlers(marks, changed),
  };
  return { store, manifest, catalogue, searches, marks, handlers, offline };
};
const fill = async (name: string, rows: readonly PhotoRow[], files: readonly FileRow[]): Promise<void> => {
  const { store } = await open(name);
  await store.commit({ vectors: rows.map(({ photoId }) => picture(photoId)), photos: rows, files }, none);
  await store.close();
};
const { signal } = new AbortController();

describe('what the person says', () => {
  it('is kept, each word of it until it is said otherwise', async () => {
    await fill('a', [photoOf('1'), photoOf('2')], [fileOf('1'), fileOf('2')]);
    const { handlers, store, catalogue } = await open('a');
    const mark = handlers['photos.mark'];
    // At the same moment, and each of the two stays.
    await Promise.all([
      mark({ ids: [idOf('1'), idOf('2')], favourite: true }, signal),
      mark({ ids: [idOf('1')], rating: 4 }, signal),
    ]);
    await mark({ ids: [idOf('2')], hidden: true }, signal);
    expect(catalogue.newestFirst()).toEqual([idOf('1')]);
    await mark({ ids: [idOf('1')], rating: null }, signal);
    await expect(mark({ ids: [idOf('1'), idOf('9')], favourite: false }, signal)).rejects.toMatchObject({
      kind: 'not-found',
    });
    await store.close();
    const again = await open('a');
    expect(again.marks.all).toEqual(
      new Map([
        [idOf('1'), { favourite: true, rating: null, hidden: false }],
        [idOf('2'), { favourite: true, rating: null, hidden: true }],
      ]),
    );
    await again.store.close();
  });

  it('is taken to another library by bytes, by pixels, by place, or waits for the photo', async () => {
    const all = ['1', '2', '3', '4'];
    await fill(
      'a',
      all.map(photoOf),
      all.map((digit) => fileOf(digit)),
    );
    const from = await open('a');
    for (const [index, digit] of all.entries())
      await from.handlers['photos.mark']({ ids: [idOf(digit)], rating: index + 1 }, signal);
    await from.searches.save({ name: 'Sea', query: 'sea' });
    const exported: UserData = userDataSchema.parse(
      JSON.parse(JSON.stringify(await from.handlers['library.export']({}, signal))),
    );
    await from.store.close();
    expect(exported.photos).toHaveLength(4);

    // 1 with the same bytes; 2 with other ones but the same picture; 3 edited in its place; 4 not there at all.
    const described: PhotoRow = { ...photoOf('2'), photoId: idOf('b'), contentHash: hash('b') };
    const edited: PhotoRow = { ...photoOf('3'), photoId: idOf('c'), contentHash: hash('c'), pixelHash: 'xc' };
    const files = [fileOf('1', 'elsewhere.jpg'), { ...fileOf('b'), photoId: idOf('b') }, { ...fileOf('c', '3.jpg') }];
    await fill('b', [photoOf('1'), described, edited], files);
    let to = await open('b');
    await to.handlers['photos.mark']({ ids: [idOf('1')], rating: 5 }, signal);
    await to.handlers['photos.mark']({ ids: [idOf('c')], favourite: true }, signal);
    for (const searches of [1, 0])
      expect(await to.handlers['library.import'](exported, signal)).toEqual({
        photos: 3,
        unknown: 1,
        searches,
        refused: [],
      });
    expect(Object.fromEntries([...to.marks.all].map(([id, { rating }]) => [id, rating]))).toEqual({
      [idOf('1')]: 1,
      [idOf('b')]: 2,
      [idOf('c')]: 3,
      [idOf('4')]: 4,
    });
    expect(to.searches.value.saved).toMatchObject([{ name: 'Sea', query: 'sea' }]);
    // The fourth comes later, with the id that its bytes give it.
    await to.store.close();
    await fill('b', [photoOf('4')], [fileOf('4')]);
    to = await open('b');
    expect(to.catalogue.identify('f', hash('4'), { pixelHash: 'x4', width: 30, height: 20 })).toBe(idOf('4'));
    expect(to.marks.all.get(idOf('4'))?.rating).toBe(4);
    await to.store.close();
  });

  it('is taken in beside a run that is still to come to the photo, edited in its place', async () => {
    await fill('a', [photoOf('1')], [fileOf('1')]);
    const { handlers, catalogue, marks, store } = await open('a');
    const marked = {
      favourite: true,
      rating: 4,
      hidden: false,
      contentHashes: [hash('1')],
      pixelHash: 'x1',
      paths: [],
    };
    const data: UserData = { afterimage: 'user-data', version: 1, photos: [marked], searches: [] };
    catalogue.startRun();
    expect(await handlers['library.import'](data, signal)).toMatchObject({ photos: 1, unknown: 0 });
    const id = catalogue.identify('f1.jpg', hash('e'), { pixelHash: 'xe', width: 30, height: 20 });
    expect(marks.all.get(id)?.rating).toBe(4);
    await store.close();
  });

  it('outlives the photo, and goes with an export after it', async () => {
    await fill('a', [photoOf('1'), photoOf('2')], [{ ...fileOf('1'), goneAt: 1000 }, fileOf('2')]);
    const { catalogue, store, manifest, marks, handlers } = await open('a');
    await marks.put([{ photoId: idOf('1'), favourite: true, rating: null, hidden: false }]);
    const paths = libraryPaths(join(parent, 'a'));
    const thumbnail = thumbnailPath(paths.thumbnails, idOf('1'));
    await mkdir(join(thumbnail, '..'), { recursive: true });
    await writeFile(thumbnail, '');
    const care = new Care({ paths, catalogue, store, manifest });
    const day = 86_400_000;
    expect((await care.tidy(1000 + 29 * day)).photoIds).toEqual([]);
    expect(await care.tidy(1001 + 30 * day)).toEqual({ fileIds: ['f1.jpg'], photoIds: [idOf('1')] });
    expect([catalogue.photos.has(idOf('1')), catalogue.photos.has(idOf('2')), catalogue.gone.size]).toEqual([
      false,
      true,
      0,
    ]);
    expect(await readdir(join(thumbnail, '..'))).toEqual([]);
    const exported = await handlers['library.export']({}, signal);
    expect(exported.photos).toMatchObject([{ favourite: true, contentHashes: [idOf('1')] }]);
    await store.close();

    await fill('b', [photoOf('1')], [fileOf('1')]);
    const other = await open('b');
    expect(await other.handlers['library.import'](exported, signal)).toMatchObject({ photos: 1, unknown: 0 });
    expect(other.marks.all.get(idOf('1'))?.favourite).toBe(true);
    await other.store.close();
  });

  it('is written beside photos only where it can be, and says where it cannot', async () => {
    const described: PhotoRow = { ...photoOf('1'), metadata: { ...photo.metadata, rating: 2, keywords: ['sea'] } };
    const files = [fileOf('1'), fileOf('1', 'copy.jpg'), fileOf('2'), { ...fileOf('3'), rootId: 'away' }];
    await fill('a', [described, photoOf('2'), photoOf('3')], files);
    for (const { relPath } of files) {
      await writeFile(join(photos, relPath), 'picture');
      await utimes(join(photos, relPath), 1000, 1000);
    }
    await writeFile(join(photos, 'copy.jpg.xmp'), 'no XMP at all');
    const { handlers, offline, store } = await open('a');
    offline.add('away');
    await handlers['photos.mark']({ ids: [idOf('1'), idOf('3')], rating: 5 }, signal);
    const before = await Promise.all(files.map(({ relPath }) => readFile(join(photos, relPath))));
    const { done, failures } = await handlers['photos.writeSidecars']({ ids: ['1', '2', '3'].map(idOf) }, signal);
    expect(done).toBe(1);
    expect(failures.map(({ path }) => path).sort()).toEqual([join(photos, '3.jpg'), join(photos, 'copy.jpg')].sort());
    const xmp = await readFile(join(photos, '1.jpg.xmp'), 'utf8');
    expect(xmp).toMatch(/Rating.*5/su);
    expect(xmp).toContain('sea');
    expect(await readFile(join(photos, 'copy.jpg.xmp'), 'utf8')).toBe('no XMP at all');
    // Nothing is said of the second photo; and no photo was touched.
    expect((await readdir(photos)).sort()).toEqual(
      ['1.jpg', '1.jpg.xmp', '2.jpg', '3.jpg', 'copy.jpg', 'copy.jpg.xmp'].sort(),
    );
    expect(await Promise.all(files.map(({ relPath }) => readFile(join(photos, relPath))))).toEqual(before);
    await store.close();
  });
});
