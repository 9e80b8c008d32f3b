import { mkdir, mkdtemp, realpath, rename, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { approvesAll } from '../../test/support/approves-all.ts';
import { Catalogue } from '../library/catalogue.ts';
import { libraryPaths } from '../store/manifest.ts';
import { ManifestFile } from '../store/manifest-file.ts';
import { plainRoot } from '../../test/support/quiet-host.ts';
import { file, photo } from '../../test/support/rows.ts';
import { Roots } from './roots.ts';

const { signal } = new AbortController();

let folder = '';
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'afterimage-roots-')));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('leaves out the library and other roots, and all below them', async () => {
  const paths = libraryPaths(join(folder, 'photos', 'library'));
  for (const name of ['photos/trips/2019', 'photos/library']) await mkdir(join(folder, name), { recursive: true });
  const roots = new Roots(await ManifestFile.open(paths), approvesAll, new Catalogue(), paths.directory);
  await roots.add(join(folder, 'photos', 'trips'), signal);
  const { id } = await roots.add(join(folder, 'photos'), signal);
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
  const roots = new Roots(await ManifestFile.open(paths), approvesAll, catalogue, paths.directory);
  const { id } = await roots.add(photos, signal);
  catalogue.putPhoto({ ...photo, takenAt: 0, rating: null });
  catalogue.putFile({ ...file, rootId: id, relPath: 'trips/a.jpg', size, mtime, inode: String(ino) });
  expect(await roots.add(join(photos, 'trips'), signal)).toMatchObject({ id, photos: 1 });

  expect(await roots.search(id, signal)).toBe(false);
  await rename(photos, join(folder, 'pictures'));
  expect(await roots.search(id, signal)).toBe(true);
  expect(roots.one(id).movedTo).toBe(join(folder, 'pictures'));
});

it('approves no folder that a link leads to: the person has seen another path', async () => {
  const paths = libraryPaths(join(folder, 'library'));
  await mkdir(join(folder, 'private'));
  await symlink(join(folder, 'private'), join(folder, 'shown'));
  const manifest = await ManifestFile.open(paths);
  await manifest.update(() => ({ roots: [{ ...plainRoot, id: 'shown', path: join(folder, 'shown') }] }));
  const roots = new Roots(manifest, approvesAll, new Catalogue(), paths.directory);
  await expect(roots.approve('shown')).rejects.toMatchObject({
    kind: 'unreadable',
    message: expect.stringContaining('a link leads to it'),
  });
  expect(roots.record('shown').path).toBe(join(folder, 'shown'));
});

describe('a folder with other photos', () => {
  const at = (...names: string[]): string => join(folder, ...names);

  /** A library of a folder with two photos. */
  const setUp = async (): Promise<{ roots: Roots; id: string; manifest: ManifestFile; catalogue: Catalogue }> => {
    const paths = libraryPaths(at('library'));
    const [manifest, catalogue] = [await ManifestFile.open(paths), new Catalogue()];
    const roots = new Roots(manifest, approvesAll, catalogue, paths.directory);
    await mkdir(at('photos'));
    const { id } = await roots.add(at('photos'), signal);
    for (const name of ['a.jpg', 'b.jpg']) {
      await writeFile(at('photos', name), `photo ${name.repeat(3)}`);
      const { size, mtimeMs: mtime, ino } = await stat(at('photos', name));
      catalogue.putFile({
        ...file,
        fileId: name,
        photoId: name,
        rootId: id,
        relPath: name,
        size,
        mtime,
        inode: String(ino),
      });
    }
    await mkdir(at('other', 'deep'), { recursive: true });
    await writeFile(at('other', 'a.jpg'), 'another photo of the name');
    await writeFile(at('other', 'deep', 'c.jpg'), 'and one more');
    return { roots, id, manifest, catalogue };
  };

  it('is not taken for a known one, and is a new one when it is added', async () => {
    const { roots, id, manifest, catalogue } = await setUp();
    const before = roots.record(id);
    await expect(roots.relink(id, at('other'), signal)).rejects.toMatchObject({
      kind: 'invalid-request',
      message: `${at('other')} is not the folder that was ${at('photos')}: none of its 2 photos is there. Choose the folder that holds them, or add this one as a new folder.`,
    });
    expect(roots.record(id)).toEqual(before);

    // Drives that are plugged in one after the other have the same numbers.
    const { dev, ino } = await stat(at('other'), { bigint: true });
    const drive = { ...before, path: at('drive'), device: String(dev), inode: String(ino) };
    await manifest.update(() => ({ roots: [drive] }));
    const added = await roots.add(at('other'), signal);
    expect(added).toMatchObject({ path: at('other') });
    expect(added.id).not.toBe(id);
    expect(await roots.add(at('other'), signal)).toMatchObject({ id: added.id });
    expect(roots.record(id)).toEqual(drive);

    // Nothing can be lost where nothing is known.
    await roots.remove(added.id);
    for (const fileId of ['a.jpg', 'b.jpg']) catalogue.removeFile(fileId);
    expect(await roots.relink(id, at('other'), signal)).toMatchObject({ path: at('other') });
  });

  it('may have a known one in it, whatever became of its photos there', async () => {
    const { roots, id } = await setUp();
    const there = at('other', 'deep', 'photos');
    await rename(at('photos'), there);
    // Not their times, as a plain copy leaves them.
    for (const name of ['a.jpg', 'b.jpg']) await utimes(join(there, name), 1, 1);
    expect(await roots.relink(id, there, signal)).toMatchObject({ path: there });
    expect(await roots.relink(id, at('other'), signal)).toMatchObject({ path: at('other') });
  });

  it('is a known one whose photos were renamed and moved inside, or went to a cloud service', async () => {
    const { roots, id } = await setUp();
    await rename(at('photos'), at('renamed'));
    await mkdir(at('renamed', '2019'));
    await rename(at('renamed', 'a.jpg'), at('renamed', '2019', 'Rome.jpg'));
    await rm(at('renamed', 'b.jpg'));
    expect(await roots.relink(id, at('renamed'), signal)).toMatchObject({ path: at('renamed') });
    await rm(at('renamed', '2019'), { recursive: true });
    await expect(roots.relink(id, at('renamed'), signal)).rejects.toMatchObject({ kind: 'invalid-request' });
    await writeFile(at('renamed', 'b.jpg.nextcloud'), 'stub');
    expect(await roots.relink(id, at('renamed'), signal)).toMatchObject({ path: at('renamed') });
  });
});
