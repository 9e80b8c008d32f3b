import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FollowedFolder } from '../../../test/support/followed-folder.ts';
import { realSystem, type WatchSystem } from './system.ts';
import type { FollowedRoot, RootChange } from './watching.ts';

let folder: FollowedFolder;
beforeEach(async () => {
  folder = await FollowedFolder.make();
});
afterEach(() => folder.remove());

describe('Watching, where the system does not tell', () => {
  let monotonic = 0;
  let wall = 0;
  const clocks = { monotonic: () => monotonic, wall: () => wall, tick: 3_600_000 };
  const pass = async (seconds: number, wallSeconds = seconds): Promise<RootChange[]> => {
    folder.told.length = 0;
    // As the timer does, without the waiting.
    for (let left = seconds; left > 0; left -= 10) {
      monotonic += Math.min(10, left) * 1000;
      wall += (Math.min(10, left) * 1000 * wallSeconds) / seconds;
      await folder.watching.tick();
      await folder.sync();
    }
    return folder.told;
  };
  const reopen = async (system: Partial<WatchSystem>, changed: Partial<FollowedRoot> = {}): Promise<void> => {
    monotonic = 1000;
    wall = 1_700_000_000_000;
    await folder.open({ ...clocks, ...system }, changed);
    await folder.forget();
  };

  it('scans by the clock when there are more folders than may be watched, and says how to raise the limit', async () => {
    let limit = 4;
    await reopen({ watchLimit: () => Promise.resolve(limit) });
    expect(folder.state).toEqual({
      watching: 300,
      notice: {
        message: expect.stringMatching(/4 or more folders.*together watch 4\. .*every 5 minutes/u),
        command: expect.stringContaining('fs.inotify.max_user_watches=524288'),
      },
    });
    expect(await pass(290)).toEqual([]);
    expect(await pass(10)).toEqual(['everything']);
    limit = 100;
    await folder.watching.tick();
    await folder.sync({});
    expect(folder.state).toEqual({ watching: 'events', notice: null });
  });

  it('notices when folders that are added go beyond the limit', async () => {
    await reopen({ watchLimit: () => Promise.resolve(7) });
    expect(folder.state.watching).toBe('events');
    for (let n = 0; n < 5; n++) await folder.put(`added${n}/a.jpg`);
    await expect.poll(() => folder.state.watching).toBe(300);
    expect(folder.told.at(-1)).toBe('everything');
  });

  it('scans network drives by the clock, never more than a twentieth of the time', async () => {
    await reopen({ mountType: () => Promise.resolve('nfs4') });
    expect(folder.state).toEqual({
      watching: 900,
      notice: { message: expect.stringContaining('network drive (nfs4)'), command: null },
    });
    await folder.watching.reconciled('r', 90);
    expect(folder.state.watching).toBe(1800);
    expect(folder.state.notice?.message).toContain('every 30 minutes');
    expect(await pass(1790)).toEqual([]);
    expect(await pass(10)).toEqual(['everything']);
  });

  it('tries again ever less often when the watcher fails', async () => {
    let tries = 0;
    await reopen({
      subscribe: () => {
        tries += 1;
        return Promise.reject(new Error('The watcher is out of order.'));
      },
    });
    expect(folder.state.notice?.message).toContain('The watcher is out of order.');
    tries = 0;
    const scans = await pass(4 * 3600);
    expect(tries).toBeGreaterThanOrEqual(5);
    expect(tries).toBeLessThanOrEqual(10);
    expect(scans.length).toBeLessThanOrEqual((4 * 3600) / 300);
    expect(scans.length).toBeGreaterThan(30);
  });

  it('begins again after the watcher broke off, and scans', async () => {
    let fail: ((error: Error) => void) | undefined;
    await reopen({
      subscribe: (folder, onEvents, ignore) => {
        fail = (error) => {
          onEvents(error, []);
        };
        return realSystem.subscribe(folder, onEvents, ignore);
      },
    });
    await pass(120);
    fail?.(new Error('Buffer overflow. Some events may have been lost.'));
    await expect.poll(() => folder.told).toEqual(['everything']);
    expect(folder.state).toEqual({ watching: 'events', notice: null });
    // Broken so soon, it is not worth a third try at once.
    fail?.(new Error('Buffer overflow. Some events may have been lost.'));
    await expect.poll(() => folder.state.watching).toBe(300);
    await pass(130);
    await folder.sync({});
    expect(folder.state.watching).toBe('events');
    fail?.(new Error('Events were dropped by the kernel. File system must be re-scanned.'));
    folder.told.length = 0;
    await expect.poll(() => folder.told).toEqual(['everything']);
    expect(folder.state.watching).toBe('events');
  });

  it('scans on wake, and every six hours although events come', async () => {
    await reopen({});
    expect(await pass(10, 3600)).toEqual(['everything']);
    expect(await pass(6 * 3600 - 10)).toEqual([]);
    expect(await pass(10)).toEqual(['everything']);
  });

  it('is neither stopped nor hurried by a clock that is set back', async () => {
    await reopen({}, { follow: 'hourly' });
    expect(folder.state).toEqual({ watching: 3600, notice: null });
    expect(await pass(10, -86_400)).toEqual([]);
    expect(await pass(3580)).toEqual([]);
    expect(await pass(10)).toEqual(['everything']);
    expect(await pass(7200)).toHaveLength(2);
    await folder.sync({ follow: 'daily' });
    expect(await pass(86_390)).toEqual([]);
    expect(await pass(10)).toEqual(['everything']);
  });

  it('looks now and then at a root that is there but was offline', async () => {
    await reopen({}, { isOffline: true });
    expect(folder.state.watching).toBeNull();
    expect(await pass(590)).toEqual([]);
    expect(await pass(10)).toEqual(['everything']);
  });
});
