import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { vi } from 'vitest';
import { compileExclusions } from '../../app/library/exclusions.ts';
import { realSystem, type WatchSystem } from '../../app/library/watching/system.ts';
import { Watching, type FollowedRoot, type FollowState, type RootChange } from '../../app/library/watching/watching.ts';

const isExcluded = compileExclusions(['skipped']);

/** Whether a file would be scanned because of what was told. */
export const covers = (change: RootChange, relPath: string): boolean =>
  change === 'everything' ||
  change.some(({ folder, deep }) =>
    deep ? folder === '' || relPath.startsWith(`${folder}/`) : folder === dirname(relPath).replace(/^\.$/u, ''),
  );

/** A folder of photos that is followed for real, and everything that is told of it. */
export class FollowedFolder {
  readonly home: string;
  path: string;
  readonly told: RootChange[] = [];
  #watching: Watching | null = null;
  #root: Partial<FollowedRoot> = {};

  private constructor(home: string) {
    this.home = home;
    this.path = join(home, 'Photos');
  }

  static async make(): Promise<FollowedFolder> {
    const folder = new FollowedFolder(await realpath(await mkdtemp(join(tmpdir(), 'afterimage-watching-'))));
    await folder.put('2019/Rome/a.jpg');
    await folder.put('2020/b.jpg');
    return folder;
  }

  get watching(): Watching {
    if (this.#watching === null) throw new Error('Open it first.');
    return this.#watching;
  }

  get state(): FollowState {
    return this.watching.stateOf('r');
  }

  root(changed: Partial<FollowedRoot> = {}): FollowedRoot {
    const { path } = this;
    return { id: 'r', path, follow: 'watch', paused: false, isOffline: false, isExcluded, ...changed };
  }

  async open(system: Partial<WatchSystem> = {}, changed: Partial<FollowedRoot> = {}): Promise<void> {
    await this.#watching?.close();
    const host = {
      snapshots: join(this.home, 'snapshots'),
      onChange: (_: string, change: RootChange) => void this.told.push(change),
      onState: () => undefined,
    };
    this.#watching = new Watching(host, { ...realSystem, ...system });
    await this.sync(changed);
  }

  /** Takes the root as it is now; returns when nothing is under way. */
  async sync(changed: Partial<FollowedRoot> = this.#root): Promise<void> {
    this.#root = changed;
    await this.watching.sync([this.root(changed)]);
  }

  async close(): Promise<void> {
    await this.#watching?.close();
    this.#watching = null;
  }

  async remove(): Promise<void> {
    await this.close();
    await rm(this.home, { recursive: true, force: true });
  }

  async put(relPath: string, content = relPath): Promise<void> {
    await mkdir(dirname(join(this.path, relPath)), { recursive: true });
    await writeFile(join(this.path, relPath), content);
  }

  async tells(relPath: string): Promise<void> {
    await this.until(
      () => this.told.some((change) => covers(change, relPath)),
      () => `${relPath} was not told of: ${JSON.stringify(this.told)}`,
    );
  }

  /** Unlike `expect.poll`, for tests that run at the same time. */
  async until(holds: () => boolean, complaint = (): string => 'It did not come to that.'): Promise<void> {
    const check = (): void => {
      if (!holds()) throw new Error(complaint());
    };
    // A storm alone is waited for for ten seconds.
    await vi.waitFor(check, { timeout: 30_000, interval: 5 });
  }

  /** Waits until every burst is over: the native watcher tells within half a second, and what comes then is held for 0.7 s. */
  async calm(): Promise<void> {
    for (let count = -1; count !== this.told.length;) {
      count = this.told.length;
      await pause(1500);
    }
  }

  async forget(): Promise<void> {
    await this.calm();
    this.told.length = 0;
  }
}
