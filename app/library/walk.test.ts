import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { walk, type FoundFile } from './walk.ts';

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

const found = async (skip: ReadonlySet<string> = new Set()): Promise<FoundFile[]> => {
  const files: FoundFile[] = [];
  for await (const step of walk(root, skip, new AbortController().signal)) files.push(...step.files);
  return files.sort((a, b) => (a.relPath < b.relPath ? -1 : 1));
};

const paths = async (skip?: ReadonlySet<string>): Promise<string[]> => (await found(skip)).map((file) => file.relPath);

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
      'library/a.jpg',
      'kept/a.jpg',
    );
    expect(await paths(new Set([join(root, 'library')]))).toEqual(['kept/a.jpg']);
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

  it('stops when asked, and fails when the root is not there', async () => {
    await put('a.jpg');
    const drain = async (folder: string, signal: AbortSignal): Promise<void> => {
      for await (const step of walk(folder, new Set(), signal)) expect(step).toBeDefined();
    };
    await expect(drain(root, AbortSignal.abort())).rejects.toThrow();
    await expect(drain(join(root, 'nowhere'), new AbortController().signal)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
