import { join, sep } from 'node:path';
import { Serial } from '../../base/serial.ts';
import type { IsExcluded } from '../exclusions.ts';
import { Burst, type PathEvents } from './burst.ts';
import { FolderTree, parentOf } from './folder-tree.ts';
import type { RootChange } from './following.ts';
import { ObstacleError } from './obstacle.ts';
import { isSilent } from './limits.ts';
import type { NativeEvent, OnEvents, WatchSystem } from './system.ts';

/** Of the folders that may be watched, the share that is left to other programs. */
const ROOM = 0.1;
/** Folders that changed beyond which all are scanned. */
const MOST_FOLDERS = 500;
/** Folders that came from elsewhere, each with a watch of its own, beyond which the root is watched anew. */
const MOST_GUESTS = 32;

export interface LiveRootHost {
  readonly system: WatchSystem;
  readonly path: string;
  readonly isExcluded: IsExcluded;
  /** Folders that other roots have under watch. */
  readonly othersFolders: () => number;
  readonly onChange: (change: RootChange) => void;
  /** The root's folder itself is gone. */
  readonly onGone: () => void;
  /** Events were lost; the root has to be watched anew, and scanned. */
  readonly onLost: () => void;
  /** There will be no more events. */
  readonly onFailed: (error: unknown) => void;
}

/** One root under watch. */
export class LiveRoot {
  readonly #host: LiveRootHost;
  readonly #tree: FolderTree;
  readonly #prefix: string;
  readonly #burst: Burst;
  readonly #ending = new AbortController();
  /** Ends the watch of the root (the empty path), and of folders in it that the first does not see into. */
  readonly #subscriptions = new Map<string, () => Promise<void>>();
  /** What the native watcher passes over: it has to be told the same in every call. */
  #ignore: readonly string[] = [];
  readonly #turns = new Serial();

  private constructor(host: LiveRootHost) {
    this.#host = host;
    this.#tree = new FolderTree(host.path, host.isExcluded);
    this.#prefix = host.path.endsWith(sep) ? host.path : `${host.path}${sep}`;
    this.#burst = new Burst((events) => {
      if (events === 'too-many') host.onLost();
      else this.#inTurn(() => this.#tell(events));
    });
  }

  /** @throws ObstacleError, or the native watcher's error */
  static async begin(host: LiveRootHost, signal: AbortSignal): Promise<LiveRoot> {
    const live = new LiveRoot(host);
    try {
      await live.#begin(AbortSignal.any([signal, live.#ending.signal]));
    } catch (error) {
      await live.end();
      throw error;
    }
    return live;
  }

  get folders(): number {
    return this.#tree.size + 1 + this.#tree.overlooked;
  }

  get ignore(): readonly string[] {
    return this.#ignore;
  }

  /** Takes events that were told otherwise: what has changed since a snapshot. */
  catchUp(events: readonly NativeEvent[]): void {
    for (const { path, type } of events) this.#take(path, type);
  }

  async end(): Promise<void> {
    this.#ending.abort();
    this.#burst.stop();
    await this.#turns.settled();
    for (const [folder, unsubscribe] of this.#subscriptions) {
      this.#subscriptions.delete(folder);
      // Of a folder that has left the root meanwhile the system has nothing to end.
      await unsubscribe().catch(() => undefined);
    }
  }

  async #begin(signal: AbortSignal): Promise<void> {
    const { system, path } = this.#host;
    const type = await system.mountType(path);
    if (type !== null && isSilent(type)) throw new ObstacleError({ kind: 'network', type });
    const limit = await system.watchLimit();
    const most = limit === null ? Infinity : this.#room(limit);
    await this.#tree.read('', signal, most);
    await this.#checkRoom();
    if (!(await system.mayBeginToWatch(path))) throw new ObstacleError({ kind: 'used-up' });
    signal.throwIfAborted();
    this.#ignore = [...this.#tree.passedOver];
    await this.#subscribe('');
    // What came between reading and watching is seen by the native watcher, and now by the tree.
    await this.#tree.read('', signal, most);
  }

  #room(limit: number): number {
    return Math.floor(limit * (1 - ROOM)) - this.#host.othersFolders();
  }

  /** The native watcher says nothing of new folders that it may not watch. */
  async #checkRoom(): Promise<void> {
    const limit = await this.#host.system.watchLimit();
    if (limit !== null && this.folders > this.#room(limit))
      throw new ObstacleError({ kind: 'folders', folders: this.folders + this.#host.othersFolders(), limit });
  }

  async #subscribe(folder: string): Promise<void> {
    const path = join(this.#host.path, folder);
    const end = await this.#host.system.subscribe(path, this.#onEvents, this.#ignore);
    this.#subscriptions.set(folder, end);
  }

  readonly #onEvents: OnEvents = (error, events) => {
    if (this.#ending.signal.aborted) return;
    for (const { path, type } of events) this.#take(path, type);
    if (error === null) return;
    // FSEvents says that it dropped some, and goes on.
    if (error.message.includes('re-scanned')) this.#burst.lose();
    else this.#host.onFailed(error);
  };

  #take(path: string, type: NativeEvent['type']): void {
    if (!path.startsWith(this.#prefix)) {
      if (type === 'delete') this.#host.onGone();
      return;
    }
    const relPath = path.slice(this.#prefix.length).replaceAll(sep, '/');
    if (!this.#host.isExcluded(relPath, this.#tree.has(relPath))) this.#burst.add(relPath, type);
  }

  #inTurn(work: () => Promise<void>): void {
    this.#turns.run(work).catch((error: unknown) => {
      if (!this.#ending.signal.aborted) this.#host.onFailed(error);
    });
  }

  /** Turns events into folders to be scanned, and keeps the tree and the watches in step with them. */
  async #tell(events: PathEvents): Promise<void> {
    const flat = new Set<string>();
    const deep = new Set<string>();
    for (const relPath of events.keys()) {
      // A folder that something happened to may be another one under the same name.
      if (this.#tree.has(relPath)) {
        this.#tree.forget(relPath);
        deep.add(relPath);
      }
      flat.add(parentOf(relPath));
    }
    for (const folder of [...flat])
      if (!this.#tree.has(folder)) {
        deep.add(folder);
        let above = parentOf(folder);
        while (!this.#tree.has(above)) above = parentOf(above);
        flat.add(above);
      }
    const added: string[] = [];
    for (const folder of flat) {
      if (!this.#tree.has(folder)) continue;
      const difference = await this.#tree.compare(folder);
      for (const gone of difference.gone) {
        this.#tree.forget(gone);
        deep.add(gone);
        await this.#unsubscribeBelow(gone);
      }
      added.push(...difference.added);
    }
    for (const folder of added) {
      deep.add(folder);
      await this.#adopt(folder, events);
    }
    if (added.length > 0) await this.#checkRoom();
    if (this.#subscriptions.size > MOST_GUESTS) {
      this.#host.onLost();
      return;
    }
    const starts = [...deep].map((folder) => ({ folder, deep: true }));
    for (const folder of flat) if (this.#tree.has(folder) && !deep.has(folder)) starts.push({ folder, deep: false });
    this.#host.onChange(starts.length > MOST_FOLDERS ? 'everything' : starts);
  }

  /**
   * Learns a folder that appeared. On Linux each folder is watched for itself, and what lay in this one already, because it
   * was moved here or was faster than the watch, is not: it gets a watch of its own before it is scanned.
   */
  async #adopt(folder: string, events: PathEvents): Promise<void> {
    const inside = await this.#tree.read(folder, this.#ending.signal);
    if (process.platform !== 'linux' || inside.every((each) => events.has(each))) return;
    await this.#unsubscribeBelow(folder);
    try {
      await this.#subscribe(folder);
    } catch (error) {
      // It has gone on already; whatever took it away tells.
      if (error instanceof Error && /no such file|not a directory/iu.test(error.message)) return;
      throw error;
    }
    await this.#tree.read(folder, this.#ending.signal);
  }

  async #unsubscribeBelow(folder: string): Promise<void> {
    for (const [watched, end] of this.#subscriptions)
      if (watched === folder || watched.startsWith(`${folder}/`)) {
        this.#subscriptions.delete(watched);
        await end().catch(() => undefined);
      }
  }
}
