import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { file, none, photo } from '../../test/support/rows.ts';
import { openLibrary } from './library.ts';
import { libraryPaths } from './manifest.ts';
import { deleteLibrary, moveLibrary } from './moving.ts';
import { librarySize } from './size.ts';

let parent = '';
let library = '';
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'afterimage-moving-'));
  library = join(parent, 'library');
  const { store } = await openLibrary(libraryPaths(library));
  await store.commit({ vectors: [], photos: [photo], files: [file] }, none);
  await store.optimize();
  await store.close();
});
afterEach(() => rm(parent, { recursive: true, force: true }));

describe('a library as a whole', () => {
  it('is moved with all that it holds', async () => {
    const place = join(parent, 'new', 'place');
    await moveLibrary(library, place);
    const { store } = await openLibrary(libraryPaths(place));
    expect(await store.photo('p1')).toEqual(photo);
    await store.close();
    expect(await readdir(parent)).toEqual(['new']);
  });

  it('is not moved onto anything, and nothing else is moved', async () => {
    await mkdir(join(parent, 'photos'));
    await writeFile(join(parent, 'photos', 'a.jpg'), 'mine');
    await expect(moveLibrary(library, join(parent, 'photos'))).rejects.toMatchObject({ kind: 'invalid-request' });
    await expect(moveLibrary(join(parent, 'photos'), join(parent, 'x'))).rejects.toMatchObject({ kind: 'not-found' });
    expect(await readdir(join(parent, 'photos'))).toEqual(['a.jpg']);
  });

  it('is deleted, and what else lies in its folder stays', async () => {
    await writeFile(join(library, 'diary.txt'), 'mine');
    expect(await deleteLibrary(library)).toEqual(['diary.txt']);
    expect(await readFile(join(library, 'diary.txt'), 'utf8')).toBe('mine');
    await expect(deleteLibrary(library)).rejects.toMatchObject({ kind: 'not-found' });
    expect(await readdir(library)).toEqual(['diary.txt']);
  });

  it('leaves nothing behind when nothing else lies there', async () => {
    const { own: _own, directory: _directory, manifest: _manifest, ...parts } = libraryPaths(library);
    for (const path of Object.values<string>(parts))
      if (path.endsWith('.json')) await writeFile(path, '{}');
      else await mkdir(path, { recursive: true });
    expect(await deleteLibrary(library)).toEqual([]);
    expect(await readdir(parent)).toEqual([]);
  });

  it('is measured, each file once', async () => {
    const before = await librarySize(libraryPaths(library));
    expect(before.database).toBeGreaterThan(1000);
    expect(before.thumbnails).toBe(0);
    await mkdir(join(library, 'thumbnails', '00'), { recursive: true });
    await writeFile(join(library, 'thumbnails', '00', 'a.jpg'), Buffer.alloc(500));
    await writeFile(join(library, 'pictures', 'b.jpg'), Buffer.alloc(70));
    expect(await librarySize(libraryPaths(library))).toEqual({
      ...before,
      thumbnails: 500,
      other: before.other + 70,
    });
  });
});
