import { AfterimageError } from '../contract/index.ts';
import type { Catalogue } from '../library/catalogue.ts';
import type { PhotoReference } from '../query/language/ast.ts';

/**
 * The photo that is named by its id or a unique prefix of it.
 *
 * @throws AfterimageError `not-found` when none or several begin so
 */
export const resolvePhotoId = (
  photos: { has(id: string): boolean; readonly ids: Iterable<string> },
  prefix: string,
): string => {
  if (photos.has(prefix)) return prefix;
  const found: string[] = [];
  for (const id of photos.ids) if (id.startsWith(prefix)) found.push(id);
  const [first, second] = found;
  if (first !== undefined && second === undefined) return first;
  throw new AfterimageError(
    'not-found',
    second === undefined
      ? `There is no photo ${prefix} in this library.`
      : `Several photos have an id that begins with ${prefix}. Give more of it.`,
  );
};

/** The photo that a file of this name shows, or null; accents may be written either way: some disks take them apart. */
export const photoNamed = (name: string, { files }: Catalogue): string | null => {
  const names = [...new Set([name, name.normalize('NFC'), name.normalize('NFD')])];
  for (const { photoId, relPath } of files.values())
    if (photoId !== null && names.some((own) => relPath === own || relPath.endsWith(`/${own}`))) return photoId;
  return null;
};

/** @throws AfterimageError `not-found` */
export const photoIdOf = (
  reference: PhotoReference,
  catalogue: Catalogue,
  known: { has(id: string): boolean; readonly ids: Iterable<string> },
): string => {
  if (reference.by === 'id') return resolvePhotoId(known, reference.id);
  const id = photoNamed(reference.name, catalogue);
  if (id !== null) return id;
  throw new AfterimageError('not-found', `There is no photo named “${reference.name}” in this library.`);
};
