import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { kindOf } from '../../app/media/formats.ts';
import { fromShareText } from '../../app/query/language/share.ts';

/** What the program was asked to open. */
export type Opened =
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 'picture'; readonly path: string }
  | { readonly kind: 'search'; readonly query: string };

/** Longer ones are no search that somebody wrote. */
const LONGEST_QUERY = 8000;

/**
 * What a link of ours asks for: `afterimage://search?q=…`. It can only fill in the search: anybody may write such a link.
 *
 * @returns null for any other link, and for a damaged one
 */
export const searchOf = (link: string): Opened | null => {
  try {
    if (!/^afterimage:/iu.test(link)) return null;
    const query = fromShareText(link);
    return query === null || query === '' || query.length > LONGEST_QUERY ? null : { kind: 'search', query };
  } catch {
    return null;
  }
};

/**
 * What is written after the program's name, switches left out. Without a package the first is the application's own folder.
 *
 * @param argv as the process got it, the program's name first
 */
export const argumentsOf = (argv: readonly string[], isPackaged: boolean): readonly string[] =>
  argv
    .slice(1)
    .filter((argument) => argument !== '' && !argument.startsWith('-'))
    .slice(isPackaged ? 0 : 1);

/**
 * Whether Chromium's sandbox was switched off from outside, as the starter of an AppImage does where it thinks that there
 * can be none. In a checkout, tools that drive the program do it, too.
 */
export const lacksSandbox = (argv: readonly string[], isPackaged: boolean): boolean =>
  isPackaged && argv.includes('--no-sandbox');

/**
 * What an argument, or a file that the system hands over, stands for.
 *
 * @param from the folder that a relative path begins at
 * @returns null for what is neither a link of ours, nor a folder, nor a picture
 */
export const openedBy = async (argument: string, from: string): Promise<Opened | null> => {
  if (/^afterimage:/iu.test(argument)) return searchOf(argument);
  const path = resolve(from, argument);
  const found = await stat(path).catch(() => null);
  if (found?.isDirectory() === true) return { kind: 'folder', path };
  const kind = found?.isFile() === true ? kindOf(path) : null;
  return kind === 'picture' || kind === 'raw' ? { kind: 'picture', path } : null;
};
