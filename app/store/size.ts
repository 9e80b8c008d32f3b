import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { LibraryPaths } from './manifest.ts';

/** Bytes on disk, by what they hold. */
export interface LibrarySize {
  readonly database: number;
  readonly thumbnails: number;
  readonly other: number;
}

/** Measures a library; a file that has several names, such as one that a backup shares, counts once. */
export const librarySize = async (paths: LibraryPaths): Promise<LibrarySize> => {
  const counted = new Set<string>();
  const database = await bytesIn(paths.database, counted);
  const thumbnails = await bytesIn(paths.thumbnails, counted);
  const other = await bytesIn(paths.directory, counted, new Set([paths.database, paths.thumbnails]));
  return { database, thumbnails, other };
};

const bytesIn = async (
  folder: string,
  counted: Set<string>,
  without: ReadonlySet<string> = new Set(),
): Promise<number> => {
  let bytes = 0;
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
    const path = join(folder, entry.name);
    if (without.has(path)) continue;
    if (entry.isDirectory()) bytes += await bytesIn(path, counted);
    else bytes += await bytesOf(path, counted);
  }
  return bytes;
};

const bytesOf = async (path: string, counted: Set<string>): Promise<number> => {
  // What goes away while it is measured has no size any more.
  const stats = await lstat(path, { bigint: true }).catch(() => null);
  if (stats === null) return 0;
  if (stats.nlink > 1n) {
    const file = `${stats.dev} ${stats.ino}`;
    if (counted.has(file)) return 0;
    counted.add(file);
  }
  return Number(stats.size);
};
