import { randomBytes } from 'node:crypto';
import { lstat, realpath, stat } from 'node:fs/promises';
import { basename, dirname, relative, resolve, sep } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { AfterimageError, type Notice, type Root } from '../contract/index.ts';
import type { Catalogue } from '../library/catalogue.ts';
import { checkExclusions, compileExclusions, type IsExcluded } from '../library/exclusions.ts';
import { findMovedRoot, holdsAnyOf, someOf } from '../library/moved-root.ts';
import { isBelow, pathBelow, placeOf, type Place } from '../library/place.ts';
import { ancestorsOf } from '../library/walk.ts';
import type { RootRecord } from '../store/manifest.ts';
import type { ManifestFile } from '../store/manifest-file.ts';
import type { FileRow } from '../store/rows.ts';
import { markOf } from '../store/folder-mark.ts';
import type { Approval } from './approval.ts';
import { folderNotices, type RootFacts } from './folder-notices.ts';

const isInside = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`);

/** Files of a folder that is gone by which it is known again elsewhere. */
const SAMPLE = 40;

type RootChange = { readonly [K in 'paused' | 'excludes' | 'follow']?: RootRecord[K] | undefined };

/** The folders a library watches over. */
export class Roots {
  readonly #manifest: ManifestFile;
  readonly #approval: Pick<Approval, 'allowsFolder' | 'approveFolder' | 'forgetFolder'>;
  readonly #catalogue: Catalogue;
  /** The library's own directory: never scanned, wherever it lies. */
  readonly #library: string;
  readonly #facts = new Map<string, RootFacts>();
  /** By root, with what they were made of: the same rules are the same function. */
  readonly #rules = new Map<string, { readonly of: string; readonly isExcluded: IsExcluded }>();

  constructor(
    manifest: ManifestFile,
    approval: Pick<Approval, 'allowsFolder' | 'approveFolder' | 'forgetFolder'>,
    catalogue: Catalogue,
    library: string,
  ) {
    this.#manifest = manifest;
    this.#approval = approval;
    this.#catalogue = catalogue;
    this.#library = library;
  }

  /** The folders that the person has approved. Code that reads folders gets them from here only. */
  get records(): readonly RootRecord[] {
    return this.named.filter(({ id }) => !this.factsOf(id).waiting);
  }

  /** The folders that the person has yet to approve, or to approve again because another one lies there now. */
  get waiting(): readonly RootRecord[] {
    return this.named.filter(({ id }) => this.factsOf(id).waiting);
  }

  /** All folders that the library names, also those that must not be looked at: to list, to change and to remove them. */
  get named(): readonly RootRecord[] {
    return this.#manifest.value.roots;
  }

  /** One of all that the library names. @throws AfterimageError `not-found` */
  record(id: string): RootRecord {
    const record = this.named.find((root) => root.id === id);
    if (record === undefined) throw new AfterimageError('not-found', 'This folder is not part of the library.');
    return record;
  }

  /** Reads whether each folder is approved, and there right now. */
  async refresh(): Promise<void> {
    await this.verify();
    for (const root of this.records) {
      const stats = await stat(root.path).catch(() => null);
      this.factsOf(root.id).offline = stats?.isDirectory() !== true;
    }
  }

  /** Checks whether each folder is still the one that was approved. @returns whether that changed for one of them */
  async verify(): Promise<boolean> {
    let isNews = false;
    for (const { id, path } of this.named) {
      const facts = this.factsOf(id);
      const waiting = !(await this.#approval.allowsFolder(path));
      isNews ||= waiting !== facts.waiting;
      facts.waiting = waiting;
    }
    return isNews;
  }

  /**
   * Approves the folder that lies where the library names one. The person has agreed to what they were shown: no link is
   * followed to another place.
   *
   * @throws AfterimageError `not-found`; `unreadable` when the path is not that of the folder itself
   */
  async approve(id: string): Promise<Root> {
    const { path } = this.record(id);
    if ((await markOf(path)) === 'other')
      throw new AfterimageError(
        'unreadable',
        `${path} cannot be approved: it is no folder, or a link leads to it. Add the folder itself, or remove this one from the library.`,
      );
    await this.#approval.approveFolder(path);
    await this.refresh();
    return this.one(id);
  }

  factsOf(id: string): RootFacts {
    let facts = this.#facts.get(id);
    if (facts === undefined) {
      facts = {
        offline: false,
        // Until the approvals have been checked.
        waiting: true,
        unplugged: [],
        onlineOnly: 0,
        unreadVideos: 0,
        movedTo: null,
        follow: { watching: null, notice: null },
        failure: null,
      };
      this.#facts.set(id, facts);
    }
    return facts;
  }

  list(): Root[] {
    return this.named.map((root) => this.#describe(root, this.#catalogue.photosIn(root.id)));
  }

  /** What the person should know of the folders. */
  notices(): Notice[] {
    return folderNotices(this.named.map((root) => ({ root, facts: this.factsOf(root.id) })));
  }

  /**
   * Adds a folder; one that lies inside a known folder is that folder, and one that a known folder was moved to is that one.
   * A known folder that is not there now is offline. What the person names is approved by that.
   *
   * @throws AfterimageError `unreadable` when it is not there or no folder
   */
  async add(path: string, signal: AbortSignal): Promise<Root> {
    const away = this.named.find((root) => root.path === resolve(path));
    if (away !== undefined && (await lstat(away.path).catch(() => null)) === null) {
      await this.#approval.approveFolder(away.path);
      Object.assign(this.factsOf(away.id), { offline: true, waiting: false });
      return this.one(away.id);
    }
    const found = await this.#look(path);
    const named = this.named.find((root) => root.path === found.path);
    if (named !== undefined && !(await this.#approval.allowsFolder(found.path))) return this.approve(named.id);
    const same = this.records.find((root) => root.inode === found.inode && root.device === found.device);
    const hasLeft =
      same !== undefined && same.path !== found.path && (await lstat(same.path).catch(() => null)) === null;
    // Drives give their folders the same numbers, one after the other.
    if (hasLeft && (await this.#holdsAny(same, found.path, signal))) return this.relink(same.id, path, signal);
    const known = this.records.find((root) => isInside(found.path, root.path)) ?? (hasLeft ? undefined : same);
    if (known !== undefined) return this.one(known.id);
    const id = randomBytes(6).toString('hex');
    const record: RootRecord = { id, ...found, volumes: [], paused: false, excludes: [], follow: 'watch' };
    await this.#approval.approveFolder(found.path);
    this.factsOf(id).waiting = false;
    await this.#manifest.update(({ roots }) => ({ roots: [...roots, record] }));
    return this.#describe(record, 0);
  }

  /** @throws AfterimageError `not-found`, `invalid-request` when a rule cannot be read */
  async change(id: string, { paused, excludes, follow }: RootChange): Promise<Root> {
    checkExclusions(excludes ?? []);
    const before = this.record(id);
    await this.#put({
      ...before,
      paused: paused ?? before.paused,
      excludes: excludes ?? before.excludes,
      follow: follow ?? before.follow,
    });
    return this.one(id);
  }

  /**
   * Takes a folder to be at another place. One with nothing of what is known of it is another one: all of it would be gone.
   *
   * @throws AfterimageError `not-found`, `unreadable`, `invalid-request` when it is another folder
   */
  async relink(id: string, path: string, signal: AbortSignal): Promise<Root> {
    const before = this.record(id);
    const found = await this.#look(path);
    this.#needFree(found.path, id);
    if (!(await this.#holdsAny(before, found.path, signal))) {
      const photos = new Set(this.#filesOf(id).map(({ photoId }) => photoId)).size;
      const none = photos === 1 ? 'its photo is not' : `none of its ${photos.toLocaleString('en')} photos is`;
      throw new AfterimageError(
        'invalid-request',
        `${path} is not the folder that was ${before.path}: ${none} there. Choose the folder that holds them, or add this one as a new folder.`,
      );
    }
    await this.#approval.approveFolder(found.path);
    await this.#put({ ...this.record(id), ...found });
    if (before.path !== found.path) await this.#approval.forgetFolder(before.path);
    Object.assign(this.factsOf(id), { offline: false, waiting: false, movedTo: null });
    return this.one(id);
  }

  /** Looks for a folder that is gone where it may have been moved to. @returns whether anything new was found out */
  async search(id: string, signal: AbortSignal): Promise<boolean> {
    const facts = this.factsOf(id);
    const sample = someOf(this.#filesOf(id), SAMPLE);
    const root = this.record(id);
    if (facts.waiting) return false;
    const isAway = facts.offline || (await lstat(root.path).catch(() => null)) === null;
    const found = isAway ? await findMovedRoot(root, sample, signal) : null;
    const isTaken = found !== null && this.records.some((other) => isInside(found, other.path));
    const movedTo = isTaken ? null : found;
    const isNews = movedTo !== facts.movedTo;
    facts.movedTo = movedTo;
    return isNews;
  }

  /**
   * Remembers which folder it is, as numbers of devices change with a restart, and which volumes are in it.
   *
   * @param place as it was when the folder was read; another one may be there by now
   */
  async confirm(id: string, { device, inode }: Place, volumes: readonly string[]): Promise<void> {
    const before = this.record(id);
    const after: RootRecord = { ...before, device, inode, volumes: [...volumes].sort() };
    if (!isDeepStrictEqual(after, before)) await this.#put(after);
  }

  async remove(id: string): Promise<void> {
    const { path } = this.record(id);
    await this.#manifest.update(({ roots }) => ({ roots: roots.filter((root) => root.id !== id) }));
    this.#facts.delete(id);
    this.#rules.delete(id);
    await this.#approval.forgetFolder(path);
  }

  /** What a scan of a folder passes over: excluded files and folders, the library, and folders that are in the library by themselves. */
  isExcluded(root: RootRecord): IsExcluded {
    const { excludes } = this.#manifest.value.settings;
    const others = [this.#library, ...this.named.flatMap(({ id, path }) => (id === root.id ? [] : path))];
    const inside = new Set(
      others.flatMap((path) => (isInside(path, root.path) ? slashed(relative(root.path, path)) : [])),
    );
    const of = JSON.stringify([excludes, root.excludes, [...inside]]);
    const known = this.#rules.get(root.id);
    if (known?.of === of) return known.isExcluded;
    const isLeftOut = compileExclusions([...excludes, ...root.excludes]);
    const isExcluded: IsExcluded = (relPath, isFolder) =>
      (inside.size > 0 && ancestorsOf(relPath).some((path) => inside.has(path))) || isLeftOut(relPath, isFolder);
    this.#rules.set(root.id, { of, isExcluded });
    return isExcluded;
  }

  /**
   * A file of the library as a path that may be opened: it must lie inside its root, links resolved.
   *
   * @throws AfterimageError `unreadable` when the file is gone, its drive is not there or its folder not approved
   */
  async openable(rootId: string, relPath: string): Promise<string> {
    const root = this.records.find((record) => record.id === rootId);
    const place = root === undefined ? null : pathBelow(root.path, relPath);
    const path = place === null ? null : await realpath(place).catch(() => null);
    if (root === undefined || path === null || !isInside(dirname(path), root.path)) {
      throw new AfterimageError(
        'unreadable',
        `${this.pathOf(rootId, relPath)} cannot be opened: it was moved or deleted, its drive is not connected, or its folder waits for your approval.`,
      );
    }
    return path;
  }

  /** A file's path for display; empty for a row whose path leads out of its folder. */
  pathOf(rootId: string, relPath: string): string {
    const root = this.named.find((record) => record.id === rootId);
    return root === undefined ? relPath : (pathBelow(root.path, relPath) ?? '');
  }

  /** The folder of a file from its root's own name on, in slashes: `/Pictures/2019/Rome/`. */
  folderOf({ rootId, relPath }: FileRow): string {
    const root = this.named.find((record) => record.id === rootId);
    return `/${basename(root?.path ?? '')}/${relPath.slice(0, relPath.lastIndexOf('/') + 1)}`;
  }

  /** Whether a file is on a drive that is not connected, or in a folder that is not approved. */
  isOffline(file: Pick<FileRow, 'rootId' | 'relPath'>): boolean {
    const { offline, waiting, unplugged } = this.factsOf(file.rootId);
    return offline || waiting || unplugged.some((folder) => isBelow(file, folder));
  }

  /** One folder as the person sees it. @throws AfterimageError `not-found` */
  one(id: string): Root {
    this.record(id);
    const root = this.list().find((each) => each.id === id);
    if (root === undefined) throw new TypeError('A folder that is known is not listed.');
    return root;
  }

  /** The folder at a path, links resolved. @throws AfterimageError `unreadable` */
  async #look(path: string): Promise<Pick<RootRecord, 'path' | 'device' | 'inode'>> {
    const real = await realpath(resolve(path)).catch((error: unknown) => {
      throw new AfterimageError(
        'unreadable',
        `The folder ${path} is not there, or cannot be read. Check the path and its permissions.`,
        { cause: error },
      );
    });
    const place = await placeOf(real);
    if (place === null)
      throw new AfterimageError('unreadable', `${path} is not a folder. Give the folder that the photos are in.`);
    if (isInside(real, this.#library))
      throw new AfterimageError(
        'unreadable',
        `${path} is the library's own folder. Choose the folder that your photos are in.`,
      );
    return { path: real, ...place };
  }

  /** @throws AfterimageError `unreadable` when a place belongs to another folder of the library */
  #needFree(path: string, id: string): void {
    const other = this.records.find((root) => root.id !== id && isInside(path, root.path));
    if (other !== undefined)
      throw new AfterimageError(
        'unreadable',
        `${path} belongs to ${other.path}, which is in the library already. Remove that folder first, or choose another.`,
      );
  }

  /** What is known to show photos in a folder. */
  #filesOf(id: string): FileRow[] {
    return [...this.#catalogue.files.values()].filter((file) => file.rootId === id && file.failure === null);
  }

  /**
   * Whether a place holds anything that a folder has or lately had, or there is nothing to lose.
   *
   * @throws AfterimageError `unreadable`
   */
  async #holdsAny(root: RootRecord, path: string, signal: AbortSignal): Promise<boolean> {
    const files = this.#filesOf(root.id);
    const gone = [...this.#catalogue.gone.values()].filter(({ rootId }) => rootId === root.id);
    const isExcluded = this.isExcluded({ ...root, path });
    try {
      return files.length === 0 || (await holdsAnyOf(path, [...files, ...gone], isExcluded, signal));
    } catch (error) {
      signal.throwIfAborted();
      throw new AfterimageError('unreadable', `The folder ${path} cannot be read. Check its permissions.`, {
        cause: error,
      });
    }
  }

  #put(record: RootRecord): Promise<void> {
    return this.#manifest.update(({ roots }) => ({
      roots: roots.map((root) => (root.id === record.id ? record : root)),
    }));
  }

  #describe({ id, path, paused, excludes, follow }: RootRecord, photos: number): Root {
    const { offline, waiting, onlineOnly, movedTo, follow: state } = this.factsOf(id);
    return {
      id,
      path,
      state: waiting ? 'waiting' : offline ? 'offline' : 'ready',
      photos,
      paused,
      excludes: [...excludes],
      follow,
      watching: state.watching,
      onlineOnly,
      movedTo,
    };
  }
}

const slashed = (path: string): string => (sep === '/' ? path : path.replaceAll(sep, '/'));
