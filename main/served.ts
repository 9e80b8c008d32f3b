import type { FileHandle } from 'node:fs/promises';
import { realpath, stat } from 'node:fs/promises';
import { basename, sep } from 'node:path';
import { openRegular } from '../app/base/read.ts';
import { AfterimageError, type Client } from '../app/contract/index.ts';
import { kindOf } from '../app/media/formats.ts';
import { libraryPaths } from '../app/store/manifest.ts';

/**
 * Which files a host shows, opens or hands on. The engine says where they are, as the library's tables do; but those may have
 * been written by somebody else, so that a host looks for itself.
 */

/** Whether a path lies below a folder; both are real paths. */
export const isWithin = (path: string, folder: string): boolean =>
  path.startsWith(folder.endsWith(sep) ? folder : folder + sep);

/** What a photo can be in; anything else may be a program to the system that opens it. */
const isPhoto = (path: string): boolean => {
  const kind = kindOf(basename(path));
  return kind === 'picture' || kind === 'raw' || kind === 'video';
};

const isInFolders = async (real: string, engine: Pick<Client, 'call'>): Promise<boolean> => {
  const { folders } = await engine.call('roots.folders', {});
  return folders.some((folder) => isWithin(real, folder));
};

/** Whether a file is one that the engine has made: thumbnails, views, and copies of pictures that searches name. */
const isMade = async (real: string, library: string): Promise<boolean> => {
  const { thumbnails, cache, pictures } = libraryPaths(await realpath(library));
  return [thumbnails, cache, pictures].some((folder) => isWithin(real, folder));
};

/**
 * A photo's own file as another program may have it: a picture, raw file or video below one of the library's folders, by its
 * real path and name.
 *
 * @throws AfterimageError `unreadable` for anything else
 */
export const photoToHandOn = async (path: string, engine: Pick<Client, 'call'>): Promise<string> => {
  const real = await realpath(path).catch(() => null);
  const found = real === null ? null : await stat(real).catch(() => null);
  if (real === null || found?.isFile() !== true)
    throw new AfterimageError(
      'unreadable',
      `“${path}” is not there, or no file any more. Look for new photos, then try again.`,
    );
  if (!isPhoto(real))
    throw new AfterimageError(
      'unreadable',
      `“${real}” is no picture, raw file or video. Afterimage opens nothing else, as it may be a program.`,
    );
  if (!(await isInFolders(real, engine)))
    throw new AfterimageError(
      'unreadable',
      `“${real}” lies outside of the library’s folders. Add its folder, then look for new photos.`,
    );
  return real;
};

/** A picture that the engine has made, or a photo. @returns its real path. @throws AfterimageError `unreadable` */
export const pictureToShow = async (path: string, library: string, engine: Pick<Client, 'call'>): Promise<string> => {
  const real = await realpath(path).catch(() => null);
  return real !== null && (await isMade(real, library)) ? real : photoToHandOn(path, engine);
};

/**
 * Opens a file to be served: one that the engine has made, or a photo that lies where its path says. A link put in its place
 * since the engine looked, or a pipe that would never end, is not followed.
 *
 * @throws when it is none of them
 */
export const openServed = async (path: string, library: string, engine: Pick<Client, 'call'>): Promise<FileHandle> => {
  // Opened first and looked at afterwards, so that nothing can be exchanged in between.
  const handle = await openRegular(path);
  try {
    const real = await realpath(path);
    const [opened, seen] = await Promise.all([handle.stat({ bigint: true }), stat(real, { bigint: true })]);
    const isItself = opened.dev === seen.dev && opened.ino === seen.ino;
    const isServed =
      (await isMade(real, library)) || (real === path && isPhoto(real) && (await isInFolders(real, engine)));
    if (!isItself || !isServed) throw new Error(`${path} is none of the library's files.`);
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
};
