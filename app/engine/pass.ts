import { join } from 'node:path';
import { AfterimageError } from '../contract/index.ts';
import type { ImageJob, ImageOutcome } from '../embed/image-workers.ts';
import type { Catalogue } from '../library/catalogue.ts';
import { groundOf } from '../library/ground.ts';
import { failedRowOf, goneRow, recognise, rowOf, type Recognition } from '../library/recognise.ts';
import { deviceOf, isBelow, pathBelow, type Place } from '../library/place.ts';
import { isSame, OFFLINE, scanRoot, type PendingFile, type ScanResult } from '../library/scan.ts';
import type { IsExcluded } from '../library/exclusions.ts';
import type { WalkStart } from '../library/walk.ts';
import type { RootRecord } from '../store/manifest.ts';
import type { FileRow, PhotoRow } from '../store/rows.ts';
import type { Commit } from '../store/store.ts';
import type { PauseGate } from '../base/pause-gate.ts';
import { jobsOf } from './jobs.ts';
import type { ProgressMeter } from './progress.ts';
import { inOrder, unseenOf } from './queue.ts';
import type { Tally } from './tally.ts';
import { Writer } from './writer.ts';

export interface ScanFacts {
  readonly offline: boolean;
  /** The folder that was read; null when none was. */
  readonly place: Place | null;
  /** See `ScanResult`. */
  readonly volumes: readonly string[];
  readonly unplugged: readonly string[];
  readonly onlineOnly: number;
  readonly unreadVideos: number;
  readonly seconds: number;
}

/** From so many photos on it is worth finding out first how a model runs best. */
export const MANY = 256;

/** What a pass needs of the engine. */
export interface PassHost {
  readonly catalogue: Catalogue;
  /** Folders that may be looked at. */
  roots(): readonly RootRecord[];
  isExcluded(root: RootRecord): IsExcluded;
  canReadVideos(): Promise<boolean>;
  hasVector(photoId: string): boolean;
  /** Called before many photos are embedded; it may take a while. */
  prepare(signal: AbortSignal): Promise<void>;
  /** How often a photo was looked at. */
  viewsOf(photoId: string): number;
  embed(jobs: AsyncIterable<ImageJob>, signal: AbortSignal): AsyncIterable<ImageOutcome>;
  /** Writes to the store, then to memory. */
  commit(commit: Commit): Promise<void>;
  /** Forgets rows by their keys, in the store and in memory. */
  removeFiles(fileIds: readonly string[]): Promise<void>;
  photo(photoId: string): Promise<PhotoRow | null>;
  /** What a look at a folder as a whole has found of it. */
  setScanned(rootId: string, found: ScanFacts): Promise<void>;
  onProgress(): void;
}

/** One look at folders: finds what is new, tells what merely moved, then decodes and embeds the rest, writing as it goes. */
export class Pass {
  readonly #host: PassHost;
  readonly #meter: ProgressMeter;
  readonly #gate: PauseGate;
  readonly #tally: Tally;
  readonly #signal: AbortSignal;
  /** Photos without a file that one was found for. */
  readonly #taken = new Set<string>();
  /** Photos that are remembered of files that are gone; made when first asked for. */
  #buried: ReadonlySet<string> | null = null;

  constructor(host: PassHost, meter: ProgressMeter, gate: PauseGate, tally: Tally, signal: AbortSignal) {
    this.#host = host;
    this.#meter = meter;
    this.#gate = gate;
    this.#tally = tally;
    this.#signal = signal;
  }

  /** @param wanted parts of folders by their ids; all of a folder where there are none */
  async run(wanted: ReadonlyMap<string, readonly WalkStart[] | undefined>): Promise<void> {
    const { catalogue } = this.#host;
    catalogue.startRun();
    const roots = this.#host.roots().filter(({ id }) => wanted.has(id));
    const devices = new Map<string, string | null>();
    for (const { path } of roots) devices.set(path, await deviceOf(path));
    const canReadVideos = await this.#host.canReadVideos();
    const scans: (readonly [RootRecord, ScanResult])[] = [];
    for (const root of roots) {
      await this.#gate.passed();
      const starts = wanted.get(root.id);
      if (starts === undefined) this.#meter.phase = 'scanning';
      const began = performance.now();
      const scan = await this.#scan(root, starts, canReadVideos);
      if (scan === null) return;
      await this.#account(root, scan, starts === undefined, (performance.now() - began) / 1000);
      if (!scan.offline) scans.push([root, scan]);
    }
    const { moved, copied, pending, gone } = await this.#recognise(scans);
    const isWhole = [...wanted.values()].includes(undefined);
    const known = isWhole ? this.#host.catalogue.files.values() : [...moved, ...copied];
    const lacking = unseenOf(known, {
      pending,
      unreachable: new Map(scans.map(([{ id }, scan]) => [id, scan.unreachable])),
      hasVector: (photoId) => this.#host.hasVector(photoId),
    });
    const companions = scans.flatMap(([, scan]) => scan.companions);
    await this.#index([...pending, ...lacking], gone);
    const orphans = await this.#attach(companions);
    await this.#index(orphans, []);
    await this.#noticePulled(
      scans.map(([root]) => root),
      devices,
    );
  }

  async #scan(
    root: RootRecord,
    starts: readonly WalkStart[] | undefined,
    canReadVideos: boolean,
  ): Promise<ScanResult | null> {
    const onFound = (files: number, folder: string): void => {
      this.#meter.found += files;
      this.#meter.current = join(root.path, folder);
      this.#host.onProgress();
    };
    const options = { isExcluded: this.#host.isExcluded(root), canReadVideos, starts, onFound, signal: this.#signal };
    try {
      return await scanRoot(root, this.#host.catalogue, options);
    } catch (error) {
      if (this.#signal.aborted) return null;
      throw error;
    }
  }

  async #account(root: RootRecord, scan: ScanResult, isWhole: boolean, seconds: number): Promise<void> {
    const tally = this.#tally;
    if (scan.offline || isWhole) await this.#host.setScanned(root.id, { ...scan, seconds });
    const away = (path: string, folder = ''): void =>
      tally.away(path, this.#host.catalogue, (file) => file.rootId === root.id && isBelow(file, folder));
    if (scan.offline) {
      away(root.path);
      return;
    }
    for (const folder of scan.unplugged) away(join(root.path, folder), folder);
    tally.scanned(root.id, scan);
    for (const folder of scan.unreadable)
      tally.fail(
        join(root.path, folder.relPath),
        'unreadable',
        `This folder cannot be read (${folder.message}). Check its permissions; photos known from it stay.`,
      );
    for (const file of scan.stillFailed)
      tally.fail(join(root.path, file.relPath), file.failure?.kind ?? 'unreadable', file.failure?.message ?? '');
    for (const { relPath, problem } of scan.problems)
      if (problem !== null) tally.fail(join(root.path, relPath), problem.kind, problem.message);
  }

  /** Tells moves from news, and writes them down: new rows first, so that a crash between leaves no photo without one. */
  async #recognise(scans: readonly (readonly [RootRecord, ScanResult])[]): Promise<Recognition> {
    const { catalogue } = this.#host;
    const arrivals = scans.flatMap(([, scan]) => scan.pending);
    // Of a file that could not even be looked at nothing new is known: the photo that it was stays.
    const problems = scans
      .flatMap(([, scan]) => scan.problems)
      .filter(({ inode, before }) => inode !== '' || (before?.photoId ?? null) === null);
    const replaced = problems.flatMap(({ before }) => before ?? []).filter(({ photoId }) => photoId !== null);
    const removed = [...scans.flatMap(([, scan]) => scan.removed), ...replaced];
    const recognition = await recognise(arrivals, removed, catalogue, await groundOf(this.#host.roots()));
    const { moved, copied, gone, stale } = recognition;
    const tally = this.#tally;
    tally.moved += moved.length;
    tally.copied += copied.length;
    tally.removed += gone.length;
    tally.leave(gone);
    const files = [...moved, ...copied, ...gone];
    if (files.length > 0) await this.#host.commit({ vectors: [], photos: [], files });
    await this.#host.removeFiles(stale);
    const failed = problems.flatMap((file) =>
      file.problem === null ? [] : failedRowOf(file, file.problem.kind, file.problem.message),
    );
    if (failed.length > 0) await this.#host.commit({ vectors: [], photos: [], files: failed });
    return recognition;
  }

  /** Gives companions the photo of the file that they belong to. @returns those whose file shows none */
  async #attach(companions: readonly PendingFile[]): Promise<PendingFile[]> {
    const files: FileRow[] = [];
    const orphans: PendingFile[] = [];
    for (const file of companions) {
      const { before } = file;
      const photoId = this.#host.catalogue.files.get(file.groupId ?? '')?.photoId ?? null;
      if (photoId !== null) {
        files.push(rowOf(file, { contentHash: null, photoId, seenAt: before?.seenAt ?? Date.now() }));
        // What it showed by itself may be wanted again, with all that was said of it.
        const alone = before === null || before.photoId === photoId ? null : goneRow(before, Date.now());
        if (alone !== null) files.push(alone);
      } else if (before?.groupId !== null || !isSame(before, file) || before.sidecars !== file.sidecars)
        orphans.push({ ...file, groupId: null });
    }
    if (files.length > 0) await this.#host.commit({ vectors: [], photos: [], files });
    return orphans;
  }

  #pathOf({ rootId, relPath }: Pick<FileRow, 'rootId' | 'relPath'>): string {
    const root = this.#host.roots().find(({ id }) => id === rootId);
    return root === undefined ? relPath : (pathBelow(root.path, relPath) ?? '');
  }

  /** @param gone what is remembered of files that are gone: one of them may be what turns up */
  async #index(files: readonly PendingFile[], gone: readonly FileRow[]): Promise<void> {
    if (files.length === 0) return;
    this.#meter.phase = 'indexing';
    this.#meter.total += files.length;
    this.#host.onProgress();
    if (files.length >= MANY) {
      this.#meter.current = 'Finding out how the model runs fastest on this computer';
      this.#host.onProgress();
      await this.#host.prepare(this.#signal).catch((error: unknown) => {
        if (!this.#signal.aborted) throw error;
      });
      if (this.#signal.aborted) return;
    }
    const { catalogue } = this.#host;
    const ordered = inOrder(files, {
      viewsOf: (photoId) => this.#host.viewsOf(photoId),
      takenAtOf: (photoId) => catalogue.photos.get(photoId)?.takenAt,
    });
    const pending = new Map(ordered.map((file) => [file.fileId, file]));
    const remembered = new Set(gone.map(({ fileId }) => fileId));
    const found: string[] = [];
    const jobs = jobsOf({
      pending,
      pathOf: (file) => this.#pathOf(file),
      gate: this.#gate,
      signal: this.#signal,
      onPostponed: (file, why) => {
        this.#meter.add(1);
        if (why === 'growing') this.#tally.growing.add(this.#pathOf(file));
      },
    });
    const writer = new Writer((commit) => this.#host.commit(commit));
    try {
      for await (const outcome of this.#host.embed(jobs, this.#signal)) {
        const file = pending.get(outcome.key);
        if (file === undefined) continue;
        this.#meter.current = this.#pathOf(file);
        this.#meter.add(1);
        const source = await this.#take(file, outcome, writer);
        if (source !== null && remembered.has(source.fileId)) found.push(source.fileId);
        this.#host.onProgress();
        await writer.writeIfDue();
      }
    } finally {
      await writer.end();
    }
    await this.#host.removeFiles(found);
  }

  /** @returns what was remembered of the place where the file was, when it came from another one */
  async #take(file: PendingFile, outcome: ImageOutcome, writer: Writer): Promise<FileRow | null> {
    const tally = this.#tally;
    const { before } = file;
    // Of several looks in one run the last one counts.
    tally.growing.delete(this.#pathOf(file));
    if (outcome.state === 'failed') {
      if (outcome.kind === 'disk-full') throw new AfterimageError('disk-full', outcome.message);
      tally.fail(this.#pathOf(file), outcome.kind, outcome.message);
      // A file that has gone is no failure to remember: the next scan tells. A known photo that only lacks a vector of
      // this model, or whose description cannot be read now, stays the photo it is.
      const isOwn = before !== null && before.photoId !== null && before.groupId === null;
      const stays = isOwn && before.size === file.size && before.mtime === file.mtime;
      if (outcome.kind === 'vanished' || stays) return null;
      writer.file(failedRowOf(file, outcome.kind, outcome.message));
      this.#bury(before, null, writer);
      return null;
    }
    const { photoId, contentHash } = outcome;
    const known = before?.photoId === photoId ? before.leftOut : null;
    const leftOut = outcome.state === 'known' ? known : outcome.leftOut;
    if (leftOut !== null) tally.leaveOut(this.#pathOf(file), leftOut);
    writer.file({ ...rowOf(file, { contentHash, photoId, seenAt: before?.seenAt ?? Date.now() }), leftOut });
    this.#bury(before, photoId, writer);
    switch (outcome.state) {
      case 'embedded': {
        const { state: _, key: _key, leftOut: _leftOut, frames, ...photo } = outcome;
        tally.indexed += 1;
        writer.photo(photo);
        writer.vectors(photoId, frames);
        return null;
      }
      case 'described': {
        const photo = await this.#described(file, outcome, writer);
        if (photo !== null) writer.photo(photo);
        if (before?.photoId !== photoId) return tally.arrive(photoId, null);
        tally.metadataOnly += 1;
        return null;
      }
      case 'known':
        return tally.arrive(photoId, this.#wasCutOff(photoId) ? photoId : (before?.photoId ?? null));
    }
  }

  /** Whether a run wrote the photo and was killed before it wrote the file: it is where it was, and not one more of it. */
  #wasCutOff(photoId: string): boolean {
    const { catalogue } = this.#host;
    if (catalogue.isShown(photoId) || this.#taken.has(photoId)) return false;
    this.#taken.add(photoId);
    this.#buried ??= new Set([...catalogue.gone.values()].flatMap((file) => file.photoId ?? []));
    return !this.#buried.has(photoId);
  }

  /** A path shows another photo than it did: the one it showed is remembered for a while. */
  #bury(before: FileRow | null, photoId: string | null, writer: Writer): void {
    const row = before === null || before.photoId === photoId ? null : goneRow(before, Date.now());
    if (row !== null) writer.file(row);
  }

  /** The photo as its file describes it now; null when another of its files does, which says so in the original's bytes. */
  async #described(
    file: PendingFile,
    { photoId, contentHash, metadata }: Extract<ImageOutcome, { state: 'described' }>,
    writer: Writer,
  ): Promise<PhotoRow | null> {
    const { catalogue } = this.#host;
    const photo = writer.photoInHand(photoId) ?? (await this.#host.photo(photoId));
    if (photo === null) return null;
    const speaks = catalogue
      .filesOf(photoId)
      .some((other) => other.fileId !== file.fileId && other.contentHash === photo.contentHash);
    return speaks ? null : { ...photo, contentHash, metadata };
  }

  /**
   * A drive that was pulled after it was looked at is offline, and what could not be read of it since has not failed. Asked of
   * every folder: files that were waited for because they were still being written leave no failure when they are gone.
   *
   * @param devices that the roots were on: a drive that is pulled leaves the folder that it was mounted on
   */
  async #noticePulled(roots: readonly RootRecord[], devices: ReadonlyMap<string, string | null>): Promise<void> {
    for (const { id, path } of roots) {
      const device = await deviceOf(path);
      if (device !== null && device === devices.get(path)) continue;
      await this.#host.setScanned(id, { ...OFFLINE, seconds: 0 });
      this.#tally.offlineFolders.add(path);
      this.#tally.forgiveVanished(path);
    }
  }
}
