import { describe, expect, it } from 'vitest';
import type { FileRow } from '../store/rows.ts';
import { Catalogue } from './catalogue.ts';

const hash = (digit: string): string => digit.repeat(64);
const file = (fileId: string, photoId: string | null): FileRow => ({
  fileId,
  rootId: 'r',
  relPath: `${fileId}.jpg`,
  size: 1,
  mtime: 0,
  device: '1',
  inode: '1',
  contentHash: photoId,
  photoId,
  failure: photoId === null ? { kind: 'empty', message: 'empty' } : null,
  seenAt: 0,
});
const put = (catalogue: Catalogue, photoId: string, contentHash: string, takenAt = 0): void => {
  catalogue.putPhoto({ photoId, contentHash, width: 3, height: 2, takenAt, rating: null });
};

describe('Catalogue', () => {
  it('gives the same bytes the same photo, and new bytes a new one', () => {
    const catalogue = new Catalogue();
    const id = catalogue.identify('f1', hash('a'));
    expect(id).toBe('a'.repeat(16));
    put(catalogue, id, hash('a'));
    catalogue.putFile(file('f1', id));
    expect(catalogue.identify('f2', hash('a'))).toBe(id);
    expect(catalogue.identify('f2', hash('b'))).not.toBe(id);
  });

  it('keeps the id of a photo that was edited in place, unless a copy still shows the old one', () => {
    const catalogue = new Catalogue();
    put(catalogue, 'p', hash('a'));
    catalogue.putFile(file('f1', 'p'));
    expect(catalogue.identify('f1', hash('b'))).toBe('p');
    catalogue.putFile(file('f2', 'p'));
    expect(catalogue.identify('f1', hash('b'))).toBe('b'.repeat(16));
  });

  it('gives a restored original an id of its own when the edited photo has kept the first', () => {
    const catalogue = new Catalogue();
    const id = 'a'.repeat(16);
    put(catalogue, id, hash('c'));
    const restored = catalogue.identify('f9', hash('a'));
    expect(restored).toMatch(/^[0-9a-f]{16}$/u);
    expect(restored).not.toBe(id);
    expect(catalogue.identify('f9', hash('a'))).toBe(restored);
  });

  it('shows a photo while one file is left, newest first, and lists refusals', () => {
    const catalogue = new Catalogue();
    put(catalogue, 'old', hash('1'), 100);
    put(catalogue, 'new', hash('2'), 200);
    put(catalogue, 'orphan', hash('3'), 300);
    for (const row of [file('f1', 'old'), file('f2', 'new'), file('f3', 'new'), file('f4', null)])
      catalogue.putFile(row);
    expect(catalogue.newestFirst()).toEqual(['new', 'old']);
    catalogue.removeFile('f2');
    expect(catalogue.newestFirst()).toEqual(['new', 'old']);
    catalogue.removeFile('f3');
    expect(catalogue.newestFirst()).toEqual(['old']);
    expect(catalogue.shownCount).toBe(1);
    expect(catalogue.failures().map((row) => row.fileId)).toEqual(['f4']);
  });

  it('moves a file from one photo to another', () => {
    const catalogue = new Catalogue();
    put(catalogue, 'a', hash('1'));
    put(catalogue, 'b', hash('2'));
    catalogue.putFile(file('f1', 'a'));
    catalogue.putFile(file('f1', 'b'));
    expect(catalogue.filesOf('a')).toEqual([]);
    expect(catalogue.filesOf('b').map((row) => row.fileId)).toEqual(['f1']);
  });
});
