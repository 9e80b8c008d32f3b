import { isDeepStrictEqual } from 'node:util';
import { JsonFile } from './json-file.ts';
import {
  LIBRARY_FORMAT,
  openManifest,
  readSpare,
  noIdentity,
  type LibraryPaths,
  type MakeIdentity,
  type Manifest,
} from './manifest.ts';

/** The manifest in memory and on disk. */
export class ManifestFile extends JsonFile<Manifest> {
  /** @throws AfterimageError as `openManifest` */
  static async open(paths: LibraryPaths, makeIdentity: MakeIdentity = noIdentity): Promise<ManifestFile> {
    const file = new ManifestFile(
      paths.own,
      paths.manifest,
      await openManifest(paths, makeIdentity),
      paths.spareManifest,
    );
    if (!isDeepStrictEqual(await readSpare(paths), file.value)) await file.keep();
    return file;
  }

  /** @param change what becomes of the manifest as it is when its turn comes */
  update(change: (current: Manifest) => Partial<Omit<Manifest, 'format'>>): Promise<void> {
    return this.change(change);
  }

  /** Says that the library is of this program's format now. */
  bringForward(): Promise<void> {
    return this.change(() => ({ format: LIBRARY_FORMAT }));
  }
}
