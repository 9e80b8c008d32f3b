import type { Handlers, Mark, Output, UserData } from '../contract/index.ts';
import type { Catalogue } from '../library/catalogue.ts';
import { photoIdOf } from '../library/ids.ts';
import type { FileRow, UserRow } from '../store/rows.ts';
import type { SavedSearches } from '../store/searches.ts';
import type { Store } from '../store/store.ts';
import type { Marks } from './marks.ts';
import type { Roots } from './roots.ts';
import { writeSidecars } from './write-sidecars.ts';

interface UserDataOptions {
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
  'library.import': (data) => importUserData(options, data),
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

const importUserData = async (options: UserDataOptions, data: UserData): Promise<Output<'library.import'>> => {
  const { marks, searches, changed } = options;
  const find = photoFinder(options);
  const rows = new Map<string, UserRow>();
  let unknown = 0;
  for (const { favourite, rating, hidden, ...named } of data.photos) {
    const found = find(named);
    // A photo that comes later gets the id that its bytes give it, and with it what is said of it here.
    const [hash] = named.contentHashes;
    const photoId = found ?? (hash === undefined ? null : photoIdOf(hash, () => false));
    if (found === null) unknown++;
    if (photoId !== null) rows.set(photoId, { photoId, favourite, rating, hidden });
  }
  if (rows.size > 0) await marks.put([...rows.values()]);
  const known = new Set(searches.value.saved.map(({ name, query }) => JSON.stringify([name, query])));
  const fresh = data.searches.filter(({ name, query }) => !known.has(JSON.stringify([name, query])));
  for (const search of fresh) await searches.save(search);
  changed();
  return { photos: data.photos.length - unknown, unknown, searches: fresh.length };
};

type Named = Pick<UserData['photos'][number], 'contentHashes' | 'pixelHash' | 'paths'>;

/** Finds photos by their bytes, else by their pixels, else by a place that one of them lies at. */
const photoFinder = ({ catalogue, roots }: UserDataOptions): ((named: Named) => string | null) => {
  const byPixels = new Map([...catalogue.photos.values()].map(({ pixelHash, photoId }) => [pixelHash, photoId]));
  const byPath = new Map<string, string>();
  for (const { rootId, relPath, photoId } of catalogue.files.values())
    if (photoId !== null) byPath.set(roots.pathOf(rootId, relPath), photoId);
  return ({ contentHashes, pixelHash, paths }) =>
    [
      ...contentHashes.map((hash) => catalogue.withContent(hash) ?? (catalogue.photos.has(hash) ? hash : null)),
      byPixels.get(pixelHash),
      ...paths.map((path) => byPath.get(path)),
    ].find((photoId) => photoId !== null && photoId !== undefined) ?? null;
};
