import { join } from 'node:path';
import type { CatalogueEntry } from './catalogue.ts';
import { readPins } from './pins.ts';

/**
 * The entry of the catalogue that a folder holds the files of. What the folder says of itself only tells which one to compare
 * with: every file of which the catalogue knows the SHA-256 has to have it.
 *
 * @param hashOf SHA-256 of a file in hexadecimal digits
 * @returns null for a folder that is none of them, whatever it says
 */
export const genuineEntry = async (
  folder: string,
  entries: readonly CatalogueEntry[],
  hashOf: (path: string) => Promise<string>,
): Promise<CatalogueEntry | null> => {
  const pins = await readPins(folder);
  const entry = entries.find(({ id, revision }) => id === pins?.id && revision === pins.revision);
  const known = entry?.files.filter(({ sha256 }) => sha256 !== null) ?? [];
  if (entry === undefined || known.length === 0) return null;
  for (const { path, sha256 } of known)
    if ((await hashOf(join(folder, path)).catch(() => null)) !== sha256) return null;
  return entry;
};
