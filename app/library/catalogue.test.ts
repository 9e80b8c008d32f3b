import { describe, expect, it } from 'vitest';
import type { FileRow } from '../store/rows.ts';
import { Catalogue, type PictureFacts } from './catalogue.ts';

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
  leftOut: null,
  seenAt: 0,
  groupId: null,
  sidecars: null,
  goneAt: null,
});
/** What a picture of these bytes looks like: each its own. */
const lookOf = (contentHash: string): PictureFacts => ({ pixelHash: `p${contentHash}`, width: 3, height: 2 });

const put = (catalogue: Catalogue, photoId: string, contentHash: string, takenAt = 0): void => {
  catalogue.putPhoto({
    photoId,
    contentHash,
    pixelHash: lookOf(contentHash).pixelHash,
    width: 3,
    height: 2,
    seconds: null,
    takenAt,
    rating: null,
  });
};

/** The photo of some bytes, as a worker finds it. */
const identify = (catalogue: Catalogue, fileId: string, contentHash: string): string =>
  catalogue.claimContent(contentHash) ?? catalogue.identify(fileId, contentHash, lookOf(contentHash));

describe('Catalogue', () => {
  it('gives the same bytes the same photo, and new bytes a new one', () => {
    const catalogue = new Catalogue();
    const id = identify(catalogue, 'f1', hash('a'));
    expect(id).toBe('a'.repeat(16));
    put(catalogue, id, hash('a'));
    catalogue.putFile(file('f1', id));
    expect(identify(catalogue, 'f2', hash('a'))).toBe(id);
    expect(identify(catalogue, 'f2', hash('b'))).not.toBe(id);
  });

  it('keeps the id of a photo that was edited in place, unless a copy still shows the old one', () => {
    const catalogue = new Catalogue();
    put(catalogue, 'p', hash('a'));
    catalogue.putFile(file('f1', 'p'));
    expect(identify(catalogue, 'f1', hash('b'))).toBe('p');
    catalogue.startRun();
    catalogue.putFile(file('f2', 'p'));
    expect(identify(catalogue, 'f1', hash('b'))).toBe('b'.repeat(16));
  });

  it('gives a restored original an id of its own when the edited photo has kept the first', () => {
    const catalogue = new Catalogue();
    const id = 'a'.repeat(16);
    put(catalogue, id, hash('c'));
    const restored = identify(catalogue, 'f9', hash('a'));
    expect(restored).toMatch(/^[0-9a-f]{16}$/u);
    expect(restored).not.toBe(id);
    expect(identify(catalogue, 'f9', hash('a'))).toBe(restored);
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

  it('knows a picture whose file says something else now, under any path', () => {
    const catalogue = new Catalogue();
    put(catalogue, 'p', hash('a'));
    catalogue.putFile(file('f1', 'p'));
    const look = lookOf(hash('a'));
    expect(catalogue.identify('f1', hash('b'), look)).toBe('p');
    expect(catalogue.identify('f2', hash('c'), look)).toBe('p');
    expect(catalogue.identify('f3', hash('d'), { ...look, width: 4 })).not.toBe('p');
  });

  it('gives two files with one picture one new photo within a run, whatever their bytes', () => {
    const catalogue = new Catalogue();
    const look = lookOf(hash('a'));
    const id = catalogue.identify('f1', hash('a'), look);
    expect(catalogue.identify('f2', hash('b'), look)).toBe(id);
  });

  it('remembers what is gone without showing it, by its bytes too', () => {
    const catalogue = new Catalogue();
    put(catalogue, 'p', hash('a'));
    const there: FileRow = { ...file('f1', 'p'), contentHash: hash('b') };
    catalogue.putFile(there);
    catalogue.putFile({ ...there, fileId: 'g1', goneAt: 5 });
    catalogue.removeFile('f1');
    expect(catalogue.isShown('p')).toBe(false);
    expect(catalogue.gone.size).toBe(1);
    expect(catalogue.claimContent(hash('a'))).toBe('p');
  });

  it('takes the former bytes of an edited photo for unknown', () => {
    const catalogue = new Catalogue();
    put(catalogue, 'p', hash('a'));
    catalogue.putFile({ ...file('f1', 'p'), contentHash: hash('a') });
    put(catalogue, 'p', hash('b'));
    catalogue.putFile({ ...file('f1', 'p'), contentHash: hash('b') });
    expect(catalogue.claimContent(hash('a'))).toBeNull();
    expect(catalogue.claimContent(hash('b'))).toBe('p');
  });

  it('lets an edited photo and its kept original part ways, whichever is seen first', () => {
    for (const isEditFirst of [true, false]) {
      const catalogue = new Catalogue();
      put(catalogue, 'p', hash('a'));
      catalogue.putFile({ ...file('f1', 'p'), contentHash: hash('a') });
      const edit = (): string => identify(catalogue, 'f1', hash('b'));
      const original = (): string => identify(catalogue, 'f2', hash('a'));
      const ids = isEditFirst ? [edit(), original()] : [original(), edit()];
      expect(new Set(ids).size).toBe(2);
      expect(ids).toContain('p');
    }
  });

  it('leaves hidden photos out, and does not count them', () => {
    const catalogue = new Catalogue();
    for (const id of ['p', 'q']) put(catalogue, id, hash(id));
    for (const row of [file('f1', 'p'), file('f2', 'p'), file('f3', 'q'), { ...file('f4', 'p'), rootId: 's' }])
      catalogue.putFile(row);
    const shown = (): unknown => [
      catalogue.newestFirst(),
      catalogue.shownCount,
      ...['r', 's'].map((rootId) => catalogue.photosIn(rootId)),
    ];
    const mark = (photoId: string, hidden: boolean): void => {
      catalogue.marks.set(photoId, { favourite: false, rating: null, hidden });
      catalogue.marksChanged([photoId]);
    };
    expect(shown()).toEqual([['p', 'q'], 2, 2, 1]);
    mark('p', true);
    mark('not here', true);
    expect(shown()).toEqual([['q'], 1, 1, 0]);
    for (const fileId of ['f1', 'f2']) catalogue.removeFile(fileId);
    expect(shown()).toEqual([['q'], 1, 1, 0]);
    catalogue.putFile(file('f1', 'p'));
    mark('p', false);
    expect(shown()).toEqual([['p', 'q'], 2, 2, 1]);
  });

  it('forgets a photo for good', () => {
    const catalogue = new Catalogue();
    put(catalogue, 'p', hash('a'));
    catalogue.removePhoto('p');
    expect(catalogue.claimContent(hash('a'))).toBeNull();
    expect(catalogue.identify('f1', hash('a'), lookOf(hash('a')))).not.toBe('p');
  });

  it('gives the same bytes the same photo although they decode a little differently', () => {
    const catalogue = new Catalogue();
    put(catalogue, 'p', hash('a'));
    for (const name of ['f1', 'f2']) catalogue.putFile({ ...file(name, 'p'), contentHash: hash('a') });
    const today = { ...lookOf(hash('a')), pixelHash: 'decoded by a newer program' };
    // Asked by bytes first, as a worker does for a model that has not seen the photo.
    expect(catalogue.claimContent(hash('a'))).toBe('p');
    expect(catalogue.identify('f1', hash('a'), today)).toBe('p');
  });

  it('takes bytes for what they look like, not for what their photo looks like now', () => {
    const catalogue = new Catalogue();
    put(catalogue, 'p', hash('a'));
    // A copy with other words in it, which went away.
    catalogue.putFile({ ...file('f2', 'p'), contentHash: hash('b'), goneAt: 5 });
    catalogue.putFile({ ...file('f1', 'p'), contentHash: hash('a') });
    put(catalogue, 'p', hash('c'));
    catalogue.putFile({ ...file('f1', 'p'), contentHash: hash('c') });
    catalogue.removeFile('f2');
    expect(catalogue.claimContent(hash('a'))).toBeNull();
    expect(catalogue.claimContent(hash('b'))).toBeNull();
    expect(catalogue.claimContent(hash('c'))).toBe('p');
  });

  it('lets a photo be edited under its id beside its raw file, and after it could not be read', () => {
    const catalogue = new Catalogue();
    put(catalogue, 'p', hash('a'));
    catalogue.putFile(file('f1', 'p'));
    catalogue.putFile({ ...file('raw', 'p'), groupId: 'f1' });
    expect(identify(catalogue, 'f1', hash('b'))).toBe('p');
    catalogue.startRun();
    expect(identify(catalogue, 'raw', hash('d'))).not.toBe('p');
    catalogue.startRun();
    catalogue.putFile({ ...file('f1', 'p'), fileId: 'gone', goneAt: 5 });
    catalogue.putFile({ ...file('f1', null) });
    expect(identify(catalogue, 'f1', hash('b'))).toBe('p');
    catalogue.startRun();
    catalogue.putFile(file('f2', 'p'));
    expect(identify(catalogue, 'f1', hash('b'))).not.toBe('p');
  });

  it('counts photos by the folders of the library that show them', () => {
    const catalogue = new Catalogue();
    put(catalogue, 'p', hash('a'));
    for (const row of [file('f1', 'p'), file('f2', 'p'), { ...file('f3', 'p'), rootId: 's' }, file('f4', null)])
      catalogue.putFile(row);
    const counts = (): number[] => ['r', 's'].map((rootId) => catalogue.photosIn(rootId));
    expect(counts()).toEqual([1, 1]);
    catalogue.putFile(file('f2', 'p'));
    catalogue.removeFile('f1');
    expect(counts()).toEqual([1, 1]);
    catalogue.removeFile('f2');
    expect(counts()).toEqual([0, 1]);
    catalogue.removeFile('f3');
    expect([...counts(), catalogue.failures().length]).toEqual([0, 0, 1]);
    catalogue.removeFile('f4');
    expect(catalogue.failures()).toEqual([]);
  });
});

describe('a row whose path leads out of its folder', () => {
  it('is passed over, and takes the place of none', () => {
    const catalogue = new Catalogue();
    put(catalogue, 'a', hash('a'));
    catalogue.putFile(file('f', 'a'));
    for (const relPath of ['../f.jpg', '/etc/passwd', '']) catalogue.putFile({ ...file('g', 'a'), relPath });
    expect([...catalogue.files.keys()]).toEqual(['f']);
    catalogue.putFile({ ...file('f', 'a'), relPath: '../f.jpg' });
    expect([catalogue.files.size, catalogue.isShown('a')]).toEqual([0, false]);
  });
});
