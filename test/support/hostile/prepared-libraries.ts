import { connect } from '@lancedb/lancedb';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { libraryPaths, type LibraryPaths } from '../../../app/store/manifest.ts';
import { device, file, folder, linkTo, ofAnother, pipe, socket, sparse, type Replace } from './entries.ts';
import { moveBase, moveFiles, newestManifest } from './lance-manifest.ts';
import { PRIVATE, type MockHome } from './mock-home.ts';

/** A library as somebody may hand it over who wants to do harm. */
export interface PreparedLibrary {
  readonly name: string;
  /** Turns a sound library into it. */
  readonly prepare: (home: MockHome) => Promise<unknown>;
}

const GIGABYTE = 2 ** 30;

/** An entry of the library, told from its folder on, in whose place something else is put. */
const replaced = (entry: string, what: string, replace: Replace): PreparedLibrary => ({
  name: `${entry}: ${what}`,
  prepare: async ({ library }) => {
    const path = join(library, entry);
    await mkdir(join(path, '..'), { recursive: true });
    await replace(path);
  },
});

/** The entry is a link to something of the person's; a relative one needs to know no name of a user. */
const linked = (entry: string, to: string, how: 'relative' | 'absolute'): PreparedLibrary => ({
  name: `${entry}: ${how} link to ${to}`,
  prepare: async ({ library, path: home }) => {
    const [path, target] = [join(library, entry), join(home, to)];
    await mkdir(join(path, '..'), { recursive: true });
    await linkTo(how === 'absolute' ? target : relative(join(path, '..'), target))(path);
  },
});

const changed = (name: string, change: (paths: LibraryPaths, home: MockHome) => Promise<unknown>): PreparedLibrary => ({
  name,
  prepare: (home) => change(libraryPaths(home.library), home),
});

const both = (name: string, ...parts: readonly PreparedLibrary[]): PreparedLibrary => ({
  name,
  prepare: async (home) => {
    for (const { prepare } of parts) await prepare(home);
  },
});

const setInManifest = (fields: (home: MockHome) => Readonly<Record<string, unknown>>): PreparedLibrary =>
  changed('library.json: fields', async ({ manifest }, home) => {
    // Written by the program a moment ago: an object.
    const value = JSON.parse(await readFile(manifest, 'utf8')) as Record<string, unknown>;
    await writeFile(manifest, JSON.stringify({ ...value, ...fields(home) }));
  });

/** A lock whose process is gone: the next engine clears it away. */
const lockAt = (name: string, address: (home: MockHome) => string): PreparedLibrary =>
  changed(`engine.lock: ${name}`, ({ directory }, home) =>
    writeFile(
      join(directory, 'engine.lock'),
      JSON.stringify({ pid: 4_194_303, address: address(home), secret: 'a'.repeat(32) }),
    ),
  );

const folderOfThumbnails = async ({ thumbnails }: LibraryPaths): Promise<string> => {
  const [first = ''] = (await readdir(thumbnails)).filter((name) => name.length === 2).sort();
  return join(thumbnails, first);
};

const dataFile = async (table: string): Promise<string> => {
  const [first = ''] = await readdir(join(table, 'data'));
  return join(table, 'data', first);
};

const setRelPath = (relPath: string): PreparedLibrary =>
  changed('database: paths of files', async ({ database }) => {
    const tables = await connect(database);
    const files = await tables.openTable('files');
    await files.update({ values: { rel_path: relPath } });
    files.close();
    tables.close();
  });

const root = (home: MockHome, path: string): Readonly<Record<string, unknown>> => ({
  id: 'aaaaaaaaaaaa',
  path: join(home.path, path),
  device: '0',
});

const today = (): string => `damaged-${new Date().toISOString().slice(0, 10)}`;

/** The three of which the worst was known; part of every run of the tests, with one of each other kind. */
export const sampledLibraries: readonly PreparedLibrary[] = [
  both(
    'format 1, backups: a link upwards',
    setInManifest(() => ({ format: 1 })),
    linked('backups', '', 'relative'),
  ),
  lockAt('names a file', ({ path }) => join(path, PRIVATE.file)),
  linked('database/photos.lance', PRIVATE.folder, 'relative'),
  replaced('library.json', 'three gigabytes', sparse(3 * GIGABYTE, '{')),
];

/** All of them. */
export const preparedLibraries: readonly PreparedLibrary[] = [
  ...sampledLibraries,
  linked('thumbnails', PRIVATE.folder, 'relative'),
  replaced('library.json', 'a pipe', pipe),
  both(
    'format 1, backups: an absolute link',
    setInManifest(() => ({ format: 1 })),
    linked('backups', PRIVATE.folder, 'absolute'),
  ),
  both(
    'format 1, another owner',
    setInManifest(() => ({ format: 1 })),
    replaced('database', 'of another user', ofAnother),
  ),
  lockAt('names a file by a relative path', () => join('..', '..', PRIVATE.file)),
  lockAt('names a port', () => '9'),
  linked('engine.lock', PRIVATE.file, 'relative'),
  replaced('engine.lock', 'a pipe', pipe),
  replaced('engine.lock', 'a folder', folder),
  replaced('engine.lock', 'three gigabytes', sparse(3 * GIGABYTE)),
  both(
    'engine.lock.clearing: a link',
    lockAt('dead', () => '/nowhere'),
    linked('engine.lock.clearing', PRIVATE.file, 'relative'),
  ),
  linked('thumbnails', PRIVATE.folder, 'absolute'),
  replaced('thumbnails', 'a file', file('')),
  linked('thumbnails/new', PRIVATE.folder, 'relative'),
  changed('thumbnails: a folder in it is a link', async (paths, { path }) =>
    linkTo(join(path, PRIVATE.folder))(await folderOfThumbnails(paths)),
  ),
  changed('thumbnails: a file in it is a link', async (paths, { path }) => {
    const place = await folderOfThumbnails(paths);
    for (const name of await readdir(place)) await linkTo(join(path, PRIVATE.picture))(join(place, name));
  }),
  linked('library.json', 'photos.json', 'relative'),
  linked('library.json', 'nothing-there.json', 'absolute'),
  replaced('library.json', 'a link to itself', linkTo('library.json')),
  replaced('library.json', 'a device', device),
  replaced('library.json', 'a socket', socket),
  replaced('library.json', 'a folder', folder),
  replaced('library.json', 'of another user', ofAnother),
  replaced('library.json', '200 MB of brackets', (path) => file(Buffer.alloc(200e6, '['))(path)),
  replaced('library.json', 'a million objects in each other', (path) => file('{"format":'.repeat(1e6))(path)),
  both(
    'spare/library.json: a pipe',
    replaced('library.json', 'nothing', file('')),
    replaced('spare/library.json', 'a pipe', pipe),
  ),
  linked('spare', PRIVATE.folder, 'relative'),
  linked('database', PRIVATE.folder, 'absolute'),
  replaced('database', 'a file', file('')),
  linked('database/files.lance/_versions', PRIVATE.folder, 'relative'),
  linked('database/photos.lance/data', PRIVATE.pictures, 'relative'),
  linked('database/files.lance/_indices', PRIVATE.folder, 'absolute'),
  changed('database: a file of data is a link', async ({ database }, { path }) =>
    linkTo(join(path, PRIVATE.picture))(await dataFile(join(database, 'photos.lance'))),
  ),
  changed('database: a manifest is a pipe', async ({ database }) =>
    pipe(await newestManifest(join(database, 'files.lance'))),
  ),
  changed('database: a base path', ({ database }, { path }) => moveBase(join(database, 'files.lance'), path)),
  changed('database: a base path on the network', ({ database }) =>
    moveBase(join(database, 'files.lance'), 's3://afterimage-test/nowhere'),
  ),
  changed('database: files above the table', ({ database }) =>
    moveFiles(join(database, 'photos.lance'), '../../../../../Private/passport.jpg'),
  ),
  both('database: paths that lead out of their folder', setRelPath('../Private/passport.jpg')),
  linked('mending', PRIVATE.folder, 'relative'),
  both(
    'damaged-…: a link',
    replaced('library.json', 'nothing', file('{')),
    changed('damaged-…', ({ directory }, { path }) => linkTo(join(path, PRIVATE.folder))(join(directory, today()))),
  ),
  linked('pictures', 'Pictures', 'relative'),
  linked('bridges', PRIVATE.folder, 'relative'),
  linked('cache', PRIVATE.folder, 'relative'),
  linked('snapshots', PRIVATE.folder, 'relative'),
  linked('searches.json', 'photos.json', 'relative'),
  replaced('searches.json', 'three gigabytes', sparse(3 * GIGABYTE)),
  replaced('views.json', 'a pipe', pipe),
  both(
    'roots: folders of the person',
    setInManifest((home) => ({ roots: [root(home, PRIVATE.pictures), root(home, '.ssh')] })),
  ),
  both(
    'models: a folder of the person',
    setInManifest(({ path }) => ({
      models: [
        {
          id: 'starter-75cc9ddd',
          name: 'starter',
          directory: join(path, PRIVATE.folder),
          kind: 'full',
          layout: 'transformers',
          dimension: 112,
          fingerprint: '75cc9ddd',
        },
      ],
    })),
  ),
  changed('cache: a tree of links', async ({ cache }, { path }) => {
    await mkdir(join(cache, 'deep'), { recursive: true });
    await linkTo(path)(join(cache, 'deep', 'home'));
    await rm(join(cache, 'nothing'), { force: true });
  }),
];
