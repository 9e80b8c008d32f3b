import type { Handlers, Mark, UserData } from '../contract/index.ts';
import type { Catalogue } from '../library/catalogue.ts';
import type { FileRow } from '../store/rows.ts';
import type { LibraryPaths } from '../store/manifest.ts';
import type { SavedSearches } from '../store/searches.ts';
import type { Store } from '../store/store.ts';
import { finishImport, importHandler } from './import-user-data.ts';
import type { Marks } from './marks.ts';
import type { Roots } from './roots.ts';
import { writeSidecars } from './write-sidecars.ts';

export { finishImport };

interface UserDataOptions {
  readonly paths: Pick<LibraryPaths, 'directory' | 'pendingImport'>;
  readonly catalogue: Catalogue;
  readonly roots: Pick<Roots, 'openable' | 'pathOf' | 'isOffline'>;
  readonly store: Pick<Store, 'photosOf'>;
  readonly marks: Marks;
  readonly searches: SavedSearches;
  /** Called after each change. */
  readonly changed: () => void;
}

/** Answers the calls that take what only the person knows out of the library, or into it. */
export const userDataHandlers = (
  options: UserDataOptions,
): Handlers<'library.export' | 'library.import' | 'photos.writeSidecars'> => ({
  'library.export': () => exportUserData(options),
  'library.import': importHandler(options),
  'photos.writeSidecars': ({ ids }) => writeSidecars(options, ids),
});

const isMarked = ({ favourite, rating, hidden }: Mark): boolean => favourite || rating !== null || hidden;

/** Photos are named in every way that can be known elsewhere: by bytes, by pixels, and by where they lay. */
const exportUserData = ({ catalogue, roots, marks, searches }: UserDataOptions): UserData => {
  const files = new Map<string, FileRow[]>();
  for (const file of [...catalogue.files.values(), ...catalogue.gone.values()])
    if (file.photoId !== null && file.groupId === null && marks.all.has(file.photoId))
      files.set(file.photoId, [...(files.get(file.photoId) ?? []), file]);
  const photos = [...marks.all]
    .filter(([, mark]) => isMarked(mark))
    .map(([photoId, mark]) => {
      const photo = catalogue.photos.get(photoId);
      const places = files.get(photoId) ?? [];
      // Of a photo that is forgotten its id is left: the beginning of the hash that it was first seen with.
      const hashes = [photo?.contentHash ?? photoId, ...places.flatMap(({ contentHash }) => contentHash ?? [])];
      return {
        ...mark,
        contentHashes: [...new Set(hashes)],
        pixelHash: photo?.pixelHash ?? '',
        paths: places.map(({ rootId, relPath }) => roots.pathOf(rootId, relPath)),
      };
    });
  const saved = searches.value.saved.map(({ name, query }) => ({ name, query }));
  return { afterimage: 'user-data', version: 1, photos, searches: saved };
};
