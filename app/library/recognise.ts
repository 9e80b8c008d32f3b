import type { FailureKind } from '../contract/index.ts';
import type { FileRow } from '../store/rows.ts';
import type { Catalogue, FailedFile } from './catalogue.ts';
import type { Ground } from './ground.ts';
import { goneFileIdOf } from './ids.ts';
import type { PendingFile } from './scan.ts';
import { isHeld } from './walk.ts';

export interface Recognition {
  /** Known photos under a new path: renamed or moved on one volume. */
  readonly moved: readonly FileRow[];
  /** Known photos under one more path (another name of the same file), or back from where they had gone. */
  readonly copied: readonly FileRow[];
  /** What was known of paths that are gone, under keys of their own. */
  readonly gone: readonly FileRow[];
  /** Keys of rows that nothing stands for any more. */
  readonly stale: readonly string[];
  /** What has to be read. */
  readonly pending: readonly PendingFile[];
}

/** What a file keeps while it is renamed or moved on one volume. */
const traceOf = ({ inode, size, mtime }: Pick<FileRow, 'inode' | 'size' | 'mtime'>): string =>
  `${inode} ${size} ${mtime}`;

/**
 * Whether a path shows a file of the same size and time under another number. Some file systems (FAT) number files anew each
 * time they are connected: then the number is that of any of its neighbours, which may be of equal size and time.
 */
const isRenumbered = ({ before, inode, size, mtime }: PendingFile): boolean =>
  before !== null && before.inode !== inode && before.size === size && before.mtime === mtime;

/** A file as it was found, as a row. */
export const rowOf = (
  file: PendingFile,
  { contentHash, photoId, seenAt }: Pick<FileRow, 'contentHash' | 'photoId' | 'seenAt'>,
): FileRow => ({
  fileId: file.fileId,
  rootId: file.rootId,
  relPath: file.relPath,
  size: file.size,
  mtime: file.mtime,
  device: file.device,
  inode: file.inode,
  contentHash,
  photoId,
  failure: null,
  leftOut: null,
  groupId: file.groupId,
  sidecars: file.sidecars,
  goneAt: null,
  seenAt,
});

/** A file that is no photo, as a row. */
export const failedRowOf = (file: PendingFile, kind: FailureKind, message: string): FailedFile => ({
  ...rowOf(file, { contentHash: null, photoId: null, seenAt: Date.now() }),
  failure: { kind, message },
});

/** The memory of what a path showed, kept while it may come back; null when it showed no photo of its own. */
export const goneRow = (file: FileRow, now: number): FileRow | null =>
  file.photoId === null || file.groupId !== null
    ? null
    : { ...file, fileId: goneFileIdOf(file.rootId, file.relPath, file.photoId), goneAt: now };

/**
 * Tells which of the new and changed files are known ones under another path, without reading any of them: a file that is
 * renamed or moved on one volume keeps device, inode, size and time.
 *
 * @param arrivals files that are new or have changed, of all folders that were looked at
 * @param removed files that are no longer where they were, of the same folders
 */
export const recognise = async (
  arrivals: readonly PendingFile[],
  removed: readonly FileRow[],
  { files, gone: formerly }: Catalogue,
  { devices, isStillThere, now }: Ground,
): Promise<Recognition> => {
  const inodes = new Set(arrivals.map(({ inode }) => inode));
  const wanted = new Set(arrivals.map(traceOf));
  const left = new Set(removed.map(({ fileId }) => fileId));
  const known = new Map<string, FileRow[]>();
  for (const rows of arrivals.length === 0 ? [] : [files, formerly])
    for (const row of rows.values()) {
      if (row.photoId === null || row.groupId !== null || !inodes.has(row.inode)) continue;
      const trace = traceOf(row);
      if (!wanted.has(trace)) continue;
      const alike = known.get(trace) ?? [];
      known.set(trace, alike);
      // Those that have left their place come first, then those that left it earlier: the file is theirs.
      if (left.has(row.fileId)) alike.unshift(row);
      else alike.push(row);
    }

  const moved: FileRow[] = [];
  const copied: FileRow[] = [];
  const gone: FileRow[] = [];
  const stale = new Set<string>();
  const pending: PendingFile[] = [];
  /** What was known of paths that show another photo now. */
  const replaced: FileRow[] = [];

  for (const file of arrivals) {
    const source =
      file.isDescriptionOnly || isRenumbered(file)
        ? undefined
        : known
            .get(traceOf(file))
            ?.find((row) => !stale.has(row.fileId) && (row.device === file.device || !devices.has(row.device)));
    if (source === undefined) {
      pending.push(file);
      continue;
    }
    // What stands beside it now counts as known when it has been read: the run may be broken off before.
    const row = { ...rowOf(file, source), sidecars: source.sidecars, leftOut: source.leftOut };
    const hasLeft = left.has(source.fileId) || (source.goneAt === null && !(await isStillThere(source)));
    (hasLeft ? moved : copied).push(row);
    if (hasLeft || source.goneAt !== null) stale.add(source.fileId);
    if (file.before !== null && file.before.photoId !== row.photoId) replaced.push(file.before);
    if (source.sidecars !== file.sidecars && !isHeld(file, source))
      pending.push({ ...file, before: row, isDescriptionOnly: true });
  }
  for (const file of [...replaced, ...removed]) {
    const row = stale.has(file.fileId) ? null : goneRow(file, now);
    if (row !== null) gone.push(row);
  }
  for (const { fileId } of removed) stale.add(fileId);
  for (const { fileId } of [...moved, ...copied]) stale.delete(fileId);
  return { moved, copied, gone, stale: [...stale], pending };
};
