import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { moveFolder } from '../base/disk.ts';
import { AfterimageError } from '../contract/index.ts';
import { isThere } from './json-file.ts';
import { entriesOf, libraryPaths, readFormat } from './manifest.ts';

/** What a library may hold besides its entries: drafts and damaged copies of them. Anything else in its folder is the person's. */
const BESIDE = /^(?:damaged-.*|[a-z]+\.json\..*)$/u;

/** @throws AfterimageError `not-found` when a folder is no library, `library-newer`, `library-damaged` */
export const needLibrary = async (directory: string): Promise<void> => {
  if ((await readFormat(libraryPaths(directory))) === null)
    throw new AfterimageError('not-found', `${directory} is not an Afterimage library.`);
};

/**
 * Deletes a library, and of its folder only what a library holds. The manifest goes last: one that is deleted in part is
 * still known as a library, and can be deleted again.
 *
 * @returns names of other things in the folder: where there are some, they and the folder stay
 */
export const deleteLibrary = async (directory: string): Promise<readonly string[]> => {
  await needLibrary(directory);
  const paths = libraryPaths(directory);
  const { manifest, own } = paths;
  const names = await readdir(directory);
  const isLock = (name: string): boolean => name.startsWith('engine.');
  const besides = names.filter((name) => BESIDE.test(name)).map((name) => join(directory, name));
  for (const path of [...entriesOf(paths), ...besides]) if (path !== manifest) await own.remove(path);
  await own.remove(manifest);
  for (const name of names.filter(isLock)) await own.remove(join(directory, name));
  const others = await readdir(directory);
  if (others.length === 0) await own.removeItself();
  return others;
};

/**
 * Moves a library to another place, also on another disk: then it is copied first and deleted when the copy is whole.
 *
 * @throws AfterimageError `not-found`, `invalid-request` when something is there already
 */
export const moveLibrary = async (from: string, to: string): Promise<void> => {
  await needLibrary(from);
  if (await isThere(to))
    throw new AfterimageError('invalid-request', `There is something at ${to} already. Give a place that is free.`);
  if ((await moveFolder(from, to)) === 'copied') await deleteLibrary(from);
};
