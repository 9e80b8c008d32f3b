import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdir, open, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';

/** Puts something in the place of a file or folder, whether there was one or not. */
export type Replace = (path: string) => Promise<void>;

const NOBODY = 65_534;

const clear = (path: string): Promise<void> => rm(path, { recursive: true, force: true });

/** A link; a relative target counts from where the link lies. */
export const linkTo =
  (target: string): Replace =>
  async (path) => {
    await clear(path);
    await symlink(target, path);
  };

export const pipe: Replace = async (path) => {
  await clear(path);
  execFileSync('mkfifo', [path]);
};

/** A socket that nobody listens on. */
export const socket: Replace = async (path) => {
  await clear(path);
  // The path of a socket is limited to about 100 bytes, and goes when its server does: it is moved away from both.
  const short = join(tmpdir(), `${randomBytes(6).toString('hex')}.sock`);
  const server = createServer().listen(short);
  await once(server, 'listening');
  await rename(short, path);
  server.close();
};

/** The memory of the system, as long as anybody likes to read. */
export const device: Replace = async (path) => {
  await clear(path);
  execFileSync('mknod', [path, 'c', '1', '5']);
};

export const folder: Replace = async (path) => {
  await clear(path);
  await mkdir(path);
};

export const file =
  (content: string | Uint8Array): Replace =>
  async (path) => {
    await clear(path);
    await writeFile(path, content);
  };

/** A file of so many bytes that takes no room on the disk. */
export const sparse =
  (bytes: number, start = ''): Replace =>
  async (path) => {
    await clear(path);
    const handle = await open(path, 'w');
    await handle.writeFile(start);
    await handle.truncate(bytes);
    await handle.close();
  };

/** The same thing, which now belongs to another user; for root only. */
export const ofAnother: Replace = async (path) => {
  await chown(path, NOBODY, NOBODY);
};
