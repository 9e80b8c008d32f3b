import { dirname } from 'node:path';
import { OwnFolder } from '../base/disk.ts';

/** Writes what was found out and may be found out again, as JSON. One that cannot be written only costs time. */
export const writeCache = async (path: string, entries: object): Promise<void> => {
  const folder = new OwnFolder(dirname(path));
  try {
    await folder.create();
    await folder.write(path, JSON.stringify(entries, null, 1));
  } catch {
    // As before.
  }
};
