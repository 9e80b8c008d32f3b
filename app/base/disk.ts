import { randomBytes } from 'node:crypto';
import { constants, lstatSync, mkdirSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import {
  chmod,
  copyFile,
  link,
  lstat,
  lutimes,
  mkdir,
  open,
  readdir,
  realpath,
  rename,
  rm,
  rmdir,
  type FileHandle,
} from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { isErrno } from './errno.ts';
import { FileRefused } from './file-refused.ts';
import { openRegular } from './read.ts';

/**
 * The only module of the program that changes a disk; lint forbids it to all others. What lies in a folder may have been put
 * there by somebody else: nothing here follows a link below the folder that was named, and nothing outside of it changes.
 */

const PRIVATE_FOLDER = 0o700;
const PRIVATE_FILE = 0o600;
const isWindows = process.platform === 'win32';
const NO_FOLLOW = isWindows ? 0 : constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** Names of files while they are being written. A kill may leave one behind; nothing uses it. */
const DRAFT = /\.[0-9a-f]{12}\.new$/u;
const draftOf = (path: string): string => `${path}.${randomBytes(6).toString('hex')}.new`;

export interface WriteOptions {
  /** Forced to disk before it takes its place: a power cut leaves the old file or the new one. Default: true. */
  readonly isSynced?: boolean;
  /** Of the file; by default only its owner may read it. */
  readonly mode?: number;
}

/** Writes a file beside its place and moves it there in one step. The name of the draft cannot be guessed. */
const writeInPlace = async (
  path: string,
  data: string | Uint8Array,
  { isSynced = true, mode = PRIVATE_FILE }: WriteOptions,
): Promise<void> => {
  const draft = draftOf(path);
  const file = await open(draft, 'wx', mode);
  try {
    try {
      await file.writeFile(data);
      if (isSynced) await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined);
    throw error;
  }
};

/** A folder of the program's own: the library, models, settings. Paths are absolute, or relative to it. */
export class OwnFolder {
  /** As it was given; the folder itself may be reached by a link. */
  readonly path: string;

  constructor(path: string) {
    this.path = resolve(path);
  }

  /** Makes the folder, for its owner only, where there is none. @returns its real path */
  async create(): Promise<string> {
    await mkdir(this.path, { recursive: true, mode: PRIVATE_FOLDER });
    return realpath(this.path);
  }

  /** Lets only the owner in, whatever its mode was before; some file systems know no modes. */
  async makePrivate(): Promise<void> {
    await chmod(this.path, PRIVATE_FOLDER).catch(() => undefined);
  }

  /** Makes a folder in it, with those above. @throws FileRefused `link`, `not-a-folder`, `outside` */
  async makeFolder(path: string): Promise<void> {
    let folder = await this.create();
    for (const name of this.#namesOf(path)) {
      folder = join(folder, name);
      await mkdir(folder, { mode: PRIVATE_FOLDER }).catch((error: unknown) => {
        if (!isErrno(error, 'EEXIST')) throw error;
      });
      await needFolder(folder);
    }
  }

  /**
   * Replaces a file in one step, or makes it; its folder has to be there.
   *
   * @throws FileRefused `link`, `not-a-folder`, `outside`; the system's error for anything else
   */
  async write(path: string, data: string | Uint8Array, options: WriteOptions = {}): Promise<void> {
    await writeInPlace(await this.#realOf(path), data, options);
  }

  /** Makes a file with its content in one step. @returns false when there is one already */
  async writeNew(path: string, data: string): Promise<boolean> {
    const target = await this.#realOf(path);
    const draft = draftOf(target);
    const file = await open(draft, 'wx', PRIVATE_FILE);
    try {
      await file.writeFile(data).finally(() => file.close());
      await link(draft, target).catch(async (error: unknown) => {
        if (isErrno(error, 'EEXIST')) throw error;
        // Some file systems know no links; there the content follows a moment after the file.
        const direct = await open(target, 'wx', PRIVATE_FILE);
        await direct.writeFile(data).finally(() => direct.close());
      });
      return true;
    } catch (error) {
      if (isErrno(error, 'EEXIST')) return false;
      throw error;
    } finally {
      await rm(draft, { force: true });
    }
  }

  /** Opens a file that is not there yet. @throws the system's `EEXIST` */
  async openNew(path: string): Promise<FileHandle> {
    return open(await this.#realOf(path), 'wx', PRIVATE_FILE);
  }

  /** Opens a file to read and change it where it is; made when missing. @throws FileRefused `link`, `not-a-file` */
  async openToUpdate(path: string): Promise<FileHandle> {
    const target = await this.#realOf(path);
    await needFileOrNothing(target);
    return open(target, constants.O_RDWR | constants.O_CREAT | NO_FOLLOW, PRIVATE_FILE);
  }

  /** Deletes a file, a link (never what it points at) or a folder with all that is in it, if it is there. */
  async remove(path: string): Promise<void> {
    const target = await this.#realOf(path).catch((error: unknown) => {
      // If its folder does not exist, neither does the file.
      if (isErrno(error, 'ENOENT', 'ENOTDIR')) return null;
      throw error;
    });
    if (target !== null) await rm(target, { recursive: true, force: true });
  }

  /** Deletes the folder itself, if nothing is in it. @throws the system's `ENOTEMPTY` */
  async removeItself(): Promise<void> {
    await rmdir(await realpath(this.path));
  }

  /** Removes the drafts that killed processes have left in one of its folders. */
  async removeDrafts(path: string): Promise<void> {
    const names = await readdir(resolve(this.path, path)).catch(() => []);
    for (const name of names.filter((each) => DRAFT.test(each))) await this.remove(join(path, name));
  }

  /** Renames within the folder; a file that is there is replaced. */
  async move(from: string, to: string): Promise<void> {
    const [source, target] = [await this.#realOf(from), await this.#realOf(to)];
    await rename(source, target);
  }

  /** Copies a regular file to a place in the folder that is free. @throws FileRefused `link`, `not-a-file`, `missing` */
  async copyIn(from: string, to: string): Promise<void> {
    const target = await this.#realOf(to);
    await (await openRegular(from, 'refuse')).close();
    await copyFile(from, target, constants.COPYFILE_EXCL);
  }

  /**
   * Repeats a folder within it under a second name: files are hard links, which take no space, or copies where the disk has none.
   * Links and special files are left out.
   */
  async linkTree(from: string, to: string): Promise<void> {
    await this.makeFolder(to);
    for (const entry of await readdir(await this.#realFolder(from), { withFileTypes: true })) {
      const [source, target] = [join(from, entry.name), join(to, entry.name)];
      if (entry.isDirectory()) await this.linkTree(source, target);
      else if (entry.isFile()) {
        const [real, place] = [await this.#realOf(source), await this.#realOf(target)];
        await link(real, place).catch(() => copyFile(real, place, constants.COPYFILE_EXCL));
      }
    }
  }

  /** Sets when a file was last read and written. */
  async touch(path: string, time = new Date()): Promise<void> {
    await lutimes(await this.#realOf(path), time, time);
  }

  /**
   * As `write`, at once and not forced to disk: for small files, in moments that cannot wait, or many of them.
   *
   * @param draftFolder where the draft is written, on the same disk; a kill may leave it there
   */
  writeNow(path: string, data: string | Uint8Array, draftFolder = dirname(resolve(this.path, path))): void {
    const target = this.#realOfNow(path);
    const draft = this.#realOfNow(draftOf(join(draftFolder, basename(path))));
    try {
      writeFileSync(draft, data, { flag: 'wx', mode: PRIVATE_FILE });
      renameSync(draft, target);
    } catch (error) {
      rmSync(draft, { force: true });
      throw error;
    }
  }

  /** As `makeFolder`, at once. */
  makeFolderNow(path: string): void {
    this.createNow();
    let folder = realpathSync(this.path);
    for (const name of this.#namesOf(path)) {
      folder = join(folder, name);
      mkdirSync(folder, { recursive: true, mode: PRIVATE_FOLDER });
      const found = lstatSync(folder);
      if (!found.isDirectory()) throw refusalOf(folder, found.isSymbolicLink());
    }
  }

  /** As `move`, at once. */
  moveNow(from: string, to: string): void {
    renameSync(this.#realOfNow(from), this.#realOfNow(to));
  }

  /** As `create`, at once. */
  createNow(): void {
    mkdirSync(this.path, { recursive: true, mode: PRIVATE_FOLDER });
  }

  /** @returns the names that lead from the folder to the path. @throws FileRefused `outside`, also for the folder itself */
  #namesOf(path: string): string[] {
    const below = relative(this.path, resolve(this.path, path));
    const names = below.split(sep);
    if (below === '' || isAbsolute(below) || names[0] === '..') throw new FileRefused(path, 'outside');
    return names;
  }

  /** The path with the folder's real path in front. @throws FileRefused when a folder on the way is none */
  async #realOf(path: string): Promise<string> {
    const names = this.#namesOf(path);
    const last = names.pop() ?? '';
    return join(await walk(await realpath(this.path), names), last);
  }

  async #realFolder(path: string): Promise<string> {
    return walk(await realpath(this.path), this.#namesOf(path));
  }

  #realOfNow(path: string): string {
    const names = this.#namesOf(path);
    const last = names.pop() ?? '';
    let folder = realpathSync(this.path);
    for (const name of names) {
      folder = join(folder, name);
      const found = lstatSync(folder);
      if (!found.isDirectory()) throw refusalOf(folder, found.isSymbolicLink());
    }
    return join(folder, last);
  }
}

const refusalOf = (path: string, isLink: boolean): FileRefused =>
  new FileRefused(path, isLink ? 'link' : 'not-a-folder');

const needFolder = async (path: string): Promise<void> => {
  const found = await lstat(path);
  if (!found.isDirectory()) throw refusalOf(path, found.isSymbolicLink());
};

const walk = async (from: string, names: readonly string[]): Promise<string> => {
  let folder = from;
  for (const name of names) {
    folder = join(folder, name);
    await needFolder(folder);
  }
  return folder;
};

const needFileOrNothing = async (path: string): Promise<void> => {
  const found = await lstat(path).catch((error: unknown) => {
    if (isErrno(error, 'ENOENT')) return null;
    throw error;
  });
  if (found?.isSymbolicLink() === true) throw new FileRefused(path, 'link');
  if (found?.isFile() === false) throw new FileRefused(path, 'not-a-file');
};

/**
 * Replaces or makes a file in a folder of the person's, who named the file or whose photo it belongs to. A link, folder or pipe
 * in its place is left as it is.
 *
 * @throws FileRefused `link`, `not-a-file`; the system's error for anything else
 */
export const replaceFile = async (
  path: string,
  data: string | Uint8Array,
  options: WriteOptions = {},
): Promise<void> => {
  await needFileOrNothing(path);
  await writeInPlace(path, data, options);
};

/**
 * Moves a folder to a place of the person's choice where nothing is, also to another disk: then it is copied first
 * (links in it are refused), and the caller removes the first one.
 *
 * @returns whether it was copied
 */
export const moveFolder = async (from: string, to: string): Promise<'moved' | 'copied'> => {
  await mkdir(dirname(to), { recursive: true, mode: PRIVATE_FOLDER });
  const source = await realpath(from);
  try {
    await rename(source, to);
    return 'moved';
  } catch (error) {
    if (!isErrno(error, 'EXDEV')) throw error;
  }
  const draft = draftOf(to);
  try {
    await copyTree(source, draft);
    await rename(draft, to);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw error;
  }
  return 'copied';
};

const copyTree = async (from: string, to: string): Promise<void> => {
  await mkdir(to, { mode: PRIVATE_FOLDER });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) await copyTree(source, target);
    else if (entry.isFile()) {
      await copyFile(source, target, constants.COPYFILE_EXCL);
      const { atime, mtime } = await lstat(source);
      await lutimes(target, atime, mtime);
    } else throw new FileRefused(source, entry.isSymbolicLink() ? 'link' : 'not-a-file');
  }
};
