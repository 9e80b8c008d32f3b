import { stat } from 'node:fs/promises';
import type { FollowedRoot, FollowState, WatchingHost } from './following.ts';
import { LiveRoot } from './live-root.ts';
import { noticeOf, obstacleOf, pauseFor, type Obstacle } from './obstacle.ts';
import type { Snapshots } from './snapshots.ts';
import type { WatchSystem } from './system.ts';

const SECOND = 1000;
/** Seconds between reconcile scans of a root whose changes the system tells of. */
const RECONCILE = 6 * 3600;
/** Seconds between scans of a root that is there, yet was offline for the last one. */
const OFFLINE = 600;
const SCHEDULE = { watch: RECONCILE, hourly: 3600, daily: 24 * 3600 } as const;
/** Seconds until watching is tried again, ever less often. */
const RETRY = { least: 60, most: 3600 } as const;
/** Seconds after which watching is taken to work: what breaks it then is an accident, and it is begun again at once. */
const PROVEN = 60;
/** Changes since a snapshot beyond which a scan is the shorter way. */
const MOST_MISSED = 4000;

const IDLE: FollowState = { watching: null, notice: null };

export interface Surroundings {
  readonly host: WatchingHost;
  readonly system: WatchSystem;
  readonly snapshots: Snapshots;
  /** Folders that other roots have under watch. */
  readonly othersFolders: () => number;
}

/** What stands at a path: another folder there is another place. */
const placeOf = async (path: string): Promise<string | null> => {
  const stats = await stat(path, { bigint: true }).catch(() => null);
  return stats?.isDirectory() === true ? `${stats.dev}:${stats.ino}` : null;
};

/** Follows one root: by events where the system tells them, else by the clock. */
export class RootFollower {
  readonly #around: Surroundings;
  #root: FollowedRoot;
  #state: FollowState = IDLE;
  #live: LiveRoot | null = null;
  #obstacle: Obstacle | null = null;
  #limit: number | null = null;
  #place: string | null = null;
  #isLooking = false;
  #failures = 0;
  /** Events were lost: no snapshot says which. */
  #hasLost = false;
  #watchedSince = Infinity;
  #scanSeconds = 0;
  /** Monotonic milliseconds. */
  #nextScan = Infinity;
  #nextTry = Infinity;
  readonly #ending = new AbortController();
  #turn: Promise<void>;

  constructor(root: FollowedRoot, around: Surroundings) {
    this.#root = root;
    this.#around = around;
    this.#turn = this.#begin(this.#ending.signal);
  }

  get state(): FollowState {
    return this.#state;
  }

  /** Folders under watch. */
  get folders(): number {
    return this.#live?.folders ?? 0;
  }

  /** Resolves when everything that was begun is done. */
  get ready(): Promise<void> {
    return this.#turn;
  }

  update(root: FollowedRoot): void {
    const before = this.#root;
    this.#root = root;
    const isSame =
      before.path === root.path &&
      before.follow === root.follow &&
      before.paused === root.paused &&
      before.isOffline === root.isOffline &&
      before.isExcluded === root.isExcluded;
    if (isSame) return;
    this.#nextScan = Infinity;
    this.#again();
  }

  /** @param isAwake the computer was asleep, or its clock was changed */
  async tick(isAwake: boolean): Promise<void> {
    const now = this.#around.system.monotonic();
    if (!this.#isFollowing || this.#isLooking) return;
    this.#isLooking = true;
    try {
      await this.#look();
      if (this.#obstacle !== null && this.#limit !== (await this.#around.system.watchLimit())) this.#nextTry = now;
    } finally {
      this.#isLooking = false;
    }
    if (now >= this.#nextTry) this.#again();
    if (isAwake || now >= this.#nextScan) this.#ask();
  }

  async reconciled(scanSeconds: number): Promise<void> {
    const { system } = this.#around;
    this.#scanSeconds = scanSeconds;
    // A longer scan may mean a longer pause.
    if (this.#obstacle !== null) this.#stepAside(this.#obstacle);
    this.#schedule();
    if (system.monotonic() - this.#watchedSince > PROVEN * SECOND) this.#failures = 0;
    this.#turn = this.#turn.then(() => this.#snapshot());
    await this.#turn;
  }

  async close(): Promise<void> {
    this.#ending.abort();
    await this.#turn;
    await this.#snapshot();
    await this.#end();
  }

  get #isFollowing(): boolean {
    return !this.#root.paused && this.#root.follow !== 'manual' && !this.#ending.signal.aborted;
  }

  /** Whether the folder is where it was, and is the folder that it was. */
  async #look(): Promise<void> {
    const place = await placeOf(this.#root.path);
    if (place === this.#place || !this.#isFollowing) return;
    this.#place = place;
    this.#again();
    this.#ask();
  }

  /** Begins anew after whatever is under way. */
  #again(): void {
    this.#nextTry = Infinity;
    this.#turn = this.#turn.then(async () => {
      await this.#end();
      await this.#begin(this.#ending.signal);
    });
  }

  async #end(): Promise<void> {
    const live = this.#live;
    this.#live = null;
    this.#watchedSince = Infinity;
    await live?.end();
  }

  /** Never throws: what stands in the way is told. */
  async #begin(signal: AbortSignal): Promise<void> {
    const { path, follow, isOffline } = this.#root;
    this.#obstacle = null;
    this.#place = await placeOf(path);
    try {
      const isHere = this.#isFollowing && !isOffline && this.#place !== null;
      if (isHere && follow === 'watch') await this.#watch(signal);
      else if (!signal.aborted)
        this.#tell({ ...IDLE, watching: isHere && follow !== 'manual' ? SCHEDULE[follow] : null });
    } catch (error) {
      if (!signal.aborted) await this.#meet(obstacleOf(error));
    }
    // A scan that was due before is not put off by trying again.
    const due = this.#nextScan;
    this.#schedule();
    if (this.#isFollowing) this.#nextScan = Math.min(this.#nextScan, due);
  }

  async #watch(signal: AbortSignal): Promise<void> {
    const { system, snapshots, othersFolders, host } = this.#around;
    const { id, path, isExcluded } = this.#root;
    this.#limit = await system.watchLimit();
    const live = await LiveRoot.begin(
      {
        system,
        path,
        isExcluded,
        othersFolders,
        onChange: (change) => {
          host.onChange(id, change);
        },
        onGone: () => void this.#look(),
        onLost: () => {
          this.#lose();
        },
        onFailed: (error) => {
          if (system.monotonic() - this.#watchedSince > PROVEN * SECOND) this.#lose();
          else this.#breakOff(error);
        },
      },
      signal,
    );
    this.#live = live;
    this.#watchedSince = system.monotonic();
    this.#tell({ watching: 'events', notice: null });
    // From the last scan, before a restart or before the rules changed, until now.
    const missed = this.#hasLost ? null : await snapshots.eventsSince(id, path, live.ignore);
    this.#hasLost = false;
    if (missed === null || missed.length > MOST_MISSED) this.#ask();
    else live.catchUp(missed);
  }

  #lose(): void {
    this.#hasLost = true;
    this.#again();
  }

  #breakOff(error: unknown): void {
    this.#turn = this.#turn.then(async () => {
      if (this.#live === null) return;
      await this.#end();
      await this.#meet(obstacleOf(error));
      this.#ask();
    });
  }

  /** Scans by the clock instead, and tries again later. */
  async #meet(obstacle: Obstacle): Promise<void> {
    const { snapshots, system } = this.#around;
    // What happens from now on is in no snapshot that is written later.
    await snapshots.remove(this.#root.id).catch(() => undefined);
    const seconds = Math.min(RETRY.least * 2 ** this.#failures, RETRY.most);
    this.#failures += 1;
    this.#nextTry = system.monotonic() + seconds * SECOND;
    this.#stepAside(obstacle);
  }

  #stepAside(obstacle: Obstacle): void {
    this.#obstacle = obstacle;
    const seconds = pauseFor(obstacle, this.#scanSeconds);
    this.#tell({ watching: seconds, notice: noticeOf(this.#root.path, obstacle, seconds) });
  }

  #schedule(): void {
    const { watching } = this.#state;
    const seconds = watching === 'events' ? RECONCILE : (watching ?? (this.#place === null ? Infinity : OFFLINE));
    this.#nextScan = this.#isFollowing ? this.#around.system.monotonic() + seconds * SECOND : Infinity;
  }

  #ask(): void {
    this.#schedule();
    this.#around.host.onChange(this.#root.id, 'everything');
  }

  async #snapshot(): Promise<void> {
    if (this.#live === null || this.#place === null) return;
    await this.#around.snapshots.write(this.#root.id, this.#root.path, this.#live.ignore).catch(() => undefined);
  }

  #tell(state: FollowState): void {
    if (JSON.stringify(state) === JSON.stringify(this.#state)) return;
    this.#state = state;
    this.#around.host.onState(this.#root.id, state);
  }
}
