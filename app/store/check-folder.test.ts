import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addBasePath } from '../../test/support/lance-manifests.ts';
import { checkLibraryFolder } from './check-folder.ts';
import { openLibrary } from './library.ts';
import { libraryPaths, type LibraryPaths } from './manifest.ts';

let home = '';
let paths: LibraryPaths;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'afterimage-check-'));
  await mkdir(join(home, 'victim'));
  await writeFile(join(home, 'victim', 'letter.txt'), 'dear');
  paths = libraryPaths(join(home, 'library'));
  await mkdir(paths.directory);
});
afterEach(() => rm(home, { recursive: true, force: true }));

/** Entries of a library that may be planted, relative to it. */
const ENTRIES = [
  ...[
    'library.json',
    'searches.json',
    'views.json',
    'import.json',
    'database',
    'spare',
    'mending',
    'thumbnails',
    'pictures',
  ],
  ...['bridges', 'snapshots', 'cache', 'backups', 'damaged-2026-01-01'],
  ...['database/photos.lance', 'database/photos.lance/_versions/1.manifest', 'spare/marks.json', 'spare/library.json'],
  ...['snapshots/a.snapshot', 'backups/format-1/database/files.lance/data', 'mending/bench', 'bridges/a--b.map'],
];

const kinds: readonly (readonly [string, (path: string) => Promise<void>])[] = [
  ['a link to a folder', (path) => symlink(join(home, 'victim'), path)],
  ['a relative link upwards', (path) => symlink('../..', path)],
  ['a dangling link', (path) => symlink('/nowhere/at/all', path)],
  ['a link to itself', (path) => symlink(path, path)],
  ...(process.platform === 'win32'
    ? []
    : [['a pipe', (path: string): Promise<void> => Promise.resolve(void execFileSync('mkfifo', [path]))] as const]),
];

describe.each(kinds)('a library in which %s lies', (_, plant) => {
  it.each(ENTRIES)('in the place of %s is not opened, and the entry is named', async (entry) => {
    const path = join(paths.directory, entry);
    await mkdir(dirname(path), { recursive: true });
    await plant(path);
    await expect(openLibrary(paths)).rejects.toMatchObject({ kind: 'library-damaged' });
    await expect(openLibrary(paths)).rejects.toThrow(path);
  });
});

it.each(['/etc', '../../victim', 's3://bucket/x', 'http://127.0.0.1:1/x'])(
  'a table that says it lies in %s in part is refused before LanceDB reads it',
  async (place) => {
    const { store } = await openLibrary(paths);
    await store.close();
    await addBasePath(join(paths.database, 'photos.lance'), place);
    await expect(openLibrary(paths)).rejects.toMatchObject({ kind: 'library-damaged' });
    await expect(openLibrary(paths)).rejects.toThrow('lie in other folders or on other computers');
  },
);

it('refuses a file in the place of a folder, and a folder in the place of a file', async () => {
  await writeFile(paths.database, '');
  await expect(checkLibraryFolder(paths)).rejects.toThrow(`${paths.database} is not a folder`);
  await rm(paths.database);
  await mkdir(paths.manifest);
  await expect(checkLibraryFolder(paths)).rejects.toThrow(`${paths.manifest} is not a regular file`);
});

it('passes a library, an empty folder, a missing one, and one that is reached by a link', async () => {
  await checkLibraryFolder(libraryPaths(join(home, 'missing')));
  await checkLibraryFolder(paths);
  const { store } = await openLibrary(paths);
  await store.close();
  await checkLibraryFolder(paths);
  await symlink(paths.directory, join(home, 'by-link'));
  await checkLibraryFolder(libraryPaths(join(home, 'by-link')));
});
