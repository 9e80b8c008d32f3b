import type { PendingFile } from '../library/scan.ts';
import type { FileRow } from '../store/rows.ts';

interface Unseen {
  /** Files that are looked at anyway. */
  readonly pending: readonly PendingFile[];
  /** By the folders that were looked at: files in there that cannot be read. */
  readonly unreachable: ReadonlyMap<string, ReadonlySet<string>>;
  readonly hasVector: (photoId: string) => boolean;
}

/** Known files whose photo the model has not seen: one file per photo. */
export const unseenOf = (known: Iterable<FileRow>, { pending, unreachable, hasVector }: Unseen): PendingFile[] => {
  const queued = new Set(pending.map((file) => file.fileId));
  const photos = new Set<string>();
  const files: PendingFile[] = [];
  for (const file of known) {
    const { fileId, photoId, groupId } = file;
    if (photoId === null || groupId !== null || hasVector(photoId)) continue;
    if (photos.has(photoId) || queued.has(fileId) || unreachable.get(file.rootId)?.has(fileId) !== false) continue;
    photos.add(photoId);
    files.push({ ...file, sidecarsAway: [], problem: null, before: file, isDescriptionOnly: false });
  }
  return files;
};

interface KnownOfPhotos {
  /** How often a photo was looked at. */
  readonly viewsOf: (photoId: string) => number;
  /** Undefined of a photo that is not known yet. */
  readonly takenAtOf: (photoId: string) => number | undefined;
}

/** What a person looks at most, then what they took last: that is what they look for first. */
export const inOrder = (
  files: readonly PendingFile[],
  { viewsOf, takenAtOf }: KnownOfPhotos,
): readonly PendingFile[] => {
  const known = files.map((file) => {
    const photoId = file.before?.photoId ?? '';
    return { file, views: viewsOf(photoId), takenAt: takenAtOf(photoId) ?? file.mtime };
  });
  return known.sort((a, b) => b.views - a.views || b.takenAt - a.takenAt).map(({ file }) => file);
};
