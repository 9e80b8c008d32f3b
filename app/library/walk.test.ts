import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { compileExclusions, type IsExcluded } from './exclusions.ts';
import { sidecarNames, walk, type FoundFile, type WalkStart } from './walk.ts';

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'afterimage-walk-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const put = async (...paths: string[]): Promise<void> => {
  for (const path of paths) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), path);
  }
};

const found = async (
  isExcluded: IsExcluded = compileExclusions([]),
  starts?: readonly WalkStart[],
): Promise<FoundFile[]> => {
  const files: FoundFile[] = [];
  for await (const step of walk(root, isExcluded, new AbortController().signal, starts)) files.push(...step.files);
  return files.sort((a, b) => (a.relPath < b.relPath ? -1 : 1));
};

const paths = async (...args: Parameters<typeof found>): Promise<string[]> =>
  (await found(...args)).map((file) => file.relPath);

describe('walk', () => {
  it('finds pictures by extension, at any depth, whatever their case', async () => {
    await put('a.jpg', 'b/c.PNG', 'b/d/e.TiFf', 'b/notes.txt', 'jpg', 'f.jpg.txt');
    expect(await paths()).toEqual(['a.jpg', 'b/c.PNG', 'b/d/e.TiFf']);
  });

  it('passes over hidden and system folders, hidden files, and folders of others', async () => {
    await put(
      '.hidden.jpg',
      '.thumbnails/a.jpg',
      '@eaDir/a.jpg',
      'node_modules/a.jpg',
      '$RECYCLE.BIN/a.jpg',
      'kept/a.jpg',
    );
    expect(await paths()).toEqual(['kept/a.jpg']);
  });

  it('passes over what is excluded, also when asked to look there', async () => {
    await put('library/a.jpg', 'kept/a.jpg', 'kept/b.png');
    const isExcluded = compileExclusions(['library', '*.png']);
    expect(await paths(isExcluded)).toEqual(['kept/a.jpg']);
    expect(await paths(isExcluded, [{ folder: 'library', deep: true }])).toEqual([]);
  });

  it('looks into parts of the root, each by itself or with all below it', async () => {
    await put('a.jpg', 'flat/b.jpg', 'flat/in/c.jpg', 'deep/d.jpg', 'deep/in/e.jpg');
    const starts = [
      { folder: 'flat', deep: false },
      { folder: 'deep', deep: true },
      { folder: 'gone', deep: true },
    ];
    expect(await paths(undefined, starts)).toEqual(['deep/d.jpg', 'deep/in/e.jpg', 'flat/b.jpg']);
    expect(await paths(undefined, [{ folder: '', deep: false }])).toEqual(['a.jpg']);
  });

  it('tells what lies beside a picture for it, and when that changes', async () => {
    await put('a.jpg', 'a.xmp', 'b.jpg', 'c.jpg', 'c.cr2');
    const stampOf = async (name: string): Promise<string | null> =>
      (await found()).find(({ relPath }) => relPath === name)?.sidecars ?? null;
    const before = await stampOf('a.jpg');
    expect(sidecarNames(before)).toEqual(['a.xmp']);
    expect(await stampOf('b.jpg')).toBeNull();
    await writeFile(join(root, 'a.xmp'), 'longer than before');
    expect(await stampOf('a.jpg')).not.toBe(before);
    expect((await found()).flatMap(({ relPath, lead }) => (lead === null ? [] : [[relPath, lead]]))).toEqual([
      ['c.cr2', 'c.jpg'],
    ]);
  });

  it('takes the stub of a cloud service for the picture that it stands for', async () => {
    await put('.a.jpg.icloud', 'b.jpg.nextcloud', '.notes.txt.icloud', 'c.jpg');
    expect((await found()).map(({ relPath, isOnlineOnly }) => [relPath, isOnlineOnly])).toEqual([
      ['a.jpg', true],
      ['b.jpg', true],
      ['c.jpg', false],
    ]);
  });

  it('sets apart what lies beside a picture with a cloud service only', async () => {
    await put('a.jpg', 'a.jpg.json', '.a.xmp.icloud', 'b.jpg', 'b.xmp', 'b.xmp.nextcloud');
    const beside = async (): Promise<unknown[]> =>
      (await found(compileExclusions(['c.xmp']))).map(({ sidecars, sidecarsAway }) => [
        sidecarNames(sidecars),
        sidecarsAway,
      ]);
    expect(await beside()).toEqual([
      [['a.jpg.json'], ['a.xmp']],
      [['b.xmp'], []],
    ]);
    await put('c.jpg', '.c.xmp.icloud');
    expect((await beside()).at(-1)).toEqual([[], []]);
  });

  it.runIf(process.platform !== 'win32')('reads no sidecar that takes no room on the disk of a Mac', async () => {
    await put('a.jpg', 'a.xmp');
    await truncate(join(root, 'a.xmp'), 0);
    await truncate(join(root, 'a.xmp'), 8192);
    vi.stubGlobal('process', Object.create(process, { platform: { value: 'darwin' } }));
    try {
      expect(await found()).toMatchObject([{ sidecars: null, sidecarsAway: ['a.xmp'], isOnlineOnly: false }]);
    } finally {
      vi.unstubAllGlobals();
    }
  });

  it('follows no symbolic link, neither out of the root nor round in circles', async () => {
    const outside = await mkdtemp(join(tmpdir(), 'afterimage-outside-'));
    await writeFile(join(outside, 'secret.jpg'), 'x');
    await put('in/a.jpg');
    await symlink(outside, join(root, 'out'));
    await symlink(root, join(root, 'in', 'circle'));
    await symlink(join(outside, 'secret.jpg'), join(root, 'link.jpg'));
    expect(await paths()).toEqual(['in/a.jpg']);
    await rm(outside, { recursive: true });
  });

  it('keeps names as they are: emoji, newline, right-to-left, quotes', async () => {
    const names = ['😀.jpg', 'two\nlines.jpg', 'עברית\u202E.jpg', `it's "quoted".jpg`];
    await put(...names);
    expect(new Set(await paths())).toEqual(new Set(names));
  });

  it.runIf(process.platform !== 'win32')(
    'names a pipe and a folder that look like pictures, and goes into the folder',
    async () => {
      await put('album.jpg/inside.jpg');
      execFileSync('mkfifo', [join(root, 'pipe.jpg')]);
      const files = await found();
      expect(files.map((file) => [file.relPath, file.problem?.kind])).toEqual([
        ['album.jpg', 'not-a-file'],
        ['album.jpg/inside.jpg', undefined],
        ['pipe.jpg', 'not-a-file'],
      ]);
    },
  );

  it('finds each file once where starts overlap', async () => {
    await put('a.jpg', 'x/b.jpg', 'x/in/c.jpg');
    const starts = [
      { folder: 'x', deep: false },
      { folder: 'x/in', deep: true },
      { folder: 'x', deep: true },
      { folder: 'x/in', deep: false },
      { folder: 'x', deep: false },
    ];
    for (const order of [starts, [...starts].reverse()])
      expect(await paths(undefined, order)).toEqual(['x/b.jpg', 'x/in/c.jpg']);
  });

  it('stops when asked, and fails when the root is not there', async () => {
    await put('a.jpg');
    const drain = async (folder: string, signal: AbortSignal): Promise<void> => {
      for await (const step of walk(folder, () => false, signal)) expect(step).toBeDefined();
    };
    await expect(drain(root, AbortSignal.abort())).rejects.toThrow();
    await expect(drain(join(root, 'nowhere'), new AbortController().signal)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
