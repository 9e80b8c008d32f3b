import type { Catalogue } from '../../library/catalogue.ts';
import type { Query } from '../../query/language/ast.ts';

type Key = number | string;

/** What photos are sorted by, and whether the greatest comes first. */
const keyOf = (
  by: Query['sort']['by'],
  catalogue: Catalogue,
): { readonly key: (id: string) => Key; readonly descending: boolean } => {
  switch (by) {
    case 'match':
    case 'date':
      return { key: (id) => catalogue.photos.get(id)?.takenAt ?? 0, descending: true };
    case 'added':
      return { key: (id) => Math.max(0, ...catalogue.filesOf(id).map((file) => file.seenAt)), descending: true };
    case 'name':
      return {
        key: (id) => (catalogue.filesOf(id)[0]?.relPath.split('/').at(-1) ?? '').toLowerCase(),
        descending: false,
      };
    case 'size':
      return { key: (id) => Math.max(0, ...catalogue.filesOf(id).map((file) => file.size)), descending: true };
    case 'rating':
      return { key: (id) => catalogue.photos.get(id)?.rating ?? -1, descending: true };
  }
};

const compare = (a: Key, b: Key): number =>
  typeof a === 'string' && typeof b === 'string' ? (a < b ? -1 : a > b ? 1 : 0) : Number(a) - Number(b);

/** Rows of photos by a recorded fact: newest, latest added, largest, best rated or first by name first; reversed, the other end. */
export const orderOf = (ids: readonly string[], { by, reversed }: Query['sort'], catalogue: Catalogue): Uint32Array => {
  const { key, descending } = keyOf(by, catalogue);
  const sign = descending === reversed ? 1 : -1;
  const keys = ids.map(key);
  return Uint32Array.from(ids.keys()).sort((a, b) => sign * compare(keys[a]!, keys[b]!) || a - b);
};
