import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openRegular, readBounded, readJsonBounded, readTextBounded } from './read.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'afterimage-read-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const at = (name: string): string => join(folder, name);

describe('readBounded', () => {
  it.each([0, 1, 65_535, 65_536, 65_537, 1_000_000])('reads %i bytes, and not one more than it may', async (size) => {
    const bytes = Buffer.alloc(size, 'abc');
    await writeFile(at('a'), bytes);
    expect((await readBounded(at('a'), { maxBytes: size })).equals(bytes)).toBe(true);
    if (size > 0)
      await expect(readBounded(at('a'), { maxBytes: size - 1 })).rejects.toMatchObject({ reason: 'too-large' });
  });

  it('refuses a file of terabytes without reading it', async () => {
    await writeFile(at('sparse.jpg'), '');
    await truncate(at('sparse.jpg'), 2 ** 42);
    await expect(readBounded(at('sparse.jpg'), { maxBytes: 1e6 })).rejects.toMatchObject({ reason: 'too-large' });
  });

  it('says what is not there, and what is a folder', async () => {
    await mkdir(at('folder'));
    await expect(readBounded(at('missing'), { maxBytes: 1 })).rejects.toMatchObject({ reason: 'missing' });
    await expect(readBounded(at('folder'), { maxBytes: 1 })).rejects.toMatchObject({ reason: 'not-a-file' });
  });

  it('follows a link only where it may', async () => {
    await writeFile(at('a'), 'x');
    await symlink(at('a'), at('link'));
    expect((await readBounded(at('link'), { maxBytes: 1 })).toString()).toBe('x');
    await expect(readBounded(at('link'), { maxBytes: 1, links: 'refuse' })).rejects.toMatchObject({ reason: 'link' });
  });

  it.skipIf(process.platform === 'win32')('does not wait for pipes, sockets and devices', async () => {
    execFileSync('mkfifo', [at('pipe.xmp')]);
    const server = createServer().listen(at('socket.xmp'));
    await new Promise((resolve) => server.once('listening', resolve));
    // More of them than there are threads that read files.
    const pipes = await Promise.allSettled(
      Array.from({ length: 12 }, () => readBounded(at('pipe.xmp'), { maxBytes: 1 })),
    );
    expect(pipes).toEqual(
      pipes.map(() => ({ status: 'rejected', reason: expect.objectContaining({ reason: 'not-a-file' }) })),
    );
    await expect(openRegular(at('socket.xmp'))).rejects.toMatchObject({ reason: 'not-a-file' });
    await expect(openRegular('/dev/zero')).rejects.toMatchObject({ reason: 'not-a-file' });
    server.close();
  });

  it.skipIf(process.platform !== 'linux')('reads what the system makes up, which has no size', async () => {
    expect(await readTextBounded('/proc/self/status', { maxBytes: 1e6 })).toContain(`Pid:\t${process.pid}\n`);
  });
});

describe('readJsonBounded', () => {
  it('reads what the schema takes, with or without a byte order mark', async () => {
    await writeFile(at('a.json'), '\uFEFF{"n":1}');
    expect(await readJsonBounded(at('a.json'), z.object({ n: z.number() }), { maxBytes: 100 })).toEqual({ n: 1 });
  });

  it.each(['', '{', '{"n":"1"}', '['.repeat(100_000)])('refuses %s', async (text) => {
    await writeFile(at('a.json'), text);
    await expect(readJsonBounded(at('a.json'), z.object({ n: z.number() }), { maxBytes: 1e6 })).rejects.toMatchObject({
      reason: 'not-json',
    });
  });
});
