import type { Catalogue } from '../../library/catalogue.ts';
import type { Query } from '../../query/language/ast.ts';

type Key = number | string;
type SortKey = Query['sort']['by'];

/** Values of a column of `photosSchema`, by photo; those without one are not there. */
export type RecordedColumn = ReadonlyMap<string, Key>;

/** Columns of the orders that the catalogue does not know enough for. */
const COLUMNS: Partial<Record<SortKey, string>> = {
  title: 'title',
  camera: 'camera',
  lens: 'lens',
  iso: 'iso',
  aperture: 'aperture',
  exposure: 'exposure_seconds',
  focal: 'focal_length',
};

/** What photos are sorted by: null where nothing is recorded. */
const keyOf = async (
  by: SortKey,
  catalogue: Catalogue,
  load: (column: string) => Promise<RecordedColumn>,
): Promise<(id: string) => Key | null> => {
  const { photos, marks } = catalogue;
  switch (by) {
    case 'match':
    case 'date':
      return (id) => photos.get(id)?.takenAt ?? 0;
    case 'added':
      // Since its first file was seen: a copy of an old photo is no new photo.
      return (id) => Math.min(...catalogue.filesOf(id).map((file) => file.seenAt));
    case 'name':
      return (id) => (catalogue.filesOf(id)[0]?.relPath.split('/').at(-1) ?? '').toLowerCase();
    case 'size':
      return (id) => Math.max(0, ...catalogue.filesOf(id).map((file) => file.size));
    case 'rating':
      return (id) => marks.get(id)?.rating ?? photos.get(id)?.rating ?? null;
    case 'resolution':
      return (id) => (photos.get(id)?.width ?? 0) * (photos.get(id)?.height ?? 0);
    case 'duration':
      return (id) => photos.get(id)?.seconds ?? null;
    default: {
      const column = await load(COLUMNS[by] ?? by);
      return (id) => {
        const value = column.get(id) ?? null;
        return typeof value === 'string' ? value.toLowerCase() : value;
      };
    }
  }
};

const compare = (a: Key, b: Key): number =>
  typeof a === 'string' && typeof b === 'string' ? (a < b ? -1 : a > b ? 1 : 0) : Number(a) - Number(b);

/**
 * Rows of photos by a recorded fact: newest, latest added, largest, best rated, or first by name first; reversed, the other
 * end. Photos of which it is not recorded come last, either way.
 *
 * @param load reads a column of the store
 */
export const orderOf = async (
  ids: readonly string[],
  { by, reversed }: Query['sort'],
  catalogue: Catalogue,
  load: (column: string) => Promise<RecordedColumn>,
): Promise<Uint32Array> => {
  const key = await keyOf(by, catalogue, load);
  const keys = ids.map(key);
  const isText = keys.some((value) => typeof value === 'string');
  const sign = isText === reversed ? -1 : 1;
  return Uint32Array.from(ids.keys()).sort((one, other) => {
    const [a, b] = [keys[one] ?? null, keys[other] ?? null];
    if (a === null || b === null) return Number(a === null) - Number(b === null) || one - other;
    return sign * compare(a, b) || one - other;
  });
};
