import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';

/** Far more than any program writes about one photo. */
const LARGEST = 4_000_000;

/** Reads the files that describe a photo; what is gone, unreadable or absurdly large describes nothing. */
export const readSidecars = async (paths: readonly string[]): Promise<{ name: string; text: string }[]> => {
  const read = await Promise.all(
    paths.map(async (path) => {
      try {
        const found = await stat(path);
        if (!found.isFile() || found.size > LARGEST) return [];
        return { name: basename(path), text: await readFile(path, 'utf8') };
      } catch {
        return [];
      }
    }),
  );
  return read.flat();
};
