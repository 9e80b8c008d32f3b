import { describe, expect, it } from 'vitest';
import type { PendingFile } from '../library/scan.ts';
import type { FileRow } from '../store/rows.ts';
import { inOrder, unseenOf } from './queue.ts';

const row = (fileId: string, photoId: string | null, mtime = 0, rootId = 'r'): FileRow => ({
  fileId,
  rootId,
  relPath: fileId,
  size: 1,
  mtime,
  device: 'd',
  inode: fileId,
  contentHash: null,
  photoId,
  failure: null,
  leftOut: null,
  groupId: null,
  sidecars: null,
  goneAt: null,
  seenAt: 0,
});
const waiting = (file: FileRow): PendingFile => ({
  ...file,
  sidecarsAway: [],
  problem: null,
  before: file,
  isDescriptionOnly: false,
});
const keys = (files: readonly PendingFile[]): readonly string[] => files.map(({ fileId }) => fileId);

describe('files of photos that a model has not seen', () => {
  const reachable = new Map([['r', new Set<string>()]]);

  it('are one for each photo', () => {
    const known = [row('a', '1'), row('b', '1'), row('c', '2'), row('d', null)];
    const unseen = unseenOf(known, { pending: [], unreachable: reachable, hasVector: (id) => id === '2' });
    expect(keys(unseen)).toEqual(['a']);
  });

  it('leave out what is read anyway, what cannot be read, and folders that were not looked at', () => {
    const known = [row('a', '1'), row('b', '2'), row('c', '3', 0, 'elsewhere')];
    const pending = known.slice(0, 1).map(waiting);
    const unreachable = new Map([['r', new Set(['b'])]]);
    expect(unseenOf(known, { pending, unreachable, hasVector: () => false })).toEqual([]);
  });
});

describe('the order in which photos are read', () => {
  it('begins with those looked at most, then the newest', () => {
    const rows = [row('old', '1', 1), row('new', '2', 9), row('liked', '3', 2), row('seen', '4', 3)];
    const views = new Map([
      ['3', 5],
      ['4', 1],
    ]);
    const order = inOrder(rows.map(waiting), { viewsOf: (id) => views.get(id) ?? 0, takenAtOf: () => undefined });
    expect(keys(order)).toEqual(['liked', 'seen', 'new', 'old']);
  });

  it('goes by when they were taken, and by their files only where that is not known', () => {
    const rows = [row('old, copied late', '1', 9), row('new', '2', 1), row('not known', null, 5)];
    const taken = new Map([
      ['1', 2],
      ['2', 7],
    ]);
    const order = inOrder(rows.map(waiting), { viewsOf: () => 0, takenAtOf: (id) => taken.get(id) });
    expect(keys(order)).toEqual(['new', 'not known', 'old, copied late']);
  });
});
