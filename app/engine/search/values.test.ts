import { beforeEach, describe, expect, it } from 'vitest';
import { Catalogue } from '../../library/catalogue.ts';
import type { PhotoFacts } from '../../store/rows.ts';
import { Values } from './values.ts';

const put = (catalogue: Catalogue, photoId: string, takenAt: number, paths: readonly string[]): void => {
  const hashes = { contentHash: photoId, pixelHash: photoId };
  catalogue.putPhoto({ photoId, ...hashes, width: 3, height: 2, seconds: null, takenAt, rating: null });
  for (const relPath of paths) {
    const row = { rootId: 'r', relPath, size: 1, mtime: 1, device: '', inode: '', contentHash: photoId, seenAt: 1 };
    catalogue.putFile({
      ...row,
      fileId: relPath,
      photoId,
      failure: null,
      leftOut: null,
      groupId: null,
      sidecars: null,
      goneAt: null,
    });
  }
};
const facts = (
  photoId: string,
  camera: string | null,
  keywords: readonly string[],
  mime = 'image/jpeg',
): PhotoFacts => ({
  photoId,
  camera,
  lens: null,
  mime,
  keywords,
});

let catalogue: Catalogue;
let values: Values;
let scans = 0;
/** What the store waits for. */
let before: Promise<void> = Promise.resolve();
beforeEach(() => {
  scans = 0;
  before = Promise.resolve();
  catalogue = new Catalogue();
  put(catalogue, 'a', new Date(2023, 5, 1).getTime(), ['2023/Rome/IMG_1.jpg', '2023/backup/IMG_1.jpg']);
  put(catalogue, 'b', new Date(2024, 5, 1).getTime(), ['2024/Old Rome.png']);
  put(catalogue, 'c', new Date(2024, 0, 1).getTime(), ['2024/forum.jpg']);
  put(catalogue, 'hidden', 0, []);
  values = new Values({
    catalogue,
    loadFacts: async function* () {
      scans += 1;
      await before;
      if (scans > 1) yield facts('c', 'LEICA M3', []);
      yield facts('a', 'Canon EOS 5D', ['Italy', 'sea']);
      yield facts('b', 'NIKON D90', ['Italy']);
      yield facts('c', 'NIKON D90', [], 'image/x-nikon-nef');
      yield facts('hidden', 'Canon EOS 5D', ['Italy']);
    },
    folderOf: ({ relPath }) => `/Pictures/${relPath.slice(0, relPath.lastIndexOf('/') + 1)}`,
    tags: () => Promise.resolve([['arch', 'city'], ['city'], []]),
  });
});

type Field = Parameters<Values['of']>[0]['field'];
const offer = async (field: Field, prefix: string, limit = 9): Promise<string[]> =>
  (await values.of({ field, prefix, limit })).values.map(({ value, photos }) => `${value} ${String(photos)}`);

describe('Values', () => {
  it('counts the photos that some file shows, most first', async () => {
    expect(await offer('camera', '')).toEqual(['NIKON D90 2', 'Canon EOS 5D 1']);
    expect(await offer('keyword', '')).toEqual(['Italy 2', 'sea 1']);
    expect(await offer('lens', '')).toEqual([]);
    expect(await offer('type', '')).toEqual(['jpeg 2', 'nef 1']);
    expect(await offer('after', '')).toEqual(['2024 2', '2023 1']);
    expect(await offer('tag', '')).toEqual(['city 2', 'arch 1']);
    expect(scans).toBe(1);
  });

  it('offers what begins so, or has a word that does, in any case', async () => {
    expect(await offer('camera', 'nik')).toEqual(['NIKON D90 2']);
    expect(await offer('camera', 'EOS')).toEqual(['Canon EOS 5D 1']);
    expect(await offer('camera', 'OS')).toEqual([]);
    expect(await offer('name', 'rome')).toEqual(['Old Rome.png 1']);
    expect(await offer('name', 'img_1')).toEqual(['IMG_1.jpg 1']);
  });

  it('follows the library when told that it has changed', async () => {
    expect(await offer('name', 'new')).toEqual([]);
    put(catalogue, 'd', 0, ['1970/new.jpg']);
    values.outdate();
    expect(await offer('name', 'new')).toEqual(['new.jpg 1']);
    expect(await offer('in', 'pictures/19')).toEqual(['Pictures/1970 1']);
  });

  it('offers what it has rather than waiting for a slow look', async () => {
    expect(await offer('camera', 'canon')).toEqual(['Canon EOS 5D 1']);
    let look: (() => void) | undefined;
    before = new Promise<void>((resolve) => (look = resolve));
    values.outdate();
    expect(await offer('camera', 'canon')).toEqual(['Canon EOS 5D 1']);
    expect(await offer('camera', 'leica')).toEqual([]);
    look?.();
    await expect.poll(() => offer('camera', 'leica')).toEqual(['LEICA M3 1']);
    expect(scans).toBe(2);
  });

  it('offers folders and what they lie in', async () => {
    expect(await offer('in', '')).toEqual([
      'Pictures 3',
      'Pictures/2024 2',
      'Pictures/2023 1',
      'Pictures/2023/Rome 1',
      'Pictures/2023/backup 1',
    ]);
    expect(await offer('in', 'rom')).toEqual(['Pictures/2023/Rome 1']);
    expect(await offer('in', 'pictures/2024')).toEqual(['Pictures/2024 2']);
    expect(await offer('in', '', 2)).toHaveLength(2);
  });
});
