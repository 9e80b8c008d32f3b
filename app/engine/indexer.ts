import { join } from 'node:path';
import { AfterimageError, type Failure, type FailureKind, type IndexReport } from '../contract/index.ts';
import type { ImageJob, ImageOutcome } from '../embed/image-workers.ts';
import type { RootRecord } from '../store/manifest.ts';
import type { FileRow, PhotoRow, VectorRow } from '../store/rows.ts';
import type { Commit } from '../store/store.ts';
import type { Catalogue, FailedFile } from '../library/catalogue.ts';
import { Gate } from './gate.ts';
import { ProgressMeter } from './progress.ts';
import { deviceOf, scanRoot, type PendingFile, type ScanResult } from '../library/scan.ts';

/** Outcomes per write: each write makes a version of every table it touches. */
const BATCH = 500;
/** While photos come in, none waits longer than this to be seen. */
const BATCH_MS = 1500;

/** What the indexer needs of the engine. */
export interface IndexerHost {
  readonly catalogue: Catalogue;
  roots(): readonly RootRecord[];
  /** Absolute folders that no scan enters. */
  skippedFolders(root: RootRecord): ReadonlySet<string>;
  hasVector(photoId: string): boolean;
  embed(jobs: AsyncIterable<ImageJob>, signal: AbortSignal): AsyncIterable<ImageOutcome>;
  /** Writes to the store, then to memory. */
  commit(commit: Commit): Promise<void>;
  removeFiles(files: readonly FileRow[]): Promise<void>;
  setOffline(rootId: string, offline: boolean): void;
  finish(): Promise<void>;
  onProgress(): void;
}

interface Tally {
  indexed: number;
  unchanged: number;
  failed: number;
  removed: number;
  readonly failures: Failure[];
  readonly offline: Set<string>;
}

/** Turns folders into photos: scan, then decode and embed what is new, writing as it goes. One run at a time. */
export class Indexer {
  readonly meter = new ProgressMeter();
  readonly #host: IndexerHost;
  readonly #gate = new Gate();
  #running: Promise<IndexReport> | null = null;
  #abort = new AbortController();
  #wanted: { roots: Set<string> | 'all' } | null = null;

  constructor(host: IndexerHost) {
    this.#host = host;
  }

  /** Indexes the roots, or all; a call during a run extends that run. */
  run(rootIds?: readonly string[]): Promise<IndexReport> {
    const before = this.#wanted?.roots ?? new Set<string>();
    this.#wanted = { roots: rootIds === undefined || before === 'all' ? 'all' : new Set([...before, ...rootIds]) };
    this.#running ??= this.#runAll().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  get isRunning(): boolean {
    return this.#running !== null;
  }

  pause(): void {
    if (this.#running === null) return;
    this.meter.pause();
    this.#gate.close();
    this.#host.onProgress();
  }

  resume(): void {
    this.meter.resume();
    this.#gate.open();
    this.#host.onProgress();
  }

  /** Ends the run after what is in hand; everything finished so far stays. */
  async cancel(): Promise<void> {
    this.#wanted = null;
    this.#abort.abort();
    this.#gate.open();
    await this.#running?.catch(() => undefined);
  }

  async #runAll(): Promise<IndexReport> {
    const tally: Tally = { indexed: 0, unchanged: 0, failed: 0, removed: 0, failures: [], offline: new Set() };
    const began = performance.now();
    this.#abort = new AbortController();
    this.meter.start();
    try {
      for (let wanted = this.#take(); wanted !== null; wanted = this.#take()) {
        const roots = wanted === 'all' ? this.#host.roots() : this.#host.roots().filter((root) => wanted.has(root.id));
        await this.#pass(roots, tally);
      }
    } finally {
      this.#wanted = null;
      this.#gate.open();
      this.meter.finish();
      this.#host.onProgress();
    }
    const seconds = (performance.now() - began) / 1000;
    const { offline, ...counts } = tally;
    return {
      ...counts,
      offline: [...offline],
      seconds,
      photosPerSecond: seconds > 0 ? tally.indexed / seconds : 0,
      cancelled: this.#abort.signal.aborted,
    };
  }

  #take(): Set<string> | 'all' | null {
    const wanted = this.#wanted?.roots ?? null;
    this.#wanted = null;
    return wanted;
  }

  async #pass(roots: readonly RootRecord[], tally: Tally): Promise<void> {
    const { signal } = this.#abort;
    const pending: PendingFile[] = [];
    /** Known photos that only lack a vector of this model: one that fails now stays the photo it is. */
    const revisited = new Set<string>();
    this.meter.phase = 'scanning';
    this.#host.catalogue.startRun();
    for (const root of roots) {
      await this.#gate.passed();
      if (signal.aborted) return;
      const scan = await this.#scan(root);
      if (scan === null) return;
      await this.#account(root, scan, tally);
      const lacking = this.#withoutVector(root, scan);
      for (const file of lacking) revisited.add(file.fileId);
      pending.push(...scan.pending, ...lacking);
    }
    this.meter.phase = 'indexing';
    // Newest first: what a person looks for first is what they took last.
    pending.sort((a, b) => b.mtime - a.mtime);
    this.meter.total += pending.length;
    this.#host.onProgress();
    if (pending.length > 0) await this.#index(pending, revisited, roots, tally);
    this.meter.phase = 'finishing';
    this.#host.onProgress();
    await this.#host.finish();
  }

  async #scan(root: RootRecord): Promise<ScanResult | null> {
    const onFound = (files: number, folder: string): void => {
      this.meter.found += files;
      this.meter.current = join(root.path, folder);
      this.#host.onProgress();
    };
    try {
      return await scanRoot(root, this.#host.catalogue, this.#host.skippedFolders(root), onFound, this.#abort.signal);
    } catch (error) {
      if (this.#abort.signal.aborted) return null;
      throw error;
    }
  }

  async #account(root: RootRecord, scan: ScanResult, tally: Tally): Promise<void> {
    this.#host.setOffline(root.id, scan.offline);
    if (scan.offline) {
      tally.offline.add(root.path);
      return;
    }
    tally.unchanged += scan.unchanged;
    tally.removed += scan.removed.length;
    await this.#host.removeFiles(scan.removed);
    for (const folder of scan.unreadable)
      this.#fail(
        join(root.path, folder.relPath),
        'unreadable',
        `This folder cannot be read (${folder.message}). Check its permissions; photos known from it stay.`,
        tally,
      );
    for (const file of scan.stillFailed)
      this.#fail(join(root.path, file.relPath), file.failure?.kind ?? 'unreadable', file.failure?.message ?? '', tally);
    const files = scan.problems.map((file) =>
      failedRow(file, file.problem?.kind ?? 'unreadable', file.problem?.message ?? ''),
    );
    for (const file of files) this.#fail(join(root.path, file.relPath), file.failure.kind, file.failure.message, tally);
    if (files.length > 0) await this.#host.commit({ vectors: [], photos: [], files });
  }

  #fail(path: string, kind: FailureKind, message: string, tally: Tally): void {
    tally.failed += 1;
    this.meter.failed += 1;
    tally.failures.push({ path, kind, message });
  }

  /** Unchanged files whose photo the model in use has not seen: one file per photo. */
  #withoutVector(root: RootRecord, scan: ScanResult): PendingFile[] {
    if (scan.offline) return [];
    const queued = new Set(scan.pending.map((file) => file.fileId));
    const photos = new Set<string>();
    const files: PendingFile[] = [];
    for (const file of this.#host.catalogue.files.values()) {
      if (file.rootId !== root.id || file.photoId === null || queued.has(file.fileId)) continue;
      if (this.#host.hasVector(file.photoId) || photos.has(file.photoId)) continue;
      photos.add(file.photoId);
      files.push({ ...file, problem: null });
    }
    return files;
  }

  async #index(
    pending: readonly PendingFile[],
    revisited: ReadonlySet<string>,
    roots: readonly RootRecord[],
    tally: Tally,
  ): Promise<void> {
    const { signal } = this.#abort;
    const rootPaths = new Map(roots.map((root) => [root.id, root.path]));
    const byKey = new Map(pending.map((file) => [file.fileId, file]));
    const pathOf = (file: PendingFile): string => join(rootPaths.get(file.rootId) ?? '', file.relPath);
    const gate = this.#gate;
    const jobs = async function* (): AsyncGenerator<ImageJob> {
      for (const file of pending) {
        await gate.passed();
        if (signal.aborted) return;
        yield { key: file.fileId, path: pathOf(file) };
      }
    };

    // By photo: copies of one file may be embedded side by side.
    let vectors = new Map<string, VectorRow>();
    let photos = new Map<string, PhotoRow>();
    let files: FileRow[] = [];
    let writtenAt = performance.now();
    let writing: Promise<void> = Promise.resolve();
    const write = async (): Promise<void> => {
      const commit: Commit = { vectors: [...vectors.values()], photos: [...photos.values()], files };
      vectors = new Map();
      photos = new Map();
      files = [];
      writtenAt = performance.now();
      // One write is in flight while the next batch is embedded; its failure surfaces at the following write.
      await writing;
      writing = this.#host.commit(commit);
      writing.catch(() => undefined);
    };

    try {
      for await (const outcome of this.#host.embed(jobs(), signal)) {
        const file = byKey.get(outcome.key);
        if (file === undefined) continue;
        this.meter.current = pathOf(file);
        this.meter.add(1);
        if (outcome.state === 'failed') {
          if (outcome.kind === 'disk-full') throw new AfterimageError('disk-full', outcome.message);
          this.#fail(pathOf(file), outcome.kind, outcome.message, tally);
          // A file that has gone is no failure to remember: the next scan tells what became of it.
          if (outcome.kind !== 'vanished' && !revisited.has(outcome.key))
            files.push(failedRow(file, outcome.kind, outcome.message));
        } else {
          tally.indexed += 1;
          files.push({ ...fileRow(file), contentHash: outcome.contentHash, photoId: outcome.photoId, failure: null });
          if (outcome.state === 'embedded') {
            vectors.set(outcome.photoId, { photoId: outcome.photoId, vector: outcome.vector });
            photos.set(outcome.photoId, {
              photoId: outcome.photoId,
              contentHash: outcome.contentHash,
              pixelHash: outcome.pixelHash,
              width: outcome.width,
              height: outcome.height,
              mime: outcome.mime,
              metadata: outcome.metadata,
            });
          }
        }
        this.#host.onProgress();
        if (files.length >= BATCH || performance.now() - writtenAt > BATCH_MS) await write();
      }
    } finally {
      await write();
      await writing;
    }
    await this.#forgiveVanished(roots, tally);
  }

  /** What vanished together with its root is offline, not failed. */
  async #forgiveVanished(roots: readonly RootRecord[], tally: Tally): Promise<void> {
    const vanished = tally.failures.filter((failure) => failure.kind === 'vanished');
    if (vanished.length === 0) return;
    for (const root of roots) {
      if ((await deviceOf(root.path)) !== null) continue;
      this.#host.setOffline(root.id, true);
      tally.offline.add(root.path);
      const forgiven = new Set(vanished.filter((failure) => failure.path.startsWith(root.path)));
      tally.failures.splice(0, Infinity, ...tally.failures.filter((failure) => !forgiven.has(failure)));
      tally.failed -= forgiven.size;
      this.meter.failed -= forgiven.size;
    }
  }
}

const fileRow = (file: PendingFile): Omit<FileRow, 'contentHash' | 'photoId' | 'failure'> => ({
  fileId: file.fileId,
  rootId: file.rootId,
  relPath: file.relPath,
  size: file.size,
  mtime: file.mtime,
  device: file.device,
  inode: file.inode,
  seenAt: Date.now(),
});

const failedRow = (file: PendingFile, kind: FailureKind, message: string): FailedFile => ({
  ...fileRow(file),
  contentHash: null,
  photoId: null,
  failure: { kind, message },
});
