import { cp, mkdir, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AfterimageError } from '../contract/index.ts';
import { isThere } from './json-file.ts';
import { libraryPaths, readFormat } from './manifest.ts';

/** What a library may hold besides its manifest; anything else in its folder is the person's. */
const OWN =
  /^(?:database|spare|mending|thumbnails|pictures|bridges|cache|snapshots|backups|damaged-.*|(?:searches|views)\.json.*|library\.json\..*|engine\..*)$/u;

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
  const { manifest } = libraryPaths(directory);
  const names = await readdir(directory);
  const isLock = (name: string): boolean => name.startsWith('engine.');
  for (const name of names.filter((each) => OWN.test(each) && !isLock(each)))
    await rm(join(directory, name), { recursive: true, force: true });
  await rm(manifest);
  for (const name of names.filter(isLock)) await rm(join(directory, name), { force: true });
  const others = await readdir(directory);
  if (others.length === 0) await rmdir(directory);
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
  await mkdir(dirname(to), { recursive: true, mode: 0o700 });
  try {
    await rename(from, to);
    return;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EXDEV')) throw error;
  }
  const draft = `${to}.part`;
  await rm(draft, { recursive: true, force: true });
  try {
    await cp(from, draft, { recursive: true, preserveTimestamps: true, errorOnExist: true, force: false });
    await rename(draft, to);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw error;
  }
  await deleteLibrary(from);
};
