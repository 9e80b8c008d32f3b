import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AfterimageError, type Failure, type Output } from '../contract/index.ts';
import type { Catalogue } from '../library/catalogue.ts';
import { kindOf } from '../media/formats.ts';
import { sidecarNameFor } from '../library/sidecars.ts';
import { PhotoFailure } from '../media/photo-failure.ts';
import { writeSidecar, type Words } from '../media/sidecar-file.ts';
import type { FileRow } from '../store/rows.ts';
import type { Store } from '../store/store.ts';
import type { Roots } from './roots.ts';

interface SidecarsOptions {
  readonly catalogue: Catalogue;
  readonly roots: Pick<Roots, 'openable' | 'pathOf' | 'isOffline'>;
  readonly store: Pick<Store, 'photosOf'>;
}

/**
 * Writes rating and keywords of photos to XMP files beside all their files, where other programs find them. The person's
 * own rating goes before that in the file; a photo of which nothing is said is passed over.
 */
export const writeSidecars = async (
  options: SidecarsOptions,
  ids: readonly string[],
): Promise<Output<'photos.writeSidecars'>> => {
  const { catalogue, store } = options;
  const folders = new Map<string, Set<string>>();
  const failures: Failure[] = [];
  let done = 0;
  for await (const { photoId, metadata } of store.photosOf(ids)) {
    const words = { rating: catalogue.marks.get(photoId)?.rating ?? metadata.rating, keywords: metadata.keywords };
    if (words.rating === null && words.keywords.length === 0) continue;
    for (const file of catalogue.filesOf(photoId)) {
      // The moving part of a live photo is described by its picture.
      if (file.groupId !== null && kindOf(file.relPath) === 'video') continue;
      try {
        await writeOne(options, folders, file, words);
        done++;
      } catch (error) {
        failures.push(failureOf(options, file, error));
      }
    }
  }
  return { done, failures };
};

/** @param folders names of what lies in folders, each read once */
const writeOne = async (
  { roots }: SidecarsOptions,
  folders: Map<string, Set<string>>,
  { rootId, relPath }: FileRow,
  words: Words,
): Promise<void> => {
  if (roots.isOffline({ rootId, relPath }))
    throw new PhotoFailure('unreadable', 'Its folder cannot be reached now. Connect the drive, then try again.');
  const path = roots.pathOf(rootId, relPath);
  if ((await roots.openable(rootId, relPath)) !== path)
    throw new PhotoFailure('not-a-file', 'A link leads to it. Nothing is written beside links.');
  const folder = dirname(path);
  const names = folders.get(folder) ?? new Set(await readdir(folder));
  folders.set(folder, names);
  const name = sidecarNameFor(basename(path), [...names]);
  await writeSidecar(join(folder, name), words);
  names.add(name);
};

const failureOf = ({ roots }: SidecarsOptions, { rootId, relPath }: FileRow, error: unknown): Failure => {
  const path = roots.pathOf(rootId, relPath);
  if (error instanceof PhotoFailure) return { path, kind: error.kind, message: error.message };
  const message = error instanceof Error ? error.message : String(error);
  return { path, kind: error instanceof AfterimageError ? 'vanished' : 'unreadable', message };
};
