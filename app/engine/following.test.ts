import { approvesAll } from '../../test/support/approves-all.ts';
import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { quietHost } from '../../test/support/quiet-host.ts';
import { Catalogue } from '../library/catalogue.ts';
import { libraryPaths } from '../store/manifest.ts';
import { ManifestFile } from '../store/manifest-file.ts';
import { Following } from './following.ts';
import { Indexer } from './indexer.ts';
import { Roots } from './roots.ts';

const MINUTE_MS = 60_000;

let folder = '';
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'afterimage-following-')));
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(async () => {
  vi.useRealTimers();
  await rm(folder, { recursive: true, force: true });
});

/** An empty folder that is followed by the clock, and a disk that may be full. */
const setUp = async () => {
  const paths = libraryPaths(join(folder, 'library'));
  const photos = join(folder, 'photos');
  for (const path of [paths.directory, photos]) await mkdir(path);
  const catalogue = new Catalogue();
  const roots = new Roots(await ManifestFile.open(paths), approvesAll, catalogue, paths.directory);
  const { id } = await roots.add(photos, new AbortController().signal);
  await roots.change(id, { follow: 'hourly' });
  const disk = { isFull: false };
  let runs = 0;
  let told = 0;
  const following: Following = new Following({
    roots,
    indexer: () => indexer,
    snapshots: paths.snapshots,
    canIndex: () => true,
    onReach: () => undefined,
    onRoots: () => told++,
  });
  const indexer: Indexer = new Indexer({
    ...quietHost(),
    catalogue,
    roots: () => roots.records,
    isExcluded: (root) => roots.isExcluded(root),
    finish: () =>
      disk.isFull
        ? Promise.reject(Object.assign(new Error('no space left on device'), { code: 'ENOSPC' }))
        : Promise.resolve(),
    onEnd: (looked, failure) => {
      following.ended(looked, failure);
      runs += 1;
    },
  });
  return {
    id,
    roots,
    following,
    indexer,
    disk,
    runs: () => runs,
    told: () => told,
    hasRun: (times: number) => expect.poll(() => runs).toBe(times),
  };
};

it('says what broke off a run that nobody waits for, and tries again ever less often until one succeeds', async () => {
  const { roots, following, disk, runs, told, hasRun } = await setUp();
  disk.isFull = true;
  await following.start();
  await hasRun(1);
  const before = told();
  expect(roots.notices()).toMatchObject([
    {
      kind: 'broken-off',
      message: expect.stringMatching(/photos could not .*disk .*full.*Free.*tried again by itself/u),
    },
  ]);
  for (const [tries, minutes] of [1, 2, 4, 8, 16, 30, 30].entries()) {
    await vi.advanceTimersByTimeAsync(minutes * MINUTE_MS - 1);
    expect(runs()).toBe(tries + 1);
    await vi.advanceTimersByTimeAsync(1);
    await hasRun(tries + 2);
  }
  // It was said once.
  expect([roots.notices().length, told()]).toEqual([1, before]);
  disk.isFull = false;
  await vi.advanceTimersByTimeAsync(30 * MINUTE_MS);
  await hasRun(9);
  expect([roots.notices(), told()]).toEqual([[], before + 1]);
  await vi.advanceTimersByTimeAsync(60 * MINUTE_MS);
  expect(runs()).toBe(9);
  await following.close();
});

it('takes a run that the person asks for as well, and leaves folders alone that are not to be followed', async () => {
  const { id, roots, following, indexer, disk, runs, hasRun } = await setUp();
  await following.start();
  await hasRun(1);
  disk.isFull = true;
  await expect(indexer.run()).rejects.toThrow('no space left');
  expect(roots.notices()).toMatchObject([{ kind: 'broken-off', rootId: id }]);
  await roots.change(id, { follow: 'manual' });
  expect(roots.notices()).toMatchObject([{ message: expect.stringContaining('Scan it again then.') }]);
  await vi.advanceTimersByTimeAsync(60 * MINUTE_MS);
  expect(runs()).toBe(2);
  // A look at a part of it makes up for nothing.
  disk.isFull = false;
  await indexer.look(id, [{ folder: '', deep: false }]);
  expect(roots.notices()).toHaveLength(1);
  await indexer.run();
  expect(roots.notices()).toEqual([]);
  await following.close();
});
