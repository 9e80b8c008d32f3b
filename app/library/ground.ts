import { lstat } from 'node:fs/promises';
import type { RootRecord } from '../store/manifest.ts';
import type { FileRow } from '../store/rows.ts';
import { deviceOf, pathBelow } from './place.ts';

/** What lies outside the folders that were just looked at, as far as it matters for telling what moved. */
export interface Ground {
  /** Devices that are there now. A row of none of them is from before a restart, which may number them anew. */
  readonly devices: ReadonlySet<string>;
  /** Whether a file that no scan has just looked for still lies where it was. */
  readonly isStillThere: (file: FileRow) => Promise<boolean>;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export const groundOf = async (roots: readonly RootRecord[]): Promise<Ground> => {
  const devices = await Promise.all(roots.map(({ path }) => deviceOf(path)));
  return {
    devices: new Set(devices.filter((device) => device !== null)),
    isStillThere: async (file) => {
      const root = roots.find(({ id }) => id === file.rootId);
      if (root === undefined) return false;
      try {
        return String((await lstat(pathBelow(root.path, file.relPath) ?? '', { bigint: true })).ino) === file.inode;
      } catch {
        // Gone from a folder that is there has left it; a folder that is not there tells nothing.
        return (await deviceOf(root.path)) === null;
      }
    },
    now: Date.now(),
  };
};
