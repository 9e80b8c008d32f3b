import { appendFile, chmod, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { covers, FollowedFolder } from '../../../test/support/followed-folder.ts';
import { compileExclusions } from '../exclusions.ts';

const it = test.extend<{ folder: FollowedFolder }>({
  folder: async ({ task: _ }, use) => {
    const folder = await FollowedFolder.make();
    await folder.open();
    // A root without a snapshot is scanned.
    folder.told.length = 0;
    await use(folder);
    await folder.remove();
  },
});

describe('Watching, in time', () => {
  it('tells of a new file by its folder', async ({ folder }) => {
    expect(folder.state).toEqual({ watching: 'events', notice: null });
    await folder.put('2019/new.jpg');
    await folder.tells('2019/new.jpg');
    expect(folder.told).toEqual([[{ folder: '2019', deep: false }]]);
    await folder.forget();
    await folder.put('top.jpg');
    await folder.tells('top.jpg');
    expect(folder.told[0]).toEqual([{ folder: '', deep: false }]);
  });

  it('tells of a file that grows now and then, not at every write', async ({ folder }) => {
    const begun = performance.now();
    for (let write = 0; write < 200; write++) {
      await appendFile(join(folder.path, '2020', 'film.mp4'), 'x'.repeat(1000));
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    await folder.calm();
    expect(folder.told.length).toBeGreaterThanOrEqual(2);
    // From the end of a burst to that of the next it takes 0.7 s at least, and on a busy machine they are more.
    expect(folder.told.length).toBeLessThanOrEqual(1 + (performance.now() - begun) / 700);
    expect(folder.told.every((change) => covers(change, '2020/film.mp4'))).toBe(true);
  });

  it('survives 10,000 renames in a second', async ({ folder }) => {
    await Promise.all(Array.from({ length: 10_000 }, (_, n) => folder.put(`many/${n % 100}/${n}.jpg`, '')));
    await folder.forget();
    await folder.forget();
    await Promise.all(
      Array.from({ length: 10_000 }, (_, n) =>
        rename(
          join(folder.path, 'many', String(n % 100), `${n}.jpg`),
          join(folder.path, 'many', String(n % 100), `${n}.jpeg`),
        ),
      ),
    );
    for (const n of [0, 5000, 9999]) await folder.tells(`many/${n % 100}/${n}.jpeg`);
    await folder.forget();
    expect(folder.state).toEqual({ watching: 'events', notice: null });
    await folder.put('many/5/new.jpg');
    await folder.tells('many/5/new.jpg');
    expect(folder.told[0]).not.toBe('everything');
  });
});

describe.concurrent('Watching, with the system’s own events', () => {
  it('tells of changed and deleted files', async ({ folder }) => {
    await appendFile(join(folder.path, '2020', 'b.jpg'), 'more');
    await folder.tells('2020/b.jpg');
    await folder.forget();
    await rm(join(folder.path, '2020', 'b.jpg'));
    await folder.tells('2020/b.jpg');
    expect(folder.told[0]).toEqual([{ folder: '2020', deep: false }]);
  });

  it('tells of a renamed folder with 1,000 files by two folders, and sees into it from then on', async ({ folder }) => {
    await Promise.all(Array.from({ length: 1000 }, (_, n) => folder.put(`big/${n % 10}/${n}.jpg`)));
    await folder.forget();
    await rename(join(folder.path, 'big'), join(folder.path, 'large'));
    await folder.tells('large/3/3.jpg');
    await folder.tells('big/3/3.jpg');
    const folders = folder.told.flatMap((change) => (change === 'everything' ? [] : change));
    expect(folders).toContainEqual({ folder: 'big', deep: true });
    expect(folders).toContainEqual({ folder: 'large', deep: true });
    expect(folders).toContainEqual({ folder: '', deep: false });
    expect(folders).toHaveLength(3);
    await folder.forget();
    await folder.put('large/7/new.jpg');
    await folder.tells('large/7/new.jpg');
    await folder.forget();
    await rename(join(folder.path, 'large'), join(folder.path, '2019', 'huge'));
    await folder.tells('2019/huge/1/1.jpg');
    await folder.forget();
    await folder.put('2019/huge/7/newer.jpg');
    await folder.tells('2019/huge/7/newer.jpg');
  });

  it('loses nothing in folders that appear faster than they can be watched', async ({ folder }) => {
    await Promise.all(Array.from({ length: 20 }, (_, n) => folder.put(`deep/${n}/a/b/c/d/${n}.jpg`)));
    for (let n = 0; n < 20; n++) await folder.tells(`deep/${n}/a/b/c/d/${n}.jpg`);
    await folder.forget();
    for (let n = 0; n < 20; n++) await folder.put(`deep/${n}/a/b/c/d/later.jpg`);
    for (let n = 0; n < 20; n++) await folder.tells(`deep/${n}/a/b/c/d/later.jpg`);
  });

  it('tells of a folder that was moved in, and out, and of another one under the same name', async ({ folder }) => {
    const outside = join(folder.home, 'outside');
    await mkdir(join(outside, 'x', 'y'), { recursive: true });
    await rename(outside, join(folder.path, 'in'));
    await folder.tells('in/x/y/a.jpg');
    await folder.forget();
    await rename(join(folder.path, 'in'), outside);
    await folder.tells('in/x/y/a.jpg');
    await folder.forget();
    await mkdir(join(folder.home, 'other', '2019', 'z'), { recursive: true });
    await rename(join(folder.path, '2019'), join(folder.home, 'gone'));
    await rename(join(folder.home, 'other', '2019'), join(folder.path, '2019'));
    await folder.tells('2019/Rome/a.jpg');
    await folder.forget();
    await rm(join(folder.home, 'gone'), { recursive: true });
    await folder.put('2019/z/new.jpg');
    await folder.tells('2019/z/new.jpg');
  });

  it('does not tell of what is left out', async ({ folder }) => {
    await folder.put('skipped/a.jpg');
    await folder.put('2019/@eaDir/a.jpg');
    await folder.put('2019/.hidden.jpg');
    await folder.calm();
    // A folder is only known for one that is left out once it has been looked at.
    expect(folder.told.some((change) => covers(change, 'skipped/a.jpg'))).toBe(false);
    expect(folder.told.some((change) => change === 'everything' || change.some(({ deep }) => deep))).toBe(false);
    await folder.forget();
    await folder.put('skipped/b.jpg');
    await folder.put('2019/@eaDir/b.jpg');
    await folder.calm();
    expect(folder.told).toEqual([]);
  });

  it.skipIf(process.getuid?.() === 0)('watches around a folder that it may not read', async ({ folder }) => {
    await folder.put('secret/a.jpg');
    await chmod(join(folder.path, 'secret'), 0);
    await folder.sync({ isExcluded: compileExclusions([]) });
    expect(folder.state.watching).toBe('events');
    await chmod(join(folder.path, 'secret'), 0o700);
  });

  it('tells when the root goes, and follows it again when it is back', async ({ folder }) => {
    await rename(folder.path, join(folder.home, 'away'));
    await folder.until(() => folder.told.some((change) => change === 'everything'));
    await folder.sync({ isOffline: true });
    expect(folder.state).toEqual({ watching: null, notice: null });
    folder.told.length = 0;
    await folder.watching.tick();
    expect(folder.told).toEqual([]);
    await rename(join(folder.home, 'away'), folder.path);
    await folder.watching.tick();
    expect(folder.told).toEqual(['everything']);
    await folder.sync({});
    expect(folder.state.watching).toBe('events');
    await folder.forget();
    await folder.put('2019/Rome/new.jpg');
    await folder.tells('2019/Rome/new.jpg');
  });

  it('lets go of roots that are removed, paused, or followed by hand', async ({ folder }) => {
    for (const roots of [[], [folder.root({ paused: true })], [folder.root({ follow: 'manual' })]]) {
      await folder.watching.sync(roots);
      expect(folder.state.watching).toBeNull();
      await folder.put(`2019/${roots.length}.jpg`);
      await folder.calm();
      expect(folder.told).toEqual([]);
    }
  });

  it('follows two roots apart', async ({ folder }) => {
    const other = join(folder.home, 'Other');
    await mkdir(other);
    await folder.watching.sync([folder.root(), folder.root({ id: 'o', path: other })]);
    await folder.forget();
    await writeFile(join(other, 'a.jpg'), '');
    await folder.tells('a.jpg');
    await folder.sync({ id: 'o', path: other });
    await folder.forget();
    await folder.put('2019/new.jpg');
    await writeFile(join(other, 'b.jpg'), '');
    await folder.tells('b.jpg');
    await folder.calm();
    expect(folder.told).toHaveLength(1);
  });
});

describe.concurrent('Watching, after a restart', () => {
  const restart = async (folder: FollowedFolder, meanwhile: () => Promise<void>): Promise<void> => {
    await folder.watching.reconciled('r', 1);
    await folder.close();
    folder.told.length = 0;
    await meanwhile();
    await folder.open();
    await folder.calm();
  };

  it('catches up with what has changed, and with nothing else', async ({ folder }) => {
    await restart(folder, () => Promise.resolve());
    expect(folder.told).toEqual([]);
    await restart(folder, async () => {
      await folder.put('2019/new.jpg');
      await folder.put('new/deep/c.jpg');
      await rm(join(folder.path, '2020'), { recursive: true });
    });
    for (const file of ['2019/new.jpg', 'new/deep/c.jpg', '2020/b.jpg'])
      expect(folder.told.some((change) => covers(change, file))).toBe(true);
    expect(folder.told.some((change) => covers(change, '2019/Rome/a.jpg'))).toBe(false);
    await folder.forget();
    await folder.put('new/deep/d.jpg');
    await folder.tells('new/deep/d.jpg');
  });

  it.for<[string, (file: string) => Promise<void>]>([
    ['missing', (file: string) => rm(file)],
    ['cut off', (file: string) => writeFile(file, '99999\n12/some/where')],
    ['another', (file: string) => appendFile(file, 'x')],
  ])('asks for a scan when the snapshot is %s', async ([, damage], { folder }) => {
    await restart(folder, async () => {
      const directory = join(folder.home, 'snapshots');
      for (const name of await readdir(directory)) if (name.endsWith('.snapshot')) await damage(join(directory, name));
    });
    expect(folder.told).toEqual(['everything']);
    expect(folder.state.watching).toBe('events');
  });

  it('ignores the snapshot of a folder that was elsewhere', async ({ folder }) => {
    await restart(folder, async () => {
      await rename(folder.path, join(folder.home, 'Elsewhere'));
      folder.path = join(folder.home, 'Elsewhere');
    });
    expect(folder.told).toEqual(['everything']);
  });
});
