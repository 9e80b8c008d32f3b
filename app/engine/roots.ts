import { randomBytes } from 'node:crypto';
import { lstat, realpath, stat } from 'node:fs/promises';
import { basename, dirname, resolve, sep } from 'node:path';
import { AfterimageError, type Root } from '../contract/index.ts';
import type { Catalogue } from '../library/catalogue.ts';
import type { RootRecord } from '../store/manifest.ts';
import type { ManifestFile } from '../store/manifest-file.ts';
import type { FileRow } from '../store/rows.ts';

const isInside = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`);

/** The folders a library watches over. */
export class Roots {
  readonly #manifest: ManifestFile;
  readonly #catalogue: Catalogue;
  /** The library's own directory: never scanned, wherever it lies. */
  readonly #library: string;
  readonly #offline = new Set<string>();

  constructor(manifest: ManifestFile, catalogue: Catalogue, library: string) {
    this.#manifest = manifest;
    this.#catalogue = catalogue;
    this.#library = library;
  }

  get records(): readonly RootRecord[] {
    return this.#manifest.value.roots;
  }

  /** Reads whether each folder is there right now. */
  async refresh(): Promise<void> {
    for (const root of this.records)
      this.setOffline(
        root.id,
        !(await stat(root.path).then(
          (stats) => stats.isDirectory(),
          () => false,
        )),
      );
  }

  setOffline(id: string, offline: boolean): void {
    if (offline) this.#offline.add(id);
    else this.#offline.delete(id);
  }

  list(): Root[] {
    const photos = new Map<string, Set<string>>(this.records.map((root) => [root.id, new Set()]));
    for (const file of this.#catalogue.files.values())
      if (file.photoId !== null) photos.get(file.rootId)?.add(file.photoId);
    return this.records.map((root) => this.#describe(root, photos.get(root.id)?.size ?? 0));
  }

  /**
   * Adds a folder; one that lies inside a known folder is that folder.
   *
   * @throws AfterimageError `unreadable` when it is not there or no folder
   */
  async add(path: string): Promise<Root> {
    const real = await realpath(resolve(path)).catch((error: unknown) => {
      throw new AfterimageError(
        'unreadable',
        `The folder ${path} is not there, or cannot be read. Check the path and its permissions.`,
        { cause: error },
      );
    });
    const stats = await lstat(real, { bigint: true });
    if (!stats.isDirectory())
      throw new AfterimageError('unreadable', `${path} is not a folder. Give the folder that the photos are in.`);
    if (isInside(real, this.#library))
      throw new AfterimageError(
        'unreadable',
        `${path} is the library's own folder. Choose the folder that your photos are in.`,
      );
    const known = this.records.find((root) => isInside(real, root.path));
    if (known !== undefined) return this.#describe(known, 0);
    const record: RootRecord = { id: randomBytes(6).toString('hex'), path: real, device: String(stats.dev) };
    await this.#manifest.update(({ roots }) => ({ roots: [...roots, record] }));
    return this.#describe(record, 0);
  }

  async remove(id: string): Promise<void> {
    if (!this.records.some((root) => root.id === id))
      throw new AfterimageError('not-found', 'This folder is not part of the library.');
    this.#offline.delete(id);
    await this.#manifest.update(({ roots }) => ({ roots: roots.filter((root) => root.id !== id) }));
  }

  /** Folders inside a root that a scan of it passes over: the library, and roots of their own. */
  skippedFolders(root: RootRecord): ReadonlySet<string> {
    return new Set([this.#library, ...this.records.filter((other) => other.id !== root.id).map((other) => other.path)]);
  }

  /**
   * A file of the library as a path that may be opened: it must lie inside its root, links resolved.
   *
   * @throws AfterimageError `unreadable` when the file is gone or its drive is not there
   */
  async openable(rootId: string, relPath: string): Promise<string> {
    const root = this.records.find((record) => record.id === rootId);
    const path = root === undefined ? null : await realpath(resolve(root.path, relPath)).catch(() => null);
    if (root === undefined || path === null || !isInside(dirname(path), root.path)) {
      throw new AfterimageError(
        'unreadable',
        `${this.pathOf(rootId, relPath)} cannot be opened: it was moved or deleted, or its drive is not connected.`,
      );
    }
    return path;
  }

  pathOf(rootId: string, relPath: string): string {
    const root = this.records.find((record) => record.id === rootId);
    return root === undefined ? relPath : resolve(root.path, relPath);
  }

  /** The folder of a file from its root's own name on, in slashes: `/Pictures/2019/Rome/`. */
  folderOf({ rootId, relPath }: FileRow): string {
    const root = this.records.find((record) => record.id === rootId);
    return `/${basename(root?.path ?? '')}/${relPath.slice(0, relPath.lastIndexOf('/') + 1)}`;
  }

  isOffline(id: string): boolean {
    return this.#offline.has(id);
  }

  #describe(root: RootRecord, photos: number): Root {
    return { id: root.id, path: root.path, state: this.#offline.has(root.id) ? 'offline' : 'ready', photos };
  }
}
