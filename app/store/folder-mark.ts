import { lstat, readdir } from 'node:fs/promises';
import { join, parse, resolve, sep } from 'node:path';

/**
 * What tells a folder from another one at the same path. The device is no part of it: its number changes whenever a volume is
 * mounted. The inode changes, too, on file systems that have none of their own (FAT, exFAT, some network drives): there the
 * moment of birth tells.
 */
export interface FolderMark {
  readonly inode: string;
  /** Nanoseconds since the epoch; null where the file system does not say. */
  readonly born: string | null;
}

/**
 * Looks at a folder without following any link on the way, also none to another computer.
 *
 * @returns `missing` where nothing is or may be looked at; `other` where a link or no folder is on the way, and for a path that
 * is relative or takes steps upwards
 */
export const markOf = async (path: string): Promise<FolderMark | 'missing' | 'other'> => {
  if (path !== resolve(path)) return 'other';
  const { root } = parse(path);
  let at = root;
  let mark: FolderMark | 'missing' | 'other' = await markAt(root);
  for (const name of path.slice(root.length).split(sep).filter(Boolean)) {
    if (typeof mark === 'string') return mark;
    at = join(at, name);
    mark = await markAt(at);
  }
  return mark;
};

const markAt = async (path: string): Promise<FolderMark | 'missing' | 'other'> => {
  const found = await lstat(path, { bigint: true }).catch(() => null);
  if (found === null) return 'missing';
  if (!found.isDirectory()) return 'other';
  const { ino, birthtimeNs, ctimeNs } = found;
  // Where nothing else is known, Node says the time of the last change, or none.
  const isKnown = birthtimeNs > 0n && birthtimeNs !== ctimeNs;
  return { inode: String(ino), born: isKnown ? String(birthtimeNs) : null };
};

/** Whether a folder is the one that was marked. */
export const isSameFolder = (marked: FolderMark, found: FolderMark): boolean =>
  marked.born === null || found.born === null ? marked.inode === found.inode : marked.born === found.born;

/** Whether a folder has nothing in it, such as a bare mount point; false where it cannot be read. */
export const isEmptyFolder = async (path: string): Promise<boolean> => {
  const names = await readdir(path).catch(() => null);
  return names?.length === 0;
};
