import { lstat, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { isErrno } from '../base/errno.ts';
import { FileRefused } from '../base/file-refused.ts';
import { AfterimageError } from '../contract/index.ts';
import { namesOtherPlaces } from './lance-manifest.ts';
import { entriesOf, type LibraryPaths } from './manifest.ts';

/** Far more than a library of a million photos has, backups included; thumbnails are not counted. */
const MAX_ENTRIES = 1_000_000;

/**
 * Checks what lies in a library before anything in it is opened: LanceDB reads, writes and deletes wherever a link leads, opening a
 * pipe would block, and a table may name other folders and servers. The library's own folder may be reached by a link. Thumbnails
 * and pictures, of which there may be a million, are checked when they are read or written.
 *
 * @throws AfterimageError `library-damaged` naming the first entry that is a link, a special file, a file in the place of a folder
 * or a folder in the place of a file, or a table that names other places
 */
export const checkLibraryFolder = async (paths: LibraryPaths): Promise<void> => {
  const shallow = new Set([paths.thumbnails, paths.pictures, paths.cache]);
  let left = MAX_ENTRIES;
  try {
    for (const path of [...entriesOf(paths), ...(await damagedFolders(paths.directory))]) {
      const kind = path.endsWith('.json') ? 'file' : 'folder';
      const isThere = await checkEntry(path, kind);
      if (isThere && kind === 'folder' && !shallow.has(path)) left = await checkTree(path, left);
    }
  } catch (error) {
    if (!(error instanceof FileRefused)) throw error;
    throw new AfterimageError(
      'library-damaged',
      `${error.message} It lies in the library ${paths.directory}, which was not opened. If you did not put it there, do not trust this library.`,
      { cause: error },
    );
  }
};

/** What was found damaged is kept in folders of this name. */
const damagedFolders = async (library: string): Promise<string[]> =>
  (await readdir(library).catch(() => []))
    .filter((name) => name.startsWith('damaged-'))
    .map((name) => join(library, name));

/** @returns whether it is there */
const checkEntry = async (path: string, kind: 'file' | 'folder'): Promise<boolean> => {
  const found = await lstat(path).catch((error: unknown) => {
    if (isErrno(error, 'ENOENT')) return null;
    throw error;
  });
  if (found === null) return false;
  if (found.isSymbolicLink()) throw new FileRefused(path, 'link');
  if (kind === 'folder' && !found.isDirectory()) throw new FileRefused(path, 'not-a-folder');
  if (kind === 'file' && !found.isFile()) throw new FileRefused(path, 'not-a-file');
  return true;
};

/** @returns how many entries may still come */
const checkTree = async (folder: string, most: number): Promise<number> => {
  let left = most;
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    left -= 1;
    if (left < 0)
      throw new FileRefused(folder, 'too-large', `more than ${MAX_ENTRIES} files lie in ${basename(folder)}`);
    // Some file systems do not say what an entry is when they list it.
    const found = entry.isDirectory() || entry.isFile() ? entry : await lstat(path);
    if (found.isSymbolicLink()) throw new FileRefused(path, 'link');
    if (found.isDirectory()) left = await checkTree(path, left);
    else if (!found.isFile()) throw new FileRefused(path, 'not-a-file');
    else if (path.endsWith('.manifest') && (await namesOtherPlaces(path))) throw new FileRefused(path, 'elsewhere');
  }
  return left;
};
