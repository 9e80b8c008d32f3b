import { lstat } from 'node:fs/promises';
import type { FailureKind } from '../contract/index.ts';
import type { RootRecord } from '../store/manifest.ts';
import type { FileRow } from '../store/rows.ts';
import type { Catalogue } from './catalogue.ts';
import { exactFileIdOf, fileIdOf } from './ids.ts';
import { walk, type FoundFile } from './walk.ts';

/** A file that is new or has changed, and is to be read. */
export interface PendingFile extends FoundFile {
  readonly fileId: string;
  readonly rootId: string;
}

export interface ScanResult {
  /** The root could not be read; nothing was learned of its photos. */
  readonly offline: boolean;
  readonly unchanged: number;
  readonly pending: readonly PendingFile[];
  /** Found to be no photo without reading it, and not known as such yet. */
  readonly problems: readonly PendingFile[];
  /** Failed before and unchanged since: the reason stands. */
  readonly stillFailed: readonly FileRow[];
  readonly removed: readonly FileRow[];
  /** Sub-folders that could not be read, with the reason. */
  readonly unreadable: readonly { readonly relPath: string; readonly message: string }[];
}

/** Reasons that may have gone away although the file looks the same. */
const WORTH_RETRYING: ReadonlySet<FailureKind> = new Set(['unreadable', 'vanished', 'disk-full']);

const isSame = (known: FileRow, found: FoundFile): boolean =>
  // Not the device: its number changes with every reboot of some systems.
  known.size === found.size && known.mtime === found.mtime && known.inode === found.inode;

/** @returns the device a folder lies on; null when there is no such folder now */
export const deviceOf = async (path: string): Promise<string | null> => {
  try {
    const stats = await lstat(path, { bigint: true });
    return stats.isDirectory() ? String(stats.dev) : null;
  } catch {
    return null;
  }
};

/**
 * Compares a root with what the library knows of it; reads no photo. A root that is gone, or that is an empty folder on
 * another device (a drive that is not plugged in leaves one), is offline: its photos stay.
 */
export const scanRoot = async (
  root: RootRecord,
  catalogue: Catalogue,
  skip: ReadonlySet<string>,
  onFound: (files: number, folder: string) => void,
  signal: AbortSignal,
): Promise<ScanResult> => {
  const known = new Map<string, FileRow>();
  for (const file of catalogue.files.values()) if (file.rootId === root.id) known.set(file.fileId, file);

  const seen = new Set<string>();
  const pending: PendingFile[] = [];
  const problems: PendingFile[] = [];
  const stillFailed: FileRow[] = [];
  const unreadable: { relPath: string; message: string }[] = [];
  let unchanged = 0;
  const consider = (found: FoundFile): void => {
    const plain = fileIdOf(root.id, found.relPath);
    const fileId = seen.has(plain) ? exactFileIdOf(root.id, found.relPath) : plain;
    seen.add(fileId);
    const before = known.get(fileId);
    const same = before !== undefined && isSame(before, found);
    if (same && before.failure !== null && !WORTH_RETRYING.has(before.failure.kind)) stillFailed.push(before);
    else if (same && before.failure === null) unchanged += 1;
    else (found.problem === null ? pending : problems).push({ ...found, fileId, rootId: root.id });
  };

  const offline: ScanResult = {
    offline: true,
    unchanged: 0,
    pending: [],
    problems: [],
    stillFailed: [],
    removed: [],
    unreadable: [],
  };
  if ((await deviceOf(root.path)) === null) return offline;
  try {
    for await (const step of walk(root.path, skip, signal)) {
      if (step.unreadable !== null) unreadable.push(step.unreadable);
      for (const found of step.files) consider(found);
      if (step.files.length > 0) onFound(step.files.length, step.files[0]?.relPath ?? '');
    }
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof Error && 'code' in error) return offline;
    throw error;
  }
  const device = await deviceOf(root.path);
  if (device === null || (seen.size === 0 && known.size > 0 && device !== root.device)) return offline;

  const isUnknownGround = (relPath: string): boolean =>
    unreadable.some((folder) => relPath.startsWith(`${folder.relPath}/`));
  const removed = [...known.values()].filter((file) => !seen.has(file.fileId) && !isUnknownGround(file.relPath));
  return { offline: false, unchanged, pending, problems, stillFailed, removed, unreadable };
};
