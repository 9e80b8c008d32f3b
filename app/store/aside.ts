import { basename, join } from 'node:path';
import type { OwnFolder } from '../base/disk.ts';
import { isThere } from './json-file.ts';

/** Folder of what is found damaged today. @param library its directory */
export const asideOf = (library: string): string => join(library, `damaged-${new Date().toISOString().slice(0, 10)}`);

/**
 * Puts what is damaged aside.
 *
 * @param own the library
 * @param aside folder for it
 * @returns where it is now; null where there is nothing
 */
export const putAside = async (own: OwnFolder, path: string, aside: string): Promise<string | null> => {
  if (!(await isThere(path))) return null;
  await own.makeFolder(aside);
  const place = join(aside, basename(path));
  const target = (await isThere(place)) ? `${place}-${String(Date.now())}` : place;
  await own.move(path, target);
  return target;
};
