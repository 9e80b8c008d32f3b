import { mkdir, rename } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { isThere } from './json-file.ts';

/** Folder of what is found damaged today. @param library its directory */
export const asideOf = (library: string): string => join(library, `damaged-${new Date().toISOString().slice(0, 10)}`);

/**
 * Puts what is damaged aside.
 *
 * @param aside folder for it
 * @returns where it is now; null where there is nothing
 */
export const putAside = async (path: string, aside: string): Promise<string | null> => {
  if (!(await isThere(path))) return null;
  await mkdir(aside, { recursive: true, mode: 0o700 });
  const place = join(aside, basename(path));
  const target = (await isThere(place)) ? `${place}-${String(Date.now())}` : place;
  await rename(path, target);
  return target;
};
