import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { DIMENSION, file, none, photo } from '../../test/support/rows.ts';
import { Catalogue } from '../library/catalogue.ts';
import { openLibrary } from '../store/library.ts';
import { libraryPaths, noIdentity } from '../store/manifest.ts';
import { openSafely } from './open-safely.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'afterimage-open-'));
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true });
});

it('counts a start that ends while rows are read: some may be larger than the memory', async () => {
  const paths = libraryPaths(join(folder, 'library'));
  const { store } = await openLibrary(paths);
  await store.useVectors('m', DIMENSION);
  await store.commit({ photos: [photo], files: [file], vectors: [] }, none);
  await store.close();

  const models = join(folder, 'models');
  const starts = join(models, '.starts');
  const counted: unknown[] = [];
  for (const step of ['putPhoto', 'putFile'] as const)
    vi.spyOn(Catalogue.prototype, step).mockImplementation(() => {
      const [name = ''] = readdirSync(starts);
      counted.push(JSON.parse(readFileSync(join(starts, name), 'utf8')));
    });
  const opened = await openSafely({ models }, paths, noIdentity);
  expect(counted).toEqual([{ database: 1 }, { database: 1 }]);
  expect(readdirSync(starts)).toEqual([]);
  await opened.store.close();
});
