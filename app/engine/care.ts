import type { Handlers } from '../contract/index.ts';
import type { Catalogue } from '../library/catalogue.ts';
import { thumbnailPath } from '../media/thumbnail.ts';
import { dropKeptFolders } from '../store/backup.ts';
import type { LibraryPaths } from '../store/manifest.ts';
import type { ManifestFile } from '../store/manifest-file.ts';
import { librarySize } from '../store/size.ts';
import type { Purged, Store } from '../store/store.ts';
import { forgetMoments } from './moments.ts';

const DAY_MS = 86_400_000;

interface CareOptions {
  readonly paths: LibraryPaths;
  readonly catalogue: Catalogue;
  readonly store: Store;
  readonly manifest: ManifestFile;
}

/** Keeps a library small and quick. */
export class Care {
  readonly #options: CareOptions;

  constructor(options: CareOptions) {
    this.#options = options;
  }

  /**
   * Forgets for good what has been gone for longer than the grace period, drops old backups, and tidies up the store.
   *
   * @param now milliseconds since the epoch
   * @returns what was forgotten
   */
  async tidy(now = Date.now()): Promise<Purged> {
    const { paths, catalogue, store, manifest } = this.#options;
    const purged = await store.purge(now - manifest.value.settings.graceDays * DAY_MS);
    for (const fileId of purged.fileIds) catalogue.removeFile(fileId);
    for (const photoId of purged.photoIds) {
      catalogue.removePhoto(photoId);
      await paths.own.remove(thumbnailPath(paths.thumbnails, photoId));
    }
    await forgetMoments(paths.thumbnails, purged.photoIds);
    await dropKeptFolders(paths, now);
    await store.optimize();
    return purged;
  }
}

export const careHandlers = ({ paths }: Pick<CareOptions, 'paths'>): Handlers<'library.size'> => ({
  'library.size': () => librarySize(paths),
});
