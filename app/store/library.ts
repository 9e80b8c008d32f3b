import { backUp } from './backup.ts';
import { checkLibraryFolder } from './check-folder.ts';
import {
  LIBRARY_FORMAT,
  mendManifest,
  readFormat,
  noIdentity,
  type LibraryPaths,
  type MakeIdentity,
} from './manifest.ts';
import { ManifestFile } from './manifest-file.ts';
import { Store } from './store.ts';

/**
 * Opens a library, or makes a new one. A damaged manifest is mended, if it can be. A library of an older format is backed up
 * and brought forward; the manifest tells the new format last, so that a migration that was broken off goes on the next time.
 *
 * @param makeIdentity called for a library that is made
 * @returns `mended`: what was done to the manifest, in sentences for the person
 * @throws AfterimageError `library-newer`, `library-damaged`, `unreadable`, `disk-full`
 */
export const openLibrary = async (
  paths: LibraryPaths,
  makeIdentity: MakeIdentity = noIdentity,
): Promise<{ readonly manifest: ManifestFile; readonly store: Store; readonly mended: readonly string[] }> => {
  await checkLibraryFolder(paths);
  const mended = await mendManifest(paths);
  const format = (await readFormat(paths)) ?? LIBRARY_FORMAT;
  if (format < LIBRARY_FORMAT) await backUp(paths, format);
  const manifest = await ManifestFile.open(paths, makeIdentity);
  const store = await Store.open(paths.database);
  if (format < LIBRARY_FORMAT) await manifest.bringForward();
  return { manifest, store, mended };
};
