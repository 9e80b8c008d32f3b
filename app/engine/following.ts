import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { toAfterimageError } from '../contract/index.ts';
import { Watching, type RootChange } from '../library/watching/watching.ts';
import type { RootRecord } from '../store/manifest.ts';
import type { Indexer, RunFailure } from './indexer.ts';
import type { ScanFacts } from './pass.ts';
import type { Roots } from './roots.ts';

/** Beginning to watch a hundred thousand files takes two seconds. */
const PATIENCE_MS = 10_000;
/** What broke off is tried again after so long, and after twice as long each time. */
const RETRY_MS = 60_000;
const LONGEST_RETRY_MS = 30 * 60_000;

interface FollowingOptions {
  readonly roots: Roots;
  readonly indexer: () => Indexer;
  /** Directory of the watcher's snapshots. */
  readonly snapshots: string;
  /** Whether there is a model to index with. */
  readonly canIndex: () => boolean;
  /** Photos came within reach or left it. */
  readonly onReach: () => void;
  /** Something about a folder is not as it was told. */
  readonly onRoots: () => void;
}

/** Keeps the folders up to date: hints of the watcher and the clock become scans, and what scans find steers the watcher. */
export class Following {
  readonly #options: FollowingOptions;
  #watching: Watching | null = null;
  readonly #end = new AbortController();
  #retry: NodeJS.Timeout | undefined;
  #retryMs = RETRY_MS;

  constructor(options: FollowingOptions) {
    this.#options = options;
  }

  /** Follows from now on, and looks at what changed while nobody did. */
  async start(): Promise<void> {
    if (this.#watching === null) {
      const { roots, snapshots, onRoots } = this.#options;
      this.#watching = new Watching({
        snapshots,
        onChange: (rootId, change) => {
          this.#look(rootId, change);
        },
        onState: (rootId, state) => {
          roots.factsOf(rootId).follow = state;
          onRoots();
        },
      });
    }
    // What changes from here on is told: the looks below miss nothing, unless a drive keeps everybody waiting.
    await Promise.race([this.sync(), pause(PATIENCE_MS)]);
    const followed = this.#options.roots.records.filter(({ paused, follow }) => !paused && follow !== 'manual');
    for (const { id } of followed) this.#look(id, 'everything');
  }

  /** What is to be found in a folder has changed by what was said of it, not by itself. */
  look(rootId: string): void {
    if (this.#watching !== null) this.#look(rootId, 'everything');
  }

  /** The folders, their rules or whether they can be reached have changed. */
  async sync(): Promise<void> {
    const { roots } = this.#options;
    await this.#watching?.sync(
      roots.records.map((root) => ({
        ...root,
        isOffline: roots.factsOf(root.id).offline,
        isExcluded: roots.isExcluded(root),
      })),
    );
  }

  /** Before folders are looked at: one that is not the folder that was approved is not followed any more. */
  async verify(): Promise<void> {
    const { roots, onRoots } = this.#options;
    if (!(await roots.verify())) return;
    void this.sync();
    onRoots();
  }

  /** A folder was looked at as a whole. */
  async scanned(rootId: string, found: ScanFacts): Promise<void> {
    const { offline, place, volumes, unplugged, onlineOnly, unreadVideos, seconds } = found;
    const { roots, onReach, onRoots } = this.#options;
    const facts = roots.factsOf(rootId);
    const isNews = facts.offline !== offline || !isDeepStrictEqual(facts.unplugged, unplugged);
    const hasChanged = isNews || facts.onlineOnly !== onlineOnly || facts.unreadVideos !== unreadVideos;
    facts.offline = offline;
    if (offline) void this.#search(rootId);
    else {
      Object.assign(facts, { unplugged, onlineOnly, unreadVideos, movedTo: null });
      if (place !== null) await roots.confirm(rootId, place, volumes);
    }
    if (isNews) onReach();
    if (hasChanged) onRoots();
    if (isNews) void this.sync();
    if (!offline) await this.#watching?.reconciled(rootId, seconds);
  }

  /** A run is over; what broke it off is told until the folders that it was to look at have been looked at as a whole. */
  ended(looked: ReadonlySet<string>, failure: RunFailure | null): void {
    const { roots, onRoots } = this.#options;
    let isNews = false;
    for (const { id } of roots.records) {
      const facts = roots.factsOf(id);
      const before = facts.failure;
      if (failure?.rootIds.has(id) === true) facts.failure = toAfterimageError(failure.error).message;
      else if (looked.has(id)) facts.failure = null;
      isNews ||= facts.failure !== before;
    }
    if (isNews) onRoots();
    this.#retrySoon();
  }

  async close(): Promise<void> {
    this.#end.abort();
    clearTimeout(this.#retry);
    await this.#watching?.close();
  }

  #look(rootId: string, change: RootChange): void {
    const { indexer, canIndex } = this.#options;
    if (!canIndex()) return;
    const running = change === 'everything' ? indexer().run([rootId]) : indexer().look(rootId, change);
    // Nobody waits for it: what goes wrong with a file is listed, what goes wrong with the library is told at its end.
    running.catch(() => undefined);
  }

  /** Those that are followed, and that a run broke off in. */
  get #brokenOff(): readonly RootRecord[] {
    const { roots } = this.#options;
    return roots.records.filter(
      ({ id, paused, follow }) => !paused && follow !== 'manual' && roots.factsOf(id).failure !== null,
    );
  }

  #retrySoon(): void {
    if (this.#brokenOff.length === 0) {
      clearTimeout(this.#retry);
      this.#retry = undefined;
      this.#retryMs = RETRY_MS;
    } else if (this.#watching !== null && !this.#end.signal.aborted)
      this.#retry ??= setTimeout(() => {
        this.#retry = undefined;
        this.#retryMs = Math.min(2 * this.#retryMs, LONGEST_RETRY_MS);
        for (const { id } of this.#brokenOff) this.#look(id, 'everything');
      }, this.#retryMs).unref();
  }

  /** A folder that is gone may merely have been moved. */
  async #search(rootId: string): Promise<void> {
    const { roots, onRoots } = this.#options;
    const isNews = await roots.search(rootId, this.#end.signal).catch(() => false);
    if (isNews) onRoots();
  }
}
