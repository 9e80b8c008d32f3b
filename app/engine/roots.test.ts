import { mkdir, mkdtemp, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Catalogue } from '../library/catalogue.ts';
import { libraryPaths } from '../store/manifest.ts';
import { ManifestFile } from '../store/manifest-file.ts';
import { file, photo } from '../../test/support/rows.ts';
import { Roots } from './roots.ts';

let folder = '';
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'afterimage-roots-')));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('leaves out the library and other roots, and all below them', async () => {
  const paths = libraryPaths(join(folder, 'photos', 'library'));
  for (const name of ['photos/trips/2019', 'photos/library']) await mkdir(join(folder, name), { recursive: true });
  const roots = new Roots(await ManifestFile.open(paths), new Catalogue(), paths.directory);
  await roots.add(join(folder, 'photos', 'trips'));
  const { id } = await roots.add(join(folder, 'photos'));
  const isExcluded = roots.isExcluded(roots.record(id));
  for (const name of ['trips', 'trips/2019', 'library', 'library/thumbnails/ab'])
    expect([name, isExcluded(name, true)]).toEqual([name, true]);
  expect([isExcluded('trips/2019/a.jpg', false), isExcluded('library/thumbnails/ab/c.jpg', false)]).toEqual([
    true,
    true,
  ]);
  expect([isExcluded('tripsaw', true), isExcluded('a.jpg', false)]).toEqual([false, false]);
});

it('knows how many photos the folder has that an added one lies in, and where it went without having been told', async () => {
  const paths = libraryPaths(join(folder, 'library'));
  const photos = join(folder, 'photos');
  await mkdir(join(photos, 'trips'), { recursive: true });
  await writeFile(join(photos, 'trips', 'a.jpg'), 'a');
  const { size, mtimeMs: mtime, ino } = await stat(join(photos, 'trips', 'a.jpg'));
  const catalogue = new Catalogue();
  const roots = new Roots(await ManifestFile.open(paths), catalogue, paths.directory);
  const { id } = await roots.add(photos);
  catalogue.putPhoto({ ...photo, takenAt: 0, rating: null });
  catalogue.putFile({ ...file, rootId: id, relPath: 'trips/a.jpg', size, mtime, inode: String(ino) });
  expect(await roots.add(join(photos, 'trips'))).toMatchObject({ id, photos: 1 });

  const { signal } = new AbortController();
  expect(await roots.search(id, signal)).toBe(false);
  await rename(photos, join(folder, 'pictures'));
  expect(await roots.search(id, signal)).toBe(true);
  expect(roots.one(id).movedTo).toBe(join(folder, 'pictures'));
});
