import { execFileSync } from 'node:child_process';
import { hash } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hashFile, readPhoto } from './read-photo.ts';

const NOBODY = 65534;
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'afterimage-read-'));
  chmodSync(folder, 0o755);
});
afterAll(() => rmSync(folder, { recursive: true }));

const failureOf = (path: string): Promise<unknown> =>
  readPhoto(path).then(
    () => 'no failure',
    (error: unknown) => error,
  );

/** A file that is mostly a hole, so that it takes no space. */
const sparse = (name: string, start: string, size: number): string => {
  const path = join(folder, name);
  writeFileSync(path, start, 'latin1');
  truncateSync(path, size);
  return path;
};

describe('readPhoto', () => {
  it('reads no more than the start of what begins like no picture', async () => {
    const taken: number[] = [];
    const takeMemory = (bytes: number): Promise<void> => Promise.resolve(void taken.push(bytes));
    const path = sparse('zeros.jpg', '', 1.4e9);
    await expect(readPhoto(path, { takeMemory })).rejects.toMatchObject({ kind: 'not-an-image' });
    expect(taken).toEqual([]);
  });

  it('reads nothing of what is larger than a picture may be', async () => {
    expect(await failureOf(sparse('huge.jpg', '\xff\xd8\xff', 2.1e9))).toMatchObject({
      kind: 'too-large',
      message: expect.stringContaining('needs 2.1 GB'),
    });
  });

  it('takes the memory before it reads, and tells of the bytes that come', async () => {
    const size = 9_000_000;
    const path = sparse('large.tif', 'II*\0', size);
    const told: string[] = [];
    const { bytes } = await readPhoto(path, {
      takeMemory: (wanted) => Promise.resolve(void told.push(String(wanted))),
      onBytes: () => told.push('bytes'),
    });
    expect(bytes.length).toBe(size);
    expect(told).toEqual(['bytes', String(size), 'bytes', 'bytes', 'bytes']);
  });

  it.each(['with emoji 🌅.jpg', 'with\nnewline.jpg', 'مع نص عربي.jpg'])('reads a file named %j', async (name) => {
    writeFileSync(join(folder, name), 'bytes');
    const { bytes, modifiedAt } = await readPhoto(join(folder, name));
    expect(bytes.toString()).toBe('bytes');
    expect(Math.abs(modifiedAt - Date.now())).toBeLessThan(60_000);
  });

  it('says that a file is empty', async () => {
    writeFileSync(join(folder, 'empty.jpg'), '');
    expect(await failureOf(join(folder, 'empty.jpg'))).toMatchObject({ kind: 'empty' });
  });

  it('says that a file has gone', async () => {
    expect(await failureOf(join(folder, 'gone.jpg'))).toMatchObject({ kind: 'vanished' });
    writeFileSync(join(folder, 'file'), 'x');
    expect(await failureOf(join(folder, 'file', 'below.jpg'))).toMatchObject({ kind: 'vanished' });
  });

  it('says that a folder is no file', async () => {
    mkdirSync(join(folder, 'folder.jpg'));
    expect(await failureOf(join(folder, 'folder.jpg'))).toMatchObject({ kind: 'not-a-file' });
  });

  it.skipIf(process.platform === 'win32')('does not wait for the writer of a pipe', async () => {
    execFileSync('mkfifo', [join(folder, 'pipe.jpg')]);
    expect(await failureOf(join(folder, 'pipe.jpg'))).toMatchObject({ kind: 'not-a-file' });
  });

  it.skipIf(process.platform === 'win32')('says that a file may not be read', async () => {
    const path = join(folder, 'private.jpg');
    writeFileSync(path, 'bytes', { mode: 0o000 });
    const isRoot = process.geteuid?.() === 0;
    // No mode keeps root out.
    if (isRoot) process.seteuid?.(NOBODY);
    try {
      expect(await failureOf(path)).toMatchObject({ kind: 'unreadable' });
    } finally {
      if (isRoot) process.seteuid?.(0);
    }
  });
});

describe('hashFile', () => {
  it('hashes a file of any size', async () => {
    const path = sparse('film.mp4', 'film', 9_000_000);
    const { contentHash } = await hashFile(path);
    expect(contentHash).toBe(hash('sha256', readFileSync(path)));
  });

  it('says what is no file, and what is empty', async () => {
    writeFileSync(join(folder, 'empty.mp4'), '');
    await expect(hashFile(join(folder, 'empty.mp4'))).rejects.toMatchObject({ kind: 'empty' });
    await expect(hashFile(folder)).rejects.toMatchObject({ kind: 'not-a-file' });
  });
});
