import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { toAfterimageError, type Client, type Command, type Folder } from '../../app/contract/index.ts';
import type { FolderTokens } from '../folders.ts';
import type { Opened } from './launch.ts';

/** Does what the program was asked to open: a folder joins the library, a picture or a link becomes the search. */
export const open = async (opened: Opened, engine: Client, command: (command: Command) => void): Promise<void> => {
  try {
    switch (opened.kind) {
      case 'search':
        command({ do: 'search', query: opened.query });
        return;
      case 'picture': {
        const { token } = await engine.call('pictures.add', { path: opened.path });
        command({ do: 'search', query: `image:${token}` });
        return;
      }
      case 'folder': {
        const root = await engine.call('roots.add', { path: opened.path });
        command({ do: 'say', text: `“${basename(opened.path)}” is in the library.`, tone: 'plain' });
        // Before there is a model, the page asks for one and begins then.
        if ((await engine.call('status', {})).model !== null) await engine.call('index.run', { rootIds: [root.id] });
        return;
      }
    }
  } catch (error) {
    const { kind, message } = toAfterimageError(error);
    if (kind !== 'cancelled') command({ do: 'say', text: message, tone: 'error' });
  }
};

/** @returns the folders among paths, under tokens; what is none, or cannot be read, is left out */
export const foldersAmong = async (folders: FolderTokens, paths: readonly string[]): Promise<readonly Folder[]> => {
  const found = await Promise.all(
    paths.map(async (path) => {
      if (path === '' || (await stat(path).catch(() => null))?.isDirectory() !== true) return [];
      const { token, name } = (await folders.list(path)).here;
      return [{ token, name }];
    }),
  );
  return found.flat();
};
