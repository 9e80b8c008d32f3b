import { lstat } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { isErrno } from '../../base/errno.ts';

/** What of a file changes while it is written. */
export interface FileStamp {
  readonly size: number;
  /** Milliseconds since the epoch. */
  readonly mtime: number;
}

export interface SettlingOptions {
  /** Milliseconds in which a file that is still being written would have changed. */
  readonly quiet?: number;
  /** Milliseconds after which a file is left for later. */
  readonly patience?: number;
}

/** A clock that is ahead of ours by no more than this may be that of a file server: its files may be new. */
const CLOCK_SKEW = 60_000;
const FRESH = 1000;

/** Whether a file was last written long enough ago to be read at once; otherwise `waitUntilSettled` tells. */
export const isSettled = ({ mtime }: FileStamp, now = Date.now()): boolean =>
  now - mtime > FRESH || mtime - now > CLOCK_SKEW;

const stampOf = async (path: string): Promise<FileStamp | null> => {
  try {
    const stats = await lstat(path, { bigint: true });
    return { size: Number(stats.size), mtime: Number(stats.mtimeNs / 1000n) / 1000 };
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR')) return null;
    throw error;
  }
};

/**
 * Waits until a file that was just written stops changing: two looks, a while apart, see the same size and time. No clock
 * is asked, so one that is wrong, or set back meanwhile, neither hurries nor holds anything.
 *
 * @param seen the file as it was last looked at
 * @returns the file as it is now; `growing` when it still changes after all patience, `gone` when it is no longer there
 * @throws the file system's error when the file cannot be looked at; the signal's reason
 */
export const waitUntilSettled = async (
  path: string,
  seen: FileStamp,
  signal: AbortSignal,
  { quiet = 300, patience = 5000 }: SettlingOptions = {},
): Promise<FileStamp | 'growing' | 'gone'> => {
  let before = seen;
  for (let waited = 0; waited <= patience; waited += quiet) {
    await pause(quiet, undefined, { signal });
    const now = await stampOf(path);
    if (now === null) return 'gone';
    if (now.size === before.size && now.mtime === before.mtime) return now;
    before = now;
  }
  return 'growing';
};
