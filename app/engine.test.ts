import { connect } from '@lancedb/lancedb';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { starterModel } from '../test/support/model-folders.ts';
import { file, none, photo } from '../test/support/rows.ts';
import { openEngine, type Engine } from './engine.ts';
import { openLibrary } from './store/library.ts';
import { libraryPaths } from './store/manifest.ts';

const DAY_MS = 86_400_000;
const REST_MS = 20_000;

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'afterimage-engine-'));
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
});
afterEach(async () => {
  vi.useRealTimers();
  await rm(folder, { recursive: true, force: true });
});

/** An engine without a model, in whose library files have been gone for so many days. */
const open = async (days: readonly number[]): Promise<Engine> => {
  const library = join(folder, 'library');
  const { store } = await openLibrary(libraryPaths(library));
  const files = days.map((gone) => ({ ...file, fileId: `f${String(gone)}`, goneAt: Date.now() - gone * DAY_MS }));
  await store.commit({ vectors: [], photos: [photo], files }, none);
  await store.close();
  return openEngine({
    version: '0',
    library,
    starterModel,
    columnsGraph: '',
    vocabulary: '',
    catalogue: resolve(import.meta.dirname, '../models/catalogue.json'),
    models: join(folder, 'models'),
    worker: { entry: '' },
    approvals: null,
    threads: 1,
  });
};
const remembered = async (): Promise<number> => {
  const database = await connect(join(folder, 'library', 'database'));
  const table = await database.openTable('files');
  const count = await table.countRows();
  database.close();
  return count;
};
const { signal } = new AbortController();

it('forgets what has been gone for long, although no run was asked for', async () => {
  const engine = await open([31, 29.5, 10, 5, 3]);
  expect(await remembered()).toBe(5);
  await vi.advanceTimersByTimeAsync(REST_MS);
  await expect.poll(remembered).toBe(4);
  await vi.advanceTimersByTimeAsync(DAY_MS);
  await expect.poll(remembered).toBe(3);
  await engine.handlers['settings.change']({ graceDays: 9 }, signal);
  await vi.advanceTimersByTimeAsync(REST_MS);
  await expect.poll(remembered).toBe(2);
  // Marks are tidied up after like anything else that is written; meanwhile the time of the others has come.
  vi.setSystemTime(Date.now() + 4 * DAY_MS);
  await engine.handlers['photos.mark']({ ids: [photo.photoId], rating: 4 }, signal);
  await vi.advanceTimersByTimeAsync(REST_MS);
  await expect.poll(remembered).toBe(1);
  vi.setSystemTime(Date.now() + 2 * DAY_MS);
  const marked = { favourite: true, rating: null, hidden: false };
  const photos = [{ ...marked, contentHashes: ['a'.repeat(64)], pixelHash: '', paths: [] }];
  await engine.handlers['library.import']({ afterimage: 'user-data', version: 1, photos, searches: [] }, signal);
  await vi.advanceTimersByTimeAsync(REST_MS);
  await expect.poll(remembered).toBe(0);
  await engine.close();
});
