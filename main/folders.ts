import { randomBytes } from 'node:crypto';
import type { Dirent } from 'node:fs';
import { access, opendir, readlink, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { AfterimageError, type Client, type Folder, type FolderList, type Handlers } from '../app/contract/index.ts';
import { looksLikePicture } from '../app/library/walk.ts';

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

/** Entries of a folder that are looked at, and folders in it that are shown: nobody chooses among more. */
const MOST_ENTRIES = 100_000;
const MOST_SHOWN = 2000;
/** Folders that can still be named; those shown longest ago are forgotten. */
const MOST_TOKENS = 20_000;

/** Folders shown to the interface under tokens: it can walk them and choose one, but never name a path. */
export class FolderTokens {
  readonly #paths = new Map<string, string>();
  /** By path, the one shown last at the end. */
  readonly #tokens = new Map<string, string>();

  /** @throws AfterimageError `not-found` for a token that was never given out, or is forgotten */
  pathOf(token: string): string {
    const path = this.#paths.get(token);
    if (path === undefined)
      throw new AfterimageError('not-found', 'This folder is not one of those shown. Choose again.');
    return path;
  }

  /** @throws AfterimageError `unreadable` when the folder cannot be listed */
  async list(path: string): Promise<FolderList> {
    try {
      const { names, pictures, isWhole } = await lookInto(path);
      return {
        here: { ...this.#folder(path), path },
        parent: dirname(path) === path ? null : this.#folder(dirname(path)),
        folders: names.sort(collator.compare).map((name) => this.#folder(join(path, name))),
        pictures,
        isWhole,
      };
    } catch (error) {
      throw new AfterimageError(
        'unreadable',
        `The folder ${path} cannot be opened. Check its permissions, or choose another.`,
        { cause: error },
      );
    }
  }

  #folder(path: string): Folder {
    const token = this.#tokens.get(path) ?? randomBytes(12).toString('base64url');
    this.#tokens.delete(path);
    this.#tokens.set(path, token);
    this.#paths.set(token, path);
    for (const [oldest, its] of this.#tokens) {
      if (this.#tokens.size <= MOST_TOKENS) break;
      this.#tokens.delete(oldest);
      this.#paths.delete(its);
    }
    return { token, name: basename(path) === '' ? path : basename(path) };
  }
}

/** What lies in a folder, as far as it is looked at. */
const lookInto = async (path: string): Promise<{ names: string[]; pictures: number; isWhole: boolean }> => {
  const names: string[] = [];
  let [looked, pictures] = [0, 0];
  for await (const entry of await opendir(path, { bufferSize: 1000 })) {
    if (looked === MOST_ENTRIES || names.length === MOST_SHOWN) return { names, pictures, isWhole: false };
    looked++;
    if (entry.isFile()) pictures += Number(looksLikePicture(entry.name));
    else if (!entry.name.startsWith('.') && (await isFolder(entry, path))) names.push(entry.name);
  }
  return { names, pictures, isWhole: true };
};

/** A link to a folder is a folder to choose: many keep their pictures on another disk. */
const isFolder = async (entry: Dirent, parent: string): Promise<boolean> => {
  if (!entry.isSymbolicLink()) return entry.isDirectory();
  const path = join(parent, entry.name);
  try {
    return !(await leavesComputer(path)) && (await stat(path)).isDirectory();
  } catch {
    return false;
  }
};

/**
 * Whether a link leads to another computer. Windows proves the person's password to whatever computer it looks a folder up
 * on, so that is not done unasked.
 */
const leavesComputer = async (link: string): Promise<boolean> =>
  process.platform === 'win32' && /^\\\\(?:\?\\UNC\\|(?!\?\\))/iu.test(await readlink(link));

/** Where a person's pictures usually are. */
export const picturesFolder = async (): Promise<string> => {
  const usual = join(homedir(), 'Pictures');
  return access(usual).then(
    () => usual,
    () => homedir(),
  );
};

/** What every host answers on folders: the interface has their tokens, the engine gets their paths. */
export const folderHandlers = (
  engine: Client,
  folders: FolderTokens,
): Handlers<'shell.listFolders' | 'shell.addFolder' | 'shell.relinkFolder' | 'shell.addModel'> => ({
  'shell.listFolders': async ({ token }) =>
    folders.list(token === undefined ? await picturesFolder() : folders.pathOf(token)),
  'shell.addFolder': ({ token }, signal) => engine.call('roots.add', { path: folders.pathOf(token) }, signal),
  'shell.relinkFolder': ({ id, token }, signal) =>
    engine.call('roots.relink', { id, path: folders.pathOf(token) }, signal),
  'shell.addModel': ({ token }, signal) => engine.call('models.add', { path: folders.pathOf(token) }, signal),
});
