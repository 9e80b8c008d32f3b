import { cp, lstat, mkdir, mkdtemp, realpath, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findMovedRoot, type KnownFile, type LostRoot, type MovedRootOptions } from './moved-root.ts';

let home: string;
let lost: LostRoot;
let sample: KnownFile[];

const NAMES = ['a.jpg', '2019/b.jpg', '2019/Rome/c.jpg', '2020/d.jpg', '2020/e.jpg'];

beforeEach(async () => {
  home = await realpath(await mkdtemp(join(tmpdir(), 'afterimage-moved-')));
  const path = join(home, 'Pictures', 'Photos');
  sample = [];
  for (const [at, relPath] of NAMES.entries()) {
    await mkdir(dirname(join(path, relPath)), { recursive: true });
    await writeFile(join(path, relPath), 'x'.repeat(at + 1));
    await utimes(join(path, relPath), 1000 + at, 1000 + at);
    const stats = await lstat(join(path, relPath), { bigint: true });
    sample.push({ relPath, size: at + 1, mtime: Number(stats.mtimeNs / 1000n) / 1000, inode: String(stats.ino) });
  }
  const stats = await lstat(path, { bigint: true });
  lost = { path, device: String(stats.dev), inode: String(stats.ino) };
});
afterEach(() => rm(home, { recursive: true, force: true }));

const find = (options: MovedRootOptions = {}, signal = new AbortController().signal): Promise<string | null> =>
  findMovedRoot(lost, sample, signal, { volumes: [], ...options });

const move = async (...to: string[]): Promise<string> => {
  const path = join(home, ...to);
  await mkdir(dirname(path), { recursive: true });
  await rename(lost.path, path);
  return path;
};

describe('findMovedRoot', () => {
  it('finds a renamed folder by its inode', async () => {
    const path = await move('Pictures', 'Holidays');
    expect(await find()).toBe(path);
  });

  it('finds a folder that was moved elsewhere, also when the one above it went with it', async () => {
    expect(await find()).toBeNull();
    const path = await move('Documents', 'Archive', 'Old photos');
    expect(await find()).toBe(path);
    await rm(join(home, 'Pictures'), { recursive: true });
    expect(await find()).toBe(path);
    await rename(join(home, 'Documents'), join(home, 'Papers'));
    expect(await find()).toBe(join(home, 'Papers', 'Archive', 'Old photos'));
  });

  it('is not taken in by another folder with the same inode or the same name', async () => {
    await rm(lost.path, { recursive: true });
    const other = join(home, 'Pictures', 'Other');
    await mkdir(other);
    await mkdir(join(home, 'Photos'));
    lost = { ...lost, inode: String((await lstat(other, { bigint: true })).ino) };
    expect(await find()).toBeNull();
  });

  it('finds a copy by its name and most of its files, and prefers the folder itself', async () => {
    const copy = join(home, 'Backup', 'photos');
    await cp(lost.path, copy, { recursive: true, preserveTimestamps: true });
    await rm(join(copy, 'a.jpg'));
    const itself = await move('Somewhere');
    expect(await find()).toBe(itself);
    await rm(itself, { recursive: true });
    expect(await find()).toBe(copy);
    await rm(join(copy, '2019'), { recursive: true });
    expect(await find()).toBeNull();
  });

  it('finds the same place on a volume that has another name now', async () => {
    const media = join(home, 'media', 'me');
    const before = join(media, 'DISK', 'Album', 'Photos');
    await mkdir(dirname(before), { recursive: true });
    await rename(lost.path, before);
    lost = { path: before, device: '0', inode: '' };
    await rename(join(media, 'DISK'), join(media, 'DISK1'));
    const volumes = [join(home, 'media')];
    expect(await find({ volumes })).toBe(join(media, 'DISK1', 'Album', 'Photos'));
  });

  it('finds a volume that is itself the folder', async () => {
    const media = join(home, 'media');
    await mkdir(media);
    await rename(lost.path, join(media, 'NEW NAME'));
    lost = { path: join(media, 'CARD'), device: '0', inode: '2' };
    expect(await find({ volumes: [media] })).toBe(join(media, 'NEW NAME'));
  });

  it('does not follow links', async () => {
    const path = await move('far', 'a', 'b', 'c', 'd', 'Photos');
    await symlink(path, join(home, 'Pictures', 'Photos'));
    await symlink(dirname(path), join(home, 'Pictures', 'near'));
    expect(await find()).toBeNull();
  });

  it('ends in time, and when it is told to', async () => {
    for (let number = 0; number < 500; number++) await mkdir(join(home, 'Pictures', String(number)));
    await move('Pictures', 'x', 'y', 'Photos');
    // More folders than anybody looks at in a millisecond lie before it.
    expect(await find({ patience: 1 })).toBeNull();
    expect(await find({ patience: 60_000 })).toBe(join(home, 'Pictures', 'x', 'y', 'Photos'));
    await expect(find({}, AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
  });

  it('looks at a few thousand folders at most', async () => {
    for (let first = 0; first < 70; first++)
      await Promise.all(
        Array.from({ length: 70 }, (_, second) =>
          mkdir(join(home, 'Pictures', String(first), String(second)), { recursive: true }),
        ),
      );
    await move('Pictures', 'far', 'away', 'Photos');
    expect(await find({ patience: 60_000 })).toBeNull();
    await rename(join(home, 'Pictures', 'far', 'away', 'Photos'), join(home, 'Pictures', 'near'));
    expect(await find({ patience: 60_000 })).toBe(join(home, 'Pictures', 'near'));
  });
});
