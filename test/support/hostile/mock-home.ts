import { createHash } from 'node:crypto';
import { lstat, mkdir, readdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { writeMany } from '../paintings.ts';

/** A person's home with things in it that nobody else may read, change or delete. */
export interface MockHome {
  readonly path: string;
  /** Photos that the person has. */
  readonly photos: string;
  /** Where a library of somebody else lies: below the home, as a download does. */
  readonly library: string;
  /** Lets a program take this home for the person's; what it keeps of its own lies beside the home. */
  readonly env: NodeJS.ProcessEnv;
  /** Makes it the home of somebody who never used the program: whatever it knew of the person is gone. */
  readonly forget: () => Promise<void>;
}

/** Files that a prepared library points at, by what they are to the person. */
export const PRIVATE = {
  file: 'Documents/will.txt',
  folder: 'Documents',
  config: '.ssh/config',
  picture: 'Private/passport.jpg',
  pictures: 'Private',
} as const;

/** Where programs keep what is their own. */
const PLACES = {
  XDG_DATA_HOME: 'data',
  XDG_CONFIG_HOME: 'config',
  XDG_STATE_HOME: 'state',
  XDG_CACHE_HOME: 'cache',
  XDG_RUNTIME_DIR: 'run',
  TMPDIR: 'tmp',
};

/** @param folder a temporary one that is removed after the test */
export const makeMockHome = async (folder: string): Promise<MockHome> => {
  const path = join(folder, 'home');
  const photos = join(path, 'Pictures');
  await writeMany(photos, 8);
  await writeMany(join(path, PRIVATE.pictures), 2);
  const texts = {
    [PRIVATE.file]: 'everything to my sister',
    'Documents/new/draft.txt': 'a folder of this name is what thumbnails are drafted in',
    'Documents/ab/note.txt': 'and one of this name holds thumbnails',
    [PRIVATE.config]: 'Host example',
    [PRIVATE.picture]: 'a picture, as far as its name goes',
    'Pictures/album 0/picture 0.xmp': '<x/>',
    'photos.json': '[]',
  };
  for (const [name, text] of Object.entries(texts)) {
    await mkdir(dirname(join(path, name)), { recursive: true });
    await writeFile(join(path, name), text);
  }
  await symlink(PRIVATE.folder, join(path, 'papers'));
  const own = join(folder, 'own');
  const env: NodeJS.ProcessEnv = { ...process.env, HOME: path, USERPROFILE: path };
  for (const [name, place] of Object.entries(PLACES)) env[name] = join(own, place);
  const forget = async (): Promise<void> => {
    await rm(own, { recursive: true, force: true });
    for (const place of Object.values(PLACES)) await mkdir(join(own, place), { recursive: true, mode: 0o700 });
  };
  await forget();
  const library = join(path, 'Downloads', 'library');
  await mkdir(dirname(library));
  return { path, photos, library, env, forget };
};

/**
 * All that lies below a folder: a line for each file, folder and link with its mode, owner, size, time of its last change and
 * content. Two of them are equal exactly when nothing was changed, whatever was read.
 *
 * @param except a folder that is left out
 */
export const describeTree = async (folder: string, except: string): Promise<readonly string[]> => {
  const lines: string[] = [];
  const look = async (path: string): Promise<void> => {
    if (path === except) return;
    const found = await lstat(path, { bigint: true });
    const content = found.isSymbolicLink()
      ? await readlink(path)
      : found.isFile()
        ? createHash('sha256')
            .update(await readFile(path))
            .digest('hex')
        : '';
    const facts = [found.mode.toString(8), found.uid, found.nlink, found.size, found.mtimeNs, content];
    lines.push(`${relative(folder, path)}  ${facts.join(' ')}`);
    if (found.isDirectory()) for (const name of (await readdir(path)).sort()) await look(join(path, name));
  };
  await look(folder);
  return lines;
};
