import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readPhoto } from './read-photo.ts';

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

describe('readPhoto', () => {
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
