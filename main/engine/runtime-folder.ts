import { lstat } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { OwnFolder } from '../../app/base/disk.ts';
import { isSafeFromOthers } from '../../app/base/owners.ts';
import { AfterimageError } from '../../app/contract/index.ts';
import { ownData } from '../paths.ts';

const OPEN_TO_OTHERS = 0o077;
const isWindows = process.platform === 'win32';

/**
 * Where the folder may lie, best first. In the folder for temporary files another user may have taken the name; the person's
 * own data folder, which may lie on a network drive, is the last one. On Windows a profile lets in nobody but its owner.
 */
const places = (): readonly string[] => {
  const own = join(ownData(), 'runtime');
  if (isWindows) return [own];
  const name = `afterimage-${String(userInfo().uid)}`;
  const { XDG_RUNTIME_DIR = '' } = process.env;
  return [...[XDG_RUNTIME_DIR, tmpdir()].filter((base) => isAbsolute(base)).map((base) => join(base, name)), own];
};

/** Whether a folder is no link, and nobody but this person can enter it or put another one in its place. */
const isPrivate = async (path: string): Promise<boolean> => {
  if (isWindows) return true;
  const found = await lstat(path);
  const isOurs = found.isDirectory() && found.uid === userInfo().uid && (found.mode & OPEN_TO_OTHERS) === 0;
  return isOurs && isSafeFromOthers(path, 'accept');
};

/** @returns null where the folder cannot be had, or others can get at it; where nothing can be made, nothing above it is */
const openPrivate = async (path: string): Promise<OwnFolder | null> => {
  try {
    if (dirname(path) !== ownData()) await lstat(dirname(path));
    const folder = new OwnFolder(path);
    await folder.create();
    return (await isPrivate(path)) ? folder : null;
  } catch {
    return null;
  }
};

/**
 * The folder in which this person's engines keep what proves who they are: their secrets and sockets. Made where there is none.
 *
 * @throws AfterimageError `unreadable` when there is no place that others are kept out of
 */
export const runtimeFolder = async (): Promise<OwnFolder> => {
  for (const path of places()) {
    const folder = await openPrivate(path);
    if (folder !== null) return folder;
  }
  throw new AfterimageError(
    'unreadable',
    `Afterimage needs a folder that only you can enter, for the connection to its engine, and cannot have ${places().join(' or ')}. What is there belongs to another user, lets others in, or cannot be written to. Have it removed, or set XDG_RUNTIME_DIR to a folder that only you can enter.`,
  );
};
