import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { toAfterimageError, type Client, type Command, type Folder } from '../../app/contract/index.ts';
import type { FolderTokens } from '../folders.ts';
import { openedBy } from './launch.ts';
import { words } from './words.ts';

/** How a note names what it cannot open: links may be long, and say anything. */
const nameOf = (argument: string): string =>
  /^afterimage:/iu.test(argument) ? words.thatLink : `“${basename(argument)}”`;

/**
 * Opens what the program was given: folders join the library, pictures and links become one search.
 *
 * @param from the folder that a relative path begins at
 */
export const openAll = async (
  given: readonly string[],
  from: string,
  engine: Client,
  command: (command: Command) => void,
): Promise<void> => {
  const terms: string[] = [];
  const rootIds: string[] = [];
  const open = async (argument: string): Promise<void> => {
    const opened = await openedBy(argument, from);
    if (opened === null) command({ do: 'say', text: words.cannotOpen(nameOf(argument)), tone: 'error' });
    else if (opened.kind === 'search') terms.push(opened.query);
    else if (opened.kind === 'picture')
      terms.push(`image:${(await engine.call('pictures.add', { path: opened.path })).token}`);
    else {
      rootIds.push((await engine.call('roots.add', { path: opened.path })).id);
      command({ do: 'say', text: `“${basename(opened.path)}” is in the library.`, tone: 'plain' });
    }
  };
  const attempt = (work: Promise<unknown>): Promise<unknown> =>
    work.catch((error: unknown) => {
      const { kind, message } = toAfterimageError(error);
      if (kind !== 'cancelled') command({ do: 'say', text: message, tone: 'error' });
    });

  for (const argument of given) await attempt(open(argument));
  if (terms.length > 0) command({ do: 'search', query: terms.join(' ') });
  const index = async (): Promise<void> => {
    // Before there is a model, the page asks for one and begins then.
    if ((await engine.call('status', {})).model !== null) await engine.call('index.run', { rootIds });
  };
  if (rootIds.length > 0) await attempt(index());
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
