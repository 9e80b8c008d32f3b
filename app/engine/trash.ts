import { lstat } from 'node:fs/promises';
import { AfterimageError, type Failure, type Output } from '../contract/index.ts';
import type { Catalogue } from '../library/catalogue.ts';
import { PhotoFailure } from '../media/photo-failure.ts';
import { isThere } from '../store/json-file.ts';
import type { FileRow } from '../store/rows.ts';
import type { Roots } from './roots.ts';

interface TrashOptions {
  readonly catalogue: Catalogue;
  readonly roots: Pick<Roots, 'openable' | 'pathOf' | 'isOffline'>;
  readonly forget: (files: readonly FileRow[]) => Promise<void>;
}

/** Moves files of the library to the system's trash. Nothing is ever deleted here: where there is no trash, the file stays. */
export class Trash {
  readonly #options: TrashOptions;

  constructor(options: TrashOptions) {
    this.#options = options;
  }

  /** Each file goes with those that belong to it: a photo with its raw file, a live photo with its moving part. */
  async move(fileIds: readonly string[]): Promise<Output<'photos.trash'>> {
    const { catalogue, forget } = this.#options;
    const failures: Failure[] = [];
    const wanted: FileRow[] = [];
    for (const fileId of new Set(fileIds)) {
      const file = catalogue.files.get(fileId);
      if (file !== undefined) wanted.push(file);
      else failures.push({ path: fileId, kind: 'vanished', message: 'This file is no longer in the library.' });
    }
    const moved: FileRow[] = [];
    for (const file of withCompanions(wanted, catalogue)) {
      try {
        await this.#moveOne(file);
        moved.push(file);
      } catch (error) {
        failures.push(this.#failure(file, error));
      }
    }
    await forget(moved);
    return { done: moved.length, failures };
  }

  async #moveOne({ rootId, relPath, size, mtime }: FileRow): Promise<void> {
    const { roots } = this.#options;
    if (roots.isOffline(rootId))
      throw new PhotoFailure('unreadable', 'Its folder cannot be reached now. Connect the drive, then try again.');
    const path = roots.pathOf(rootId, relPath);
    if ((await roots.openable(rootId, relPath)) !== path)
      throw new PhotoFailure('not-a-file', 'A link leads to it. Move it to the trash where it really lies.');
    const found = await lstat(path);
    if (!found.isFile()) throw new PhotoFailure('not-a-file', 'This is no file any more.');
    if (found.size !== size || Math.abs(found.mtimeMs - mtime) > CLOCK_MS)
      throw new PhotoFailure(
        'unreadable',
        'It has changed since Afterimage last looked at it. Look for new photos, then decide again.',
      );
    // Loaded when needed: it brings a search for files that nothing here uses.
    const { default: trash } = await import('trash');
    // Names of photos may hold the signs of a pattern.
    await trash(path, { glob: false });
    if (await isThere(path)) throw new PhotoFailure('unreadable', 'The system’s trash did not take it.');
  }

  #failure({ rootId, relPath }: FileRow, error: unknown): Failure {
    const path = this.#options.roots.pathOf(rootId, relPath);
    if (error instanceof PhotoFailure) return { path, kind: error.kind, message: error.message };
    if (error instanceof AfterimageError) return { path, kind: 'vanished', message: error.message };
    const message = error instanceof Error ? error.message : String(error);
    return {
      path,
      kind: 'unreadable',
      message: `It could not be moved to the trash (${message.split('\n')[0] ?? ''}). It stays where it is.`,
    };
  }
}

/** File systems that know times to two seconds only give other ones after they were connected anew. */
const CLOCK_MS = 2000;

const withCompanions = (files: readonly FileRow[], catalogue: Catalogue): Iterable<FileRow> => {
  const leads = new Set(files.map(({ fileId }) => fileId));
  const companions = [...catalogue.files.values()].filter(({ groupId }) => groupId !== null && leads.has(groupId));
  return new Set([...files, ...companions]);
};
