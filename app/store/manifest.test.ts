import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { libraryPaths, type RootRecord } from './manifest.ts';
import { ManifestFile } from './manifest-file.ts';

let parent = '';
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'afterimage-manifest-'));
});
afterEach(() => rm(parent, { recursive: true, force: true }));

describe('the library manifest', () => {
  it('makes a library in a new folder that only its owner can enter', async () => {
    const paths = libraryPaths(join(parent, 'holidays'));
    expect((await ManifestFile.open(paths)).value).toMatchObject({
      format: 2,
      name: 'holidays',
      roots: [],
      activeModel: null,
    });
    if (process.platform !== 'win32') expect((await stat(paths.directory)).mode & 0o777).toBe(0o700);
  });

  it('keeps changes made at the same moment', async () => {
    const paths = libraryPaths(join(parent, 'l'));
    const manifest = await ManifestFile.open(paths);
    const root: RootRecord = {
      id: 'r',
      path: '/p',
      device: '1',
      inode: '2',
      volumes: [],
      paused: false,
      excludes: [],
      follow: 'watch',
    };
    await Promise.all([
      manifest.update(() => ({ activeModel: 'm' })),
      manifest.update(({ roots }) => ({ roots: [...roots, root] })),
    ]);
    expect((await ManifestFile.open(paths)).value).toMatchObject({ activeModel: 'm', roots: [{ id: 'r' }] });
  });

  it('refuses what a newer program wrote, and leaves it as it is', async () => {
    const paths = libraryPaths(parent);
    const written = JSON.stringify({ format: 3, anything: true });
    await writeFile(paths.manifest, written);
    await expect(ManifestFile.open(paths)).rejects.toMatchObject({
      kind: 'library-newer',
      message: expect.stringContaining('Update Afterimage'),
    });
    expect(await readFile(paths.manifest, 'utf8')).toBe(written);
  });

  it.each(['', '{', '[]', '{"format":1}', '{"format":0}', '{"format":"1"}'])(
    'names the file when it is damaged: %s',
    async (text) => {
      const paths = libraryPaths(parent);
      await writeFile(paths.manifest, text);
      await expect(ManifestFile.open(paths)).rejects.toMatchObject({
        kind: 'library-damaged',
        message: expect.stringContaining(paths.manifest),
      });
    },
  );

  it('has its manifest before anything else, so that a kill leaves a library', async () => {
    const paths = libraryPaths(join(parent, 'begun'));
    await mkdir(paths.directory);
    // A file where a folder belongs ends the opening right after the manifest, as a kill would.
    await writeFile(join(parent, 'elsewhere'), '');
    await expect(ManifestFile.open({ ...paths, thumbnails: join(parent, 'elsewhere', 'x') })).rejects.toThrow();
    expect((await ManifestFile.open(paths)).value).toMatchObject({ format: 2, name: 'begun' });
  });

  it('does not make a library among other things', async () => {
    await mkdir(join(parent, 'photos'));
    await expect(ManifestFile.open(libraryPaths(parent))).rejects.toMatchObject({
      kind: 'unreadable',
      message: expect.stringContaining('not empty'),
    });
  });
});
