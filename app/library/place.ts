import { lstat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { RootRecord } from '../store/manifest.ts';
import type { FileRow } from '../store/rows.ts';
import { ancestorsOf } from './walk.ts';

/** Which folder it is, whatever its path. */
export interface Place {
  readonly device: string;
  readonly inode: string;
}

/** @returns the folder that is at a path; null when there is none now */
export const placeOf = async (path: string): Promise<Place | null> => {
  try {
    const stats = await lstat(path, { bigint: true });
    return stats.isDirectory() ? { device: String(stats.dev), inode: String(stats.ino) } : null;
  } catch {
    return null;
  }
};

/** @returns the device a folder lies on; null when there is no such folder now */
export const deviceOf = async (path: string): Promise<string | null> => (await placeOf(path))?.device ?? null;

const isName = (part: string): boolean => part !== '' && part !== '.' && part !== '..';

/**
 * Whether a path as the library's tables have it, `/` between the parts, stays below whatever folder it is joined to. A row may
 * have been written by anybody: it may be absolute, lead upwards, or be one that the system reads as another.
 */
export const staysBelow = (relPath: string, platform = process.platform): boolean =>
  relPath.split('/').every(isName) &&
  !relPath.includes('\0') &&
  // On Windows these would part a path, and name a drive or a second stream of the file.
  !(platform === 'win32' && /[\\:]/u.test(relPath));

/** Where a file of a root is: every path of a row is made here. @returns null for one that would not be below the root */
export const pathBelow = (root: string, relPath: string): string | null =>
  staysBelow(relPath) ? resolve(root, relPath) : null;

/** Whether a file is below a folder of its root; the root's own name is empty. */
export const isBelow = ({ relPath }: Pick<FileRow, 'relPath'>, folder: string): boolean =>
  folder === '' || relPath.startsWith(`${folder}/`);

/** @returns the device of a folder on which another volume is mounted now; null for any other folder, and for none */
const mountedOn = async (path: string): Promise<string | null> => {
  const device = await deviceOf(path);
  return device === (await deviceOf(dirname(path))) ? null : device;
};

/** @returns of these folders of a root and all above them those that other volumes are mounted on now */
export const volumesAbove = async (root: string, folders: Iterable<string>): Promise<string[]> => {
  const all = [...new Set([...folders].flatMap(ancestorsOf))];
  const devices = await Promise.all(all.map((folder) => mountedOn(join(root, folder))));
  return all.filter((_, index) => devices[index] !== null);
};

/**
 * Which of the volumes that are known inside a root are not connected. Where one was, there is no folder now, or an ordinary
 * one, with nothing in it that is known: what was put into a bare mount point does not make it the drive.
 *
 * @param isIn whether known files lie in a folder, on this device
 */
export const unpluggedOf = async (
  { path, volumes }: Pick<RootRecord, 'path' | 'volumes'>,
  isIn: (folder: string, device: string | null) => boolean,
): Promise<string[]> => {
  const unplugged: string[] = [];
  for (const folder of volumes) {
    const place = join(path, folder);
    if ((await mountedOn(place)) === null && !isIn(folder, await deviceOf(place))) unplugged.push(folder);
  }
  return unplugged;
};
