import { randomBytes } from 'node:crypto';
import type { Dirent } from 'node:fs';
import { access, readdir, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { AfterimageError, type Client, type Folder, type FolderList, type Handlers } from '../app/contract/index.ts';
import { looksLikePicture } from '../app/library/walk.ts';

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

/** Folders shown to the interface under tokens: it can walk them and choose one, but never name a path. */
export class FolderTokens {
  readonly #paths = new Map<string, string>();
  readonly #tokens = new Map<string, string>();

  /** @throws AfterimageError `not-found` for a token that was never given out */
  pathOf(token: string): string {
    const path = this.#paths.get(token);
    if (path === undefined)
      throw new AfterimageError('not-found', 'This folder is not one of those shown. Choose again.');
    return path;
  }

  /** @throws AfterimageError `unreadable` when the folder cannot be listed */
  async list(path: string): Promise<FolderList> {
    try {
      const entries = await readdir(path, { withFileTypes: true });
      const visible = entries.filter((entry) => !entry.name.startsWith('.'));
      const areFolders = await Promise.all(visible.map((entry) => isFolder(entry, path)));
      const folders = visible
        .filter((_, index) => areFolders[index])
        .map((entry) => this.#folder(join(path, entry.name)));
      return {
        here: { ...this.#folder(path), path },
        parent: dirname(path) === path ? null : this.#folder(dirname(path)),
        folders: folders.sort((a, b) => collator.compare(a.name, b.name)),
        pictures: entries.filter((entry) => entry.isFile() && looksLikePicture(entry.name)).length,
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
    this.#tokens.set(path, token);
    this.#paths.set(token, path);
    return { token, name: basename(path) === '' ? path : basename(path) };
  }
}

/** A link to a folder is a folder to choose: many keep their pictures on another disk. */
const isFolder = async (entry: Dirent, parent: string): Promise<boolean> =>
  entry.isDirectory() ||
  (entry.isSymbolicLink() &&
    (await stat(join(parent, entry.name)).then(
      (stats) => stats.isDirectory(),
      () => false,
    )));

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
