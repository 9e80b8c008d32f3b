import { mkdir, mkdtemp, realpath, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isEmptyFolder, isSameFolder, markOf, type FolderMark } from './folder-mark.ts';

let folder = '';
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'afterimage-mark-')));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const found = async (path: string): Promise<FolderMark> => {
  const mark = await markOf(path);
  if (typeof mark === 'string') throw new Error(mark);
  return mark;
};

describe('the mark of a folder', () => {
  it('is that of the folder, whatever its path and what is put into it', async () => {
    await mkdir(join(folder, 'a'));
    await writeFile(join(folder, 'a', 'photo'), '');
    const mark = await found(join(folder, 'a'));
    await writeFile(join(folder, 'a', 'another'), '');
    await rename(join(folder, 'a'), join(folder, 'b'));
    expect(isSameFolder(mark, await found(join(folder, 'b')))).toBe(true);
    await mkdir(join(folder, 'a'));
    expect(isSameFolder(mark, await found(join(folder, 'a')))).toBe(false);
  });

  it('has none where nothing is, a file is, or a link is on the way', async () => {
    await mkdir(join(folder, 'real', 'photos'), { recursive: true });
    await writeFile(join(folder, 'file'), '');
    await symlink(join(folder, 'real'), join(folder, 'link'), 'dir');
    await symlink(join(folder, 'nowhere'), join(folder, 'dangling'), 'dir');
    expect(await markOf(join(folder, 'nowhere'))).toBe('missing');
    for (const path of ['file', 'link', 'link/photos', 'dangling', 'dangling/photos'])
      expect([path, await markOf(join(folder, path))]).toEqual([path, 'other']);
    expect(await markOf('relative/photos')).toBe('other');
  });

  it.each<[string, FolderMark, FolderMark, boolean]>([
    ['everything agrees', { inode: '5', born: '7' }, { inode: '5', born: '7' }, true],
    ['a file system gives new inodes', { inode: '5', born: '7' }, { inode: '6', born: '7' }, true],
    ['an inode was given away again', { inode: '5', born: '7' }, { inode: '5', born: '8' }, false],
    ['no birth is known', { inode: '5', born: null }, { inode: '5', born: null }, true],
    ['a birth is known since', { inode: '5', born: null }, { inode: '5', born: '7' }, true],
    ['only the inode could tell, and does', { inode: '5', born: '7' }, { inode: '6', born: null }, false],
  ])('when %s', (_, marked, now, expected) => {
    expect(isSameFolder(marked, now)).toBe(expected);
  });

  it('knows a folder without anything in it', async () => {
    expect(await isEmptyFolder(folder)).toBe(true);
    expect(await isEmptyFolder(join(folder, 'nowhere'))).toBe(false);
    await writeFile(join(folder, 'photo'), '');
    expect(await isEmptyFolder(folder)).toBe(false);
  });
});
