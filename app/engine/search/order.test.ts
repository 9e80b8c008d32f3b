import { describe, expect, it } from 'vitest';
import { Catalogue } from '../../library/catalogue.ts';
import { orderOf } from './order.ts';

const catalogue = new Catalogue();
const ids = ['a', 'b', 'c'];
const put = (
  photoId: string,
  takenAt: number,
  rating: number | null,
  files: readonly [string, number, number][],
): void => {
  const hashes = { contentHash: photoId, pixelHash: photoId };
  catalogue.putPhoto({
    photoId,
    ...hashes,
    width: photoId === 'c' ? 4 : 2,
    height: photoId === 'b' ? 1 : 2,
    seconds: photoId === 'b' ? 9 : null,
    takenAt,
    rating,
  });
  for (const [relPath, size, seenAt] of files) {
    const facts = {
      rootId: 'r',
      relPath,
      size,
      mtime: 1,
      device: '',
      inode: '',
      contentHash: photoId,
      failure: null,
      leftOut: null,
    };
    catalogue.putFile({ ...facts, fileId: relPath, photoId, groupId: null, sidecars: null, goneAt: null, seenAt });
  }
};
put('a', 3, 5, [
  ['x/Zoo.jpg', 10, 1],
  ['y/zoo copy.jpg', 10, 9],
]);
put('b', 1, 2, [['arch.jpg', 30, 3]]);
put('c', 2, null, [['Bridge.jpg', 20, 2]]);
catalogue.marks.set('c', { favourite: false, rating: 3, hidden: false });
catalogue.marks.set('b', { favourite: true, rating: null, hidden: false });

const columns: Readonly<Record<string, ReadonlyMap<string, string | number>>> = {
  camera: new Map([
    ['a', 'nikon'],
    ['b', 'Canon'],
  ]),
  exposure_seconds: new Map([
    ['c', 2],
    ['b', 0.004],
  ]),
};
const sorted = async (by: Parameters<typeof orderOf>[1]['by'], reversed = false): Promise<string> => {
  const rows = await orderOf(ids, { by, reversed }, catalogue, (column) =>
    Promise.resolve(columns[column] ?? new Map()),
  );
  return Array.from(rows, (row) => ids[row]).join('');
};

describe('orderOf', () => {
  it.each([
    ['date', 'acb', 'bca'],
    ['added', 'bca', 'acb'],
    ['name', 'bca', 'acb'],
    ['size', 'bca', 'acb'],
    ['rating', 'acb', 'bca'],
    ['resolution', 'cab', 'bac'],
    // What is not recorded comes last.
    ['duration', 'bac', 'bac'],
    ['camera', 'bac', 'abc'],
    ['exposure', 'cba', 'bca'],
    ['title', 'abc', 'abc'],
  ] as const)('sorts by %s', async (by, order, reversed) => {
    expect(await sorted(by)).toBe(order);
    expect(await sorted(by, true)).toBe(reversed);
  });
});
