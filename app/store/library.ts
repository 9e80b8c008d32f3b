import { backUp } from './backup.ts';
import { LIBRARY_FORMAT, readFormat, type LibraryPaths } from './manifest.ts';
import { ManifestFile } from './manifest-file.ts';
import { Store } from './store.ts';

/**
 * Opens a library, or makes a new one. One of an older format is backed up and brought forward; the manifest tells the new
 * format last, so that a migration that was broken off goes on the next time.
 *
 * @throws AfterimageError `library-newer`, `library-damaged`, `unreadable`, `disk-full`
 */
export const openLibrary = async (
  paths: LibraryPaths,
): Promise<{ readonly manifest: ManifestFile; readonly store: Store }> => {
  const format = (await readFormat(paths)) ?? LIBRARY_FORMAT;
  if (format < LIBRARY_FORMAT) await backUp(paths, format);
  const manifest = await ManifestFile.open(paths);
  const store = await Store.open(paths.database);
  if (format < LIBRARY_FORMAT) await manifest.bringForward();
  return { manifest, store };
};
