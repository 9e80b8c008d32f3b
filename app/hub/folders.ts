import { randomBytes } from 'node:crypto';
import { readdir, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { OwnFolder } from '../base/disk.ts';
import { errnoOf } from '../base/errno.ts';
import { AfterimageError } from '../contract/index.ts';
import { isHeld } from './lock.ts';

/** Below the folder of models, on the same disk: what grows here is moved in one step once it is whole. */
export const WORK = '.downloads';
/** What an archive is unpacked to, until it is found to be a model. A lock beside it says that somebody is at it. */
export const UNPACKED = 'unpacked-';
const REMOVED = 'removed-';
/** Room that is left for everybody else. */
const MARGIN = 64 * 2 ** 20;

/** Bytes that may still be written to the disk of a folder. */
export type FreeBytes = (folder: string) => Promise<number>;

export const freeBytes: FreeBytes = async (folder) => {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
};

/** The folder where models grow; made when missing. */
export const workFolder = async (models: string): Promise<string> => {
  const own = new OwnFolder(models);
  await own.makeFolder(WORK);
  await clearLeftovers(models);
  return join(own.path, WORK);
};

/** Removes what kills have left of removals and of unpacking; what another process is at right now stays. */
export const clearLeftovers = async (models: string): Promise<void> => {
  const own = new OwnFolder(models);
  const work = join(own.path, WORK);
  for (const name of await readdir(work).catch(() => [])) {
    const path = join(work, name);
    const isLeft =
      name.startsWith(REMOVED) ||
      (name.startsWith(UNPACKED) && !(await isHeld(`${path.replace(/\.lock$/u, '')}.lock`)));
    if (isLeft) await own.remove(path);
  }
};

/** Removes a folder so that nobody ever sees half of it. */
export const removeWhole = async (folder: string, models: string): Promise<void> => {
  const own = new OwnFolder(models);
  const aside = join(await workFolder(models), `${REMOVED}${randomBytes(6).toString('hex')}`);
  await own.move(folder, aside);
  await own.remove(aside);
};

/** @throws AfterimageError `disk-full` when so much more does not fit on the folder's disk */
export const needRoom = async (bytes: number, folder: string, free: FreeBytes): Promise<void> => {
  const left = await free(folder);
  if (bytes + MARGIN <= left) return;
  throw new AfterimageError(
    'disk-full',
    `This needs ${megabytes(bytes + MARGIN)} on the disk that holds ${folder}, where ${megabytes(left)} are free. Free some space, then try again.`,
    { details: { needed: bytes + MARGIN, free: left } },
  );
};

/** A disk that refuses a write, as an error for the person. */
export const refusedWrite = (path: string, error: unknown): AfterimageError => {
  const code = errnoOf(error) ?? String(error);
  return code === 'ENOSPC' || code === 'EDQUOT'
    ? new AfterimageError(
        'disk-full',
        `${path} cannot be written: the disk is full. Free some space, then try again: what was fetched stays.`,
        { cause: error },
      )
    : new AfterimageError('unreadable', `${path} cannot be written (${code}). Check the folder and its disk.`, {
        cause: error,
      });
};

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;
