import { sep } from 'node:path';
import type { Failure, FailureKind, IndexReport } from '../contract/index.ts';
import type { Catalogue } from '../library/catalogue.ts';
import type { FileRow } from '../store/rows.ts';
import type { ProgressMeter } from './progress.ts';

/** Counts what a run found and did. */
export class Tally {
  indexed = 0;
  unchanged = 0;
  moved = 0;
  copied = 0;
  metadataOnly = 0;
  removed = 0;
  offline = 0;
  onlineOnly = 0;
  unreadVideos = 0;
  /** Paths of files that did not stop growing. */
  readonly growing = new Set<string>();
  readonly offlineFolders = new Set<string>();
  readonly waitingFolders = new Set<string>();
  /** By path: a run that is asked for more meanwhile meets the same file again. */
  readonly #failures = new Map<string, Failure>();
  readonly #incomplete = new Map<string, Failure>();
  readonly #scanned = new Set<string>();
  readonly #meter: ProgressMeter;
  /** Files that went away in this run, by the photo they showed: one that turns up elsewhere has moved. */
  readonly #left = new Map<string, FileRow[]>();

  constructor(meter: ProgressMeter) {
    this.#meter = meter;
  }

  fail(path: string, kind: FailureKind, message: string): void {
    this.#failures.set(path, { path, kind, message });
    this.#meter.failed = this.#failures.size;
  }

  /** The file is indexed, but for a part of what describes it. */
  leaveOut(path: string, message: string): void {
    this.#incomplete.set(path, { path, kind: 'left-out', message });
  }

  /** What vanished together with the drive that a folder is on has not failed. */
  forgiveVanished(folder: string): void {
    for (const { path, kind } of this.#failures.values())
      if (kind === 'vanished' && path.startsWith(`${folder}${sep}`)) this.#failures.delete(path);
    this.#meter.failed = this.#failures.size;
  }

  /** Counts what a look at a folder found as it was. Of several looks in one run the first tells that. */
  scanned(
    rootId: string,
    { unchanged, onlineOnly, unreadVideos }: Pick<IndexReport, 'unchanged' | 'onlineOnly' | 'unreadVideos'>,
  ): void {
    if (this.#scanned.has(rootId)) return;
    this.#scanned.add(rootId);
    this.unchanged += unchanged;
    this.onlineOnly += onlineOnly;
    this.unreadVideos += unreadVideos;
  }

  /** A folder cannot be reached now; the photos in it stay, and are counted once. */
  away(path: string, catalogue: Pick<Catalogue, 'files'>, isIn: (file: FileRow) => boolean): void {
    this.#leaveAlone(this.offlineFolders, path, catalogue, isIn);
  }

  /** A folder waits for the person's approval; the photos in it stay, and count as offline. */
  wait(path: string, catalogue: Pick<Catalogue, 'files'>, isIn: (file: FileRow) => boolean): void {
    this.#leaveAlone(this.waitingFolders, path, catalogue, isIn);
  }

  #leaveAlone(
    folders: Set<string>,
    path: string,
    { files }: Pick<Catalogue, 'files'>,
    isIn: (file: FileRow) => boolean,
  ): void {
    if (folders.has(path)) return;
    folders.add(path);
    const photos = new Set<string>();
    for (const file of files.values()) if (file.photoId !== null && isIn(file)) photos.add(file.photoId);
    this.offline += photos.size;
  }

  /** @param rows what is remembered of files that are gone */
  leave(rows: readonly FileRow[]): void {
    for (const row of rows) {
      if (row.photoId === null) continue;
      const left = this.#left.get(row.photoId) ?? [];
      this.#left.set(row.photoId, left);
      left.push(row);
    }
  }

  /**
   * A file turned out to show a known photo.
   *
   * @param before the photo that its path showed before
   * @returns what was remembered of the file in the place that it came from, if it came from one
   */
  arrive(photoId: string, before: string | null): FileRow | null {
    if (before === photoId) {
      this.unchanged += 1;
      return null;
    }
    const source = this.#left.get(photoId)?.pop() ?? null;
    if (source === null) {
      this.copied += 1;
      return null;
    }
    this.moved += 1;
    this.removed -= 1;
    return source;
  }

  report(seconds: number, cancelled: boolean): IndexReport {
    const { indexed, unchanged, moved, copied, metadataOnly, removed, offline, onlineOnly, unreadVideos } = this;
    return {
      indexed,
      unchanged,
      moved,
      copied,
      metadataOnly,
      removed,
      offline,
      failed: this.#failures.size,
      failures: [...this.#failures.values(), ...this.#incomplete.values()],
      offlineFolders: [...this.offlineFolders],
      waitingFolders: [...this.waitingFolders],
      onlineOnly,
      unreadVideos,
      postponed: this.growing.size,
      seconds,
      photosPerSecond: seconds > 0 ? indexed / seconds : 0,
      cancelled,
    };
  }
}
