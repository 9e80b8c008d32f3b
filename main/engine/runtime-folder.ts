import { lstat } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { OwnFolder } from '../../app/base/disk.ts';
import { isSafeFromOthers } from '../../app/base/owners.ts';
import { AfterimageError } from '../../app/contract/index.ts';

const OPEN_TO_OTHERS = 0o077;
const isWindows = process.platform === 'win32';

/** Where the folder may lie, best first. On Windows a profile lets in nobody but its owner. */
const places = (): readonly string[] => {
  const { LOCALAPPDATA, XDG_RUNTIME_DIR } = process.env;
  if (isWindows)
    return [join(isAbsolute(LOCALAPPDATA ?? '') ? (LOCALAPPDATA ?? '') : tmpdir(), 'afterimage', 'runtime')];
  const name = `afterimage-${String(userInfo().uid)}`;
  return [XDG_RUNTIME_DIR ?? '', tmpdir()].filter((base) => isAbsolute(base)).map((base) => join(base, name));
};

/** Whether a folder is no link, and nobody but this person can enter it or put another one in its place. */
const isPrivate = async (path: string): Promise<boolean> => {
  if (isWindows) return true;
  const found = await lstat(path);
  const isOurs = found.isDirectory() && found.uid === userInfo().uid && (found.mode & OPEN_TO_OTHERS) === 0;
  return isOurs && isSafeFromOthers(path, 'accept');
};

/** Makes the folder, but none above it. @returns null where it cannot be had, or others can get at it */
const openPrivate = async (path: string): Promise<OwnFolder | null> => {
  try {
    if (!isWindows) await lstat(dirname(path));
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
