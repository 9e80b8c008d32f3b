import { randomUUID } from 'node:crypto';
import { lstat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { OwnFolder } from '../base/disk.ts';
import { isErrno } from '../base/errno.ts';
import { readJsonBounded } from '../base/read.ts';

const holderSchema = z.object({ pid: z.int().positive(), host: z.string(), token: z.string() });
type Holder = z.infer<typeof holderSchema>;

const MAX_HOLDER_BYTES = 4096;
const POLL_MS = 500;
const SIGN_MS = 3000;
/** Without a sign of life for so long, a holder on another machine, or whose number somebody else has now, is dead. */
const SILENCE_MS = 30_000;

/**
 * Waits until nobody else holds the lock, then holds it. Processes that end without letting go are noticed.
 *
 * @param onWait called each time somebody else is found to hold it
 * @returns lets go
 * @throws the signal's reason when it is aborted
 */
export const hold = async (
  path: string,
  signal: AbortSignal,
  onWait?: () => Promise<void>,
): Promise<() => Promise<void>> => {
  const own = new OwnFolder(dirname(path));
  const mine: Holder = { pid: process.pid, host: hostname(), token: randomUUID() };
  while (!(await place(own, path, mine))) {
    if (await isDead(path)) {
      await own.remove(path);
      continue;
    }
    await onWait?.();
    await pause(POLL_MS, undefined, { signal });
  }
  const signs = setInterval(() => {
    own.touch(path).catch(() => undefined);
  }, SIGN_MS);
  signs.unref();
  return async () => {
    clearInterval(signs);
    if ((await read(path))?.token === mine.token) await own.remove(path);
  };
};

const place = async (own: OwnFolder, path: string, holder: Holder): Promise<boolean> => {
  if (!(await own.writeNew(path, JSON.stringify(holder)))) return false;
  // Two that clear away the same dead lock may both have come here; the later one has it. Should both go on after all, they
  // write the same bytes to the same places.
  await pause(20);
  return (await read(path))?.token === holder.token;
};

/** @returns null when there is none, or when it is just being written */
const read = async (path: string): Promise<Holder | null> => {
  try {
    return await readJsonBounded(path, holderSchema, { maxBytes: MAX_HOLDER_BYTES, links: 'refuse' });
  } catch {
    return null;
  }
};

/** Whether somebody who is alive holds the lock. */
export const isHeld = async (path: string): Promise<boolean> =>
  (await lstat(path).catch(() => null)) !== null && !(await isDead(path));

const isDead = async (path: string): Promise<boolean> => {
  const found = await lstat(path).catch(() => null);
  if (found === null) return false;
  if (Date.now() - found.mtimeMs > SILENCE_MS) return true;
  const holder = await read(path);
  if (holder?.host !== hostname()) return false;
  try {
    process.kill(holder.pid, 0);
    return false;
  } catch (error) {
    return isErrno(error, 'ESRCH');
  }
};
