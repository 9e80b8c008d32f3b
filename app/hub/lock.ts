import { randomUUID } from 'node:crypto';
import { readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';

const holderSchema = z.object({ pid: z.int().positive(), host: z.string(), token: z.string() });
type Holder = z.infer<typeof holderSchema>;

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
  const mine: Holder = { pid: process.pid, host: hostname(), token: randomUUID() };
  while (!(await place(path, mine))) {
    if (await isDead(path)) {
      await rm(path, { force: true });
      continue;
    }
    await onWait?.();
    await pause(POLL_MS, undefined, { signal });
  }
  const signs = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => undefined);
  }, SIGN_MS);
  signs.unref();
  return async () => {
    clearInterval(signs);
    if ((await read(path))?.token === mine.token) await rm(path, { force: true });
  };
};

const place = async (path: string, holder: Holder): Promise<boolean> => {
  try {
    await writeFile(path, JSON.stringify(holder), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
  // Two that clear away the same dead lock may both have come here; the later one has it. Should both go on after all, they
  // write the same bytes to the same places.
  await pause(20);
  return (await read(path))?.token === holder.token;
};

/** @returns null when there is none, or when it is just being written */
const read = async (path: string): Promise<Holder | null> => {
  try {
    return holderSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return null;
  }
};

/** Whether somebody who is alive holds the lock. */
export const isHeld = async (path: string): Promise<boolean> =>
  (await stat(path).catch(() => null)) !== null && !(await isDead(path));

const isDead = async (path: string): Promise<boolean> => {
  const found = await stat(path).catch(() => null);
  if (found === null) return false;
  if (Date.now() - found.mtimeMs > SILENCE_MS) return true;
  const holder = await read(path);
  if (holder?.host !== hostname()) return false;
  try {
    process.kill(holder.pid, 0);
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
};
