import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FileRow } from '../store/rows.ts';
import { Catalogue } from './catalogue.ts';
import { fileIdOf } from './ids.ts';
import { recognise, rowOf, type Recognition } from './recognise.ts';
import type { PendingFile } from './scan.ts';

const found = (relPath: string, inode: string, facts: Partial<PendingFile> = {}): PendingFile => ({
  fileId: fileIdOf('r', relPath),
  rootId: 'r',
  relPath,
  // Files differ in size; those that do not have to be read where numbers cannot be trusted.
  size: 10 * Number(inode),
  mtime: 1000,
  device: 'd',
  inode,
  sidecars: null,
  sidecarsAway: [],
  problem: null,
  groupId: null,
  before: null,
  isDescriptionOnly: false,
  ...facts,
});

const indexed = (relPath: string, inode: string, facts: Partial<PendingFile> = {}): FileRow =>
  rowOf(found(relPath, inode, facts), { contentHash: inode.padEnd(64, '0'), photoId: `photo-${inode}`, seenAt: 7 });

const libraryOf = (...rows: FileRow[]): Catalogue => {
  const catalogue = new Catalogue();
  for (const row of rows) catalogue.putFile(row);
  return catalogue;
};

const ask = (
  arrivals: readonly PendingFile[],
  removed: readonly FileRow[],
  catalogue: Catalogue,
  stillThere: readonly FileRow[] = [],
): Promise<Recognition> =>
  recognise(arrivals, removed, catalogue, {
    devices: new Set(['d']),
    isStillThere: (file) => Promise.resolve(stillThere.includes(file)),
    now: 99,
  });

const paths = (rows: readonly { readonly relPath: string }[]): string[] => rows.map(({ relPath }) => relPath).sort();

describe('recognise', () => {
  it('knows a renamed file by what it keeps, and remembers nothing of its old name', async () => {
    const old = indexed('a.jpg', '1');
    const { moved, gone, stale, pending } = await ask([found('b.jpg', '1')], [old], libraryOf(old));
    expect(moved).toEqual([{ ...old, fileId: fileIdOf('r', 'b.jpg'), relPath: 'b.jpg' }]);
    expect(stale).toEqual([old.fileId]);
    expect([...gone, ...pending]).toEqual([]);
  });

  it('reads what differs in anything', async () => {
    const old = indexed('a.jpg', '1');
    for (const change of [{ size: 11 }, { mtime: 1001 }, { inode: '2' }]) {
      const { moved, pending, gone } = await ask([found('b.jpg', '1', change)], [old], libraryOf(old));
      expect([moved.length, pending.length, gone.length]).toEqual([0, 1, 1]);
    }
  });

  it('trusts numbers of another device only when that device is there no more', async () => {
    const stale = indexed('a.jpg', '1', { device: 'before the restart' });
    expect((await ask([found('b.jpg', '1')], [stale], libraryOf(stale))).moved).toHaveLength(1);
    const other = await recognise([found('b.jpg', '1')], [], libraryOf(stale), {
      devices: new Set(['d', 'before the restart']),
      isStillThere: () => Promise.resolve(true),
      now: 0,
    });
    expect(other.pending).toHaveLength(1);
  });

  it('calls another name of a file that is still there a copy, and a move what left a folder nobody looked at', async () => {
    const old = indexed('a.jpg', '1');
    const copy = await ask([found('b.jpg', '1')], [], libraryOf(old), [old]);
    expect([copy.moved.length, copy.copied.length, copy.stale]).toEqual([0, 1, []]);
    const move = await ask([found('b.jpg', '1')], [], libraryOf(old));
    expect([move.moved.length, move.copied.length, move.stale]).toEqual([1, 0, [old.fileId]]);
  });

  it('takes back what had gone, without reading it', async () => {
    const old = indexed('a.jpg', '1');
    const first = await ask([], [old], libraryOf(old));
    expect(first.gone).toMatchObject([{ photoId: old.photoId, goneAt: 99 }]);
    const again = await ask([found('a.jpg', '1')], [], libraryOf(...first.gone));
    expect(again.copied).toMatchObject([{ fileId: old.fileId, photoId: old.photoId, goneAt: null, seenAt: 7 }]);
    expect(again.stale).toEqual(first.gone.map(({ fileId }) => fileId));
  });

  it('swaps two names', async () => {
    const [a, b] = [indexed('a.jpg', '1'), indexed('b.jpg', '2')];
    const arrivals = [found('a.jpg', '2', { before: a }), found('b.jpg', '1', { before: b })];
    const { moved, stale, pending } = await ask(arrivals, [], libraryOf(a, b));
    expect(moved.map(({ relPath, photoId }) => [relPath, photoId])).toEqual([
      ['a.jpg', b.photoId],
      ['b.jpg', a.photoId],
    ]);
    expect([...stale, ...pending]).toEqual([]);
  });

  it('trusts no number where files of one size and time may have been numbered anew', async () => {
    const [a, b] = [indexed('a.tif', '1', { size: 7 }), indexed('b.tif', '2', { size: 7 })];
    // The first one was deleted, and the card was connected again: the second one has its number now.
    const arrival = found('b.tif', '1', { size: 7, before: b });
    const { moved, pending, gone } = await ask([arrival], [a], libraryOf(a, b));
    expect([moved, pending]).toEqual([[], [arrival]]);
    expect(gone).toMatchObject([{ photoId: a.photoId }]);
  });

  it('holds what stands beside a moved file for unread until it is read', async () => {
    const old = indexed('a.jpg', '1');
    const { moved, pending } = await ask([found('b.jpg', '1', { sidecars: '9:1:b.xmp' })], [old], libraryOf(old));
    expect(moved).toMatchObject([{ relPath: 'b.jpg', sidecars: null }]);
    expect(pending).toMatchObject([{ relPath: 'b.jpg', sidecars: '9:1:b.xmp', isDescriptionOnly: true }]);
  });

  it('keep what was said beside them while only a cloud service has that', async () => {
    const old = indexed('a.jpg', '1', { sidecars: '9:1:a.xmp' });
    const arrived = found('in/a.jpg', '1', { sidecarsAway: ['a.xmp'] });
    const { moved, pending } = await ask([arrived], [old], libraryOf(old));
    expect(moved).toMatchObject([{ relPath: 'in/a.jpg', sidecars: '9:1:a.xmp' }]);
    expect(pending).toEqual([]);
  });

  it('remembers the photo whose path another one has taken', async () => {
    const [a, b] = [indexed('a.jpg', '1'), indexed('b.jpg', '2')];
    const { moved, gone } = await ask([found('a.jpg', '2', { before: a })], [b], libraryOf(a, b));
    expect(moved).toMatchObject([{ relPath: 'a.jpg', photoId: b.photoId }]);
    expect(gone).toMatchObject([{ photoId: a.photoId, goneAt: 99 }]);
    expect(gone[0]?.fileId).not.toBe(a.fileId);
  });

  it('lets failed files and companions go without a trace', async () => {
    const failed: FileRow = { ...indexed('a.jpg', '1'), photoId: null, failure: { kind: 'empty', message: '' } };
    const companion: FileRow = { ...indexed('b.cr2', '2'), groupId: 'lead' };
    const { gone, stale } = await ask([], [failed, companion], libraryOf(failed, companion));
    expect(gone).toEqual([]);
    expect(stale).toEqual([failed.fileId, companion.fileId]);
  });

  it('loses no photo and invents none, however files are renamed', async () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(names, { minLength: 4, maxLength: 4 }),
        fc.shuffledSubarray(names, { minLength: 4, maxLength: 4 }),
        async (before, after) => {
          const rows = before.map((name, file) => indexed(`${name}.jpg`, String(file)));
          const catalogue = libraryOf(...rows);
          const arrivals = after.flatMap((name, file) =>
            before[file] === name
              ? []
              : [
                  found(`${name}.jpg`, String(file), {
                    before: rows.find(({ relPath }) => relPath === `${name}.jpg`) ?? null,
                  }),
                ],
          );
          const removed = rows.filter(({ relPath }) => !after.some((name) => `${name}.jpg` === relPath));
          const { moved, copied, gone, stale, pending } = await ask(arrivals, removed, catalogue);
          for (const row of [...moved, ...copied, ...gone]) catalogue.putFile(row);
          for (const fileId of stale) catalogue.removeFile(fileId);
          expect([...pending, ...gone]).toEqual([]);
          expect(paths([...catalogue.files.values()])).toEqual(after.map((name) => `${name}.jpg`).sort());
          for (const [file, name] of after.entries())
            expect(catalogue.files.get(fileIdOf('r', `${name}.jpg`))?.photoId).toBe(`photo-${String(file)}`);
        },
      ),
    );
  });
});
