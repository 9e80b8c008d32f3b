import { lstat, readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AfterimageError, type Failure, type Output } from '../contract/index.ts';
import type { Catalogue } from '../library/catalogue.ts';
import { isOnlineOnly } from '../library/placeholders.ts';
import { sidecarsIn } from '../library/sidecars.ts';
import { readTakeout } from '../media/metadata/takeout.ts';
import { PhotoFailure } from '../media/photo-failure.ts';
import { readSidecars } from '../media/read-sidecars.ts';
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

  /**
   * Each file goes with those that belong to it: a photo with its raw file, a live photo with its moving part, and with what
   * describes nothing else in the folder. A file of the same name that comes later is not described by what is gone.
   */
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
        failures.push(failureOf(this.#options.roots.pathOf(file.rootId, file.relPath), error));
      }
    }
    await forget(moved);
    const paths = moved.map(({ rootId, relPath }) => this.#options.roots.pathOf(rootId, relPath));
    for (const path of await describingOnly(paths)) {
      try {
        await toTrash(path);
      } catch (error) {
        failures.push(failureOf(path, error));
      }
    }
    return { done: moved.length, failures };
  }

  async #moveOne({ rootId, relPath, size, mtime }: FileRow): Promise<void> {
    const { roots } = this.#options;
    if (roots.isOffline({ rootId, relPath }))
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
    await toTrash(path);
  }
}

/** @throws PhotoFailure when it is still there afterwards */
const toTrash = async (path: string): Promise<void> => {
  // Loaded when needed: it brings a search for files that nothing here uses.
  const { default: trash } = await import('trash');
  // Names of photos may hold the signs of a pattern.
  await trash(path, { glob: false });
  if (await isThere(path)) throw new PhotoFailure('unreadable', 'The system’s trash did not take it.');
};

const failureOf = (path: string, error: unknown): Failure => {
  if (error instanceof PhotoFailure) return { path, kind: error.kind, message: error.message };
  if (error instanceof AfterimageError) return { path, kind: 'vanished', message: error.message };
  const message = error instanceof Error ? error.message : String(error);
  return {
    path,
    kind: 'unreadable',
    message: `It could not be moved to the trash (${message.split('\n')[0] ?? ''}). It stays where it is.`,
  };
};

/**
 * Whether a JSON file beside a photo is Google’s, which always gives the time of the photo: other programs keep data of their
 * own under such names. One that only a cloud service has is not fetched to find out.
 */
const isTakeout = async (path: string): Promise<boolean> => {
  const stats = await lstat(path).catch(() => null);
  if (stats === null || isOnlineOnly(basename(path), stats, process.platform)) return false;
  const [sidecar] = await readSidecars([path]);
  return (readTakeout(sidecar?.text ?? '').moment ?? null) !== null;
};

/** @returns the sidecars of these files, which are gone, that describe no file that is still there */
const describingOnly = async (gone: readonly string[]): Promise<string[]> => {
  const folders = new Map<string, string[]>();
  for (const path of gone) folders.set(dirname(path), [...(folders.get(dirname(path)) ?? []), basename(path)]);
  const found: string[] = [];
  for (const [folder, names] of folders) {
    // A folder that has become unreadable by now keeps what is in it.
    const there = await readdir(folder).catch(() => []);
    const described = sidecarsIn([...there, ...names]);
    const sidecars = new Set(names.flatMap((name) => described.get(name) ?? []));
    for (const name of there) for (const sidecar of described.get(name) ?? []) sidecars.delete(sidecar);
    for (const sidecar of sidecars) {
      const path = join(folder, sidecar);
      if (!/\.json$/iu.test(sidecar) || (await isTakeout(path))) found.push(path);
    }
  }
  return found;
};

/** File systems that know times to two seconds only give other ones after they were connected anew. */
const CLOCK_MS = 2000;

const withCompanions = (files: readonly FileRow[], catalogue: Catalogue): Iterable<FileRow> => {
  const leads = new Set(files.map(({ fileId }) => fileId));
  const companions = [...catalogue.files.values()].filter(({ groupId }) => groupId !== null && leads.has(groupId));
  return new Set([...files, ...companions]);
};
