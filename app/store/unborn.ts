import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { OwnFolder } from '../base/disk.ts';

/**
 * Removes tables that were begun and never written: a kill while LanceDB makes a table leaves its folder, which is listed
 * and cannot be opened. One with a version or any data is left as it is, whatever else is wrong with it.
 *
 * @param own the library
 * @param directory of the database; it may be missing
 */
export const removeUnborn = async (own: OwnFolder, directory: string): Promise<void> => {
  const names = await readdir(directory).catch(() => []);
  for (const name of names.filter((entry) => entry.endsWith('.lance'))) {
    const inside = await readdir(join(directory, name), { recursive: true });
    if (!inside.some((path) => path.endsWith('.manifest') || path.endsWith('.lance')))
      await own.remove(join(directory, name));
  }
};
