import type { FollowedRoot, FollowState, WatchingHost } from './following.ts';
import { RootFollower } from './root-follower.ts';
import { Snapshots } from './snapshots.ts';
import { realSystem, type WatchSystem } from './system.ts';

export type { FollowedRoot, FollowState, RootChange, WatchingHost } from './following.ts';

/** Milliseconds that the clock runs ahead, or a timer is late, when the computer was asleep. */
const SLEEP = 60_000;

/**
 * Follows the changes of folders: by events where the system tells them, else by the clock. What it says are hints where to
 * scan; the reconcile scan, which it asks for on wake, on a schedule, and when anything was lost, is the truth.
 */
export class Watching {
  readonly #host: WatchingHost;
  readonly #system: WatchSystem;
  readonly #snapshots: Snapshots;
  readonly #followers = new Map<string, RootFollower>();
  readonly #timer: NodeJS.Timeout;
  #monotonic: number;
  #wall: number;
  #isClosed = false;
  #leaving: Promise<unknown> = Promise.resolve();

  constructor(host: WatchingHost, system: WatchSystem = realSystem) {
    this.#host = host;
    this.#system = system;
    this.#snapshots = new Snapshots(host.snapshots, system);
    this.#monotonic = system.monotonic();
    this.#wall = system.wall();
    this.#timer = setInterval(() => void this.tick(), system.tick).unref();
  }

  /**
   * Takes the roots as they are now: begins to follow new ones, and lets go of those that are no longer among them.
   *
   * @returns when every root is followed as well as it can be; a scan that begins then misses nothing
   */
  async sync(roots: readonly FollowedRoot[]): Promise<void> {
    if (this.#isClosed) return;
    const ids = new Set(roots.map(({ id }) => id));
    for (const [id, follower] of this.#followers) {
      if (ids.has(id)) continue;
      this.#followers.delete(id);
      this.#leaving = Promise.all([
        this.#leaving,
        follower.close().then(() => this.#snapshots.remove(id).catch(() => undefined)),
      ]);
    }
    for (const root of roots) {
      const known = this.#followers.get(root.id);
      if (known !== undefined) known.update(root);
      else this.#followers.set(root.id, this.#follow(root));
    }
    await this.#leaving;
    await Promise.all([...this.#followers.values()].map((follower) => follower.ready));
  }

  /**
   * To be called after each complete scan of a root: its schedule begins anew, and how its folder looks is remembered, to
   * catch up from after a restart.
   */
  async reconciled(rootId: string, scanSeconds: number): Promise<void> {
    await this.#followers.get(rootId)?.reconciled(scanSeconds);
  }

  stateOf(rootId: string): FollowState {
    return this.#followers.get(rootId)?.state ?? { watching: null, notice: null };
  }

  /** Looks at clocks, schedules and roots; called by a timer. */
  async tick(): Promise<void> {
    const monotonic = this.#system.monotonic();
    const wall = this.#system.wall();
    const passed = monotonic - this.#monotonic;
    // Some systems stop the one clock while they sleep, some neither. A wall clock that was set back says nothing.
    const isAwake = wall - this.#wall - passed > SLEEP || passed - this.#system.tick > SLEEP;
    this.#monotonic = monotonic;
    this.#wall = wall;
    await Promise.all([...this.#followers.values()].map((follower) => follower.tick(isAwake)));
  }

  /** Writes snapshots and lets go of everything. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#timer);
    const followers = [...this.#followers.values()];
    this.#followers.clear();
    await Promise.all([this.#leaving, ...followers.map((follower) => follower.close())]);
  }

  #follow(root: FollowedRoot): RootFollower {
    return new RootFollower(root, {
      host: this.#host,
      system: this.#system,
      snapshots: this.#snapshots,
      othersFolders: () =>
        [...this.#followers].reduce((sum, [id, other]) => (id === root.id ? sum : sum + other.folders), 0),
    });
  }
}
