import { execFileSync } from 'node:child_process';
import { lstat, mkdir, mkdtemp, readdir, readFile, readlink, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { moveFolder, OwnFolder, replaceFile } from './disk.ts';

let home = '';
let own: OwnFolder;
/** What must not change, whatever is done to the folder beside it. */
let victim = '';

beforeEach(async () => {
  home = await realpath(await mkdtemp(join(tmpdir(), 'afterimage-disk-')));
  own = new OwnFolder(join(home, 'library'));
  victim = join(home, 'victim');
  await mkdir(victim);
  await mkdir(own.path);
  await writeFile(join(victim, 'letter.txt'), 'dear');
});
afterEach(async () => {
  expect(await readdir(victim)).toEqual(['letter.txt']);
  expect(await readFile(join(victim, 'letter.txt'), 'utf8')).toBe('dear');
  await rm(home, { recursive: true, force: true });
});

const at = (...names: readonly string[]): string => join(own.path, ...names);

/** Every way to change something at a path. */
const changes: readonly (readonly [string, (path: string) => Promise<unknown>])[] = [
  ['write', (path) => own.write(path, 'x')],
  ['writeNew', (path) => own.writeNew(path, 'x')],
  ['openNew', async (path) => (await own.openNew(path)).close()],
  ['openToUpdate', async (path) => (await own.openToUpdate(path)).close()],
  ['remove', (path) => own.remove(path)],
  ['makeFolder', (path) => own.makeFolder(path)],
  ['touch', (path) => own.touch(path)],
  ['move to it', (path) => own.move('other', path)],
  ['move it', (path) => own.move(path, 'elsewhere')],
  ['copyIn', (path) => own.copyIn(at('other'), path)],
  ['linkTree', (path) => own.linkTree('tree', path)],
];

describe.each(changes)('OwnFolder: %s', (_, change) => {
  beforeEach(async () => {
    await writeFile(at('other'), 'y');
    await mkdir(at('tree'));
  });

  it.each([
    ['a link to a folder', (): Promise<void> => symlink(victim, at('thumbnails'))],
    ['a relative link', (): Promise<void> => symlink('../victim', at('thumbnails'))],
    ['a link to the folder above', (): Promise<void> => symlink('..', at('thumbnails'))],
    ['a file', (): Promise<void> => writeFile(at('thumbnails'), '')],
  ])('does not go through %s', async (_what, plant) => {
    await plant();
    await expect(change(at('thumbnails', 'letter.txt'))).rejects.toMatchObject({ name: 'FileRefused' });
    await expect(change(join('thumbnails', 'ab', 'letter.txt'))).rejects.toMatchObject({ name: 'FileRefused' });
  });

  it.each([
    ['its parent’s files', (): string => join(victim, 'letter.txt')],
    ['what it names by steps upwards', (): string => '../victim/letter.txt'],
    ['itself', (): string => own.path],
  ])('does not reach %s', async (_what, path) => {
    await expect(change(path())).rejects.toMatchObject({ name: 'FileRefused', reason: 'outside' });
  });
});

describe('OwnFolder', () => {
  it('may itself be reached by a link', async () => {
    await symlink(own.path, join(home, 'by-link'));
    await new OwnFolder(join(home, 'by-link')).write('a.json', '1');
    expect(await readFile(at('a.json'), 'utf8')).toBe('1');
  });

  it('replaces a link, not what it points at', async () => {
    await symlink(join(victim, 'letter.txt'), at('views.json'));
    await own.write('views.json', 'new');
    expect((await lstat(at('views.json'))).isFile()).toBe(true);
    await rm(at('views.json'));
    await symlink(join(victim, 'letter.txt'), at('views.json'));
    await expect(own.openToUpdate('views.json')).rejects.toMatchObject({ reason: 'link' });
    expect(await own.writeNew('views.json', 'x')).toBe(false);
    await own.remove('views.json');
    expect(await readdir(own.path)).toEqual([]);
  });

  it('removes links within a folder, not what they point at', async () => {
    await own.makeFolder('backups/old');
    await symlink(victim, at('backups', 'old', 'deep'));
    await symlink('../../../victim', at('backups', 'up'));
    await own.remove('backups');
    expect(await readdir(own.path)).toEqual([]);
  });

  it('writes with a draft that nobody can plant a link for', async () => {
    // Whatever draft names programs have used before.
    for (const name of ['a.json.new', `a.json.${String(process.pid)}.new`])
      await symlink(join(victim, 'letter.txt'), at(name));
    await own.write('a.json', 'mine');
    expect(await readFile(at('a.json'), 'utf8')).toBe('mine');
    expect((await readdir(own.path)).sort()).toEqual(
      ['a.json', 'a.json.new', `a.json.${String(process.pid)}.new`].sort(),
    );
  });

  it('forgets drafts that a kill has left, and nothing else', async () => {
    await writeFile(at('library.json.0123456789ab.new'), '');
    await writeFile(at('library.json.new'), '');
    await own.removeDrafts(own.path);
    await own.removeDrafts('missing');
    expect(await readdir(own.path)).toEqual(['library.json.new']);
  });

  it('makes files and folders that only their owner can read', async () => {
    await own.makeFolder('a/b');
    await own.write('a/b/c', '');
    if (process.platform === 'win32') return;
    expect((await lstat(at('a'))).mode & 0o777).toBe(0o700);
    expect((await lstat(at('a', 'b', 'c'))).mode & 0o777).toBe(0o600);
  });

  it('leaves links and pipes out of a linked tree', async () => {
    await own.makeFolder('database/t.lance');
    await own.write('database/t.lance/data', 'rows');
    await symlink(victim, at('database', 'evil'));
    if (process.platform !== 'win32') execFileSync('mkfifo', [at('database', 'pipe')]);
    await own.linkTree('database', 'backups');
    expect(await readdir(at('backups'), { recursive: true })).toEqual(['t.lance', join('t.lance', 'data')]);
  });

  it('changes at once what cannot wait, and not through links', () => {
    own.writeNow('report.txt', 'one');
    own.moveNow('report.txt', 'report.1.txt');
    expect(() => own.writeNow('../victim/letter.txt', 'x')).toThrow(/outside/u);
  });
});

describe('replaceFile', () => {
  it.each(['link', 'dangling link', 'folder'])('leaves a %s as it is', async (kind) => {
    const path = join(home, 'photo.xmp');
    if (kind === 'folder') await mkdir(path);
    else await symlink(kind === 'link' ? join(victim, 'letter.txt') : join(victim, 'new.txt'), path);
    await expect(replaceFile(path, 'words')).rejects.toMatchObject({ name: 'FileRefused' });
    if (kind !== 'folder') expect(await readlink(path)).toContain('victim');
  });

  it('replaces a file', async () => {
    const path = join(home, 'photo.xmp');
    for (const text of ['one', 'two']) await replaceFile(path, text);
    expect(await readFile(path, 'utf8')).toBe('two');
    expect((await readdir(home)).sort()).toEqual(['library', 'photo.xmp', 'victim']);
  });
});

describe('moveFolder', () => {
  it('moves a folder, and leaves a link to it as it was', async () => {
    await own.write('a', '1');
    await symlink(own.path, join(home, 'by-link'));
    expect(await moveFolder(join(home, 'by-link'), join(home, 'new', 'place'))).toBe('moved');
    expect(await readFile(join(home, 'new', 'place', 'a'), 'utf8')).toBe('1');
  });
});
