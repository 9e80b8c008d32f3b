import picomatch from 'picomatch';
import { AfterimageError } from '../contract/index.ts';
import { stubTarget } from './placeholders.ts';

/** Whether a path relative to its root, `/` between the parts, is left out, by itself or with a folder that it lies in. */
export type IsExcluded = (relPath: string, isFolder: boolean) => boolean;

/** Folders that systems, servers and programs keep for themselves; hidden ones (`.thumbnails`, `.stfolder`) are left out anyway. */
const OWN_FOLDERS: ReadonlySet<string> = new Set([
  ...['@eadir', '#recycle', '#snapshot', '@sharebin', '@tmp'], // Synology
  ...['@recycle', '@recently-snapshot', '@__thumb'], // QNAP
  ...['$recycle.bin', 'recycler', 'system volume information', 'found.000', 'appdata'], // Windows
  ...['__macosx', 'network trash folder', 'temporary items'], // macOS
  'lost+found',
  'node_modules',
  '_gsdata_', // GoodSync
]);

/** Lightroom keeps previews in folders of these names. */
const PREVIEWS = /\.(?:lrdata|lrcat-data)$/u;

/** Apple's libraries are folders; what a person put in lies in one of these, everything else is derived from it. */
const APPLE_LIBRARY = /\.(?:photoslibrary|photolibrary|aplibrary|migratedphotolibrary)$/u;
const APPLE_ORIGINALS: ReadonlySet<string> = new Set(['originals', 'masters']);

const isOurs = (name: string, parent: string, isFolder: boolean): boolean => {
  // Hidden, but a stub of a cloud service stands for a file that is not.
  if (name.startsWith('.') && (isFolder || stubTarget(name) === null)) return true;
  if (APPLE_LIBRARY.test(parent)) return !APPLE_ORIGINALS.has(name);
  return isFolder && (OWN_FOLDERS.has(name) || PREVIEWS.test(name));
};

/** `Photos (1)` and `me+you` are names: only `*`, `?`, `[…]` and `{…}` are signs. */
const escapeNames = (glob: string): string => glob.replace(/[()|+@$"]|(?<!\[)[!^]/gu, '\\$&').replaceAll('[!', '[^');

interface Rule {
  readonly onlyFolders: boolean;
  readonly matches: (relPath: string) => boolean;
}

const compile = (rule: string, platform: NodeJS.Platform): Rule => {
  const slashed = (platform === 'win32' ? rule.replaceAll('\\', '/') : rule).trim().normalize('NFC');
  const onlyFolders = slashed.endsWith('/');
  const bare = slashed.replace(/\/+$/u, '');
  // As in .gitignore: a rule with a slash says where, one without says what.
  const glob = bare.includes('/') ? bare.replace(/^\/+/u, '') : `**/${bare}`;
  const nocase = platform === 'win32' || platform === 'darwin';
  const options = { dot: true, noextglob: true, strictBrackets: true, windows: false, nocase };
  return { onlyFolders, matches: picomatch(escapeNames(glob), options) };
};

/** Names that no rule for some of the files has in common. */
const ANY_NAMES = ['a', 'Bc.d'] as const;

const refuse = (rule: string, why: string): never => {
  throw new AfterimageError('invalid-request', `The rule “${rule}” ${why}`);
};

/**
 * Checks rules before they are kept.
 *
 * @throws AfterimageError `invalid-request` naming the first rule that cannot be read, or that would leave out everything
 */
export const checkExclusions = (globs: readonly string[], platform: NodeJS.Platform = process.platform): void => {
  for (const rule of globs) {
    if (rule.trim().startsWith('!'))
      refuse(rule, 'begins with “!”. Rules only leave things out; write what is to be left out.');
    if (/^(?:[a-z]:|~)[\\/]|(?:^|[\\/])\.\.?(?:[\\/]|$)/iu.test(rule.trim()))
      refuse(rule, 'is no path inside the folder. Write it from there on, such as “2019/raw”.');
    if (/^[\\/\s]*$/u.test(rule)) refuse(rule, 'says nothing. Write the name of what is to be left out.');
    let matches: Rule['matches'];
    try {
      ({ matches } = compile(rule, platform));
    } catch {
      return refuse(rule, 'has half a pair of brackets. Add the other half, or write “?” in its place.');
    }
    if (ANY_NAMES.every((name) => matches(name)))
      refuse(rule, 'would leave out everything. Pause or remove the folder instead.');
  }
};

/**
 * Compiles rules as people know them from `.gitignore`: `Trash` is a file or folder of this name at any depth, `Trash/` a
 * folder only, `2019/raw` and `/Trash` are told from the root on, `*.png` is a pattern. What systems and programs keep for
 * themselves, and everything hidden, is left out without a rule. Names are compared in NFC, and without regard to case
 * where the system does so.
 *
 * @throws AfterimageError as `checkExclusions`
 */
export const compileExclusions = (
  globs: readonly string[],
  platform: NodeJS.Platform = process.platform,
): IsExcluded => {
  checkExclusions(globs, platform);
  const rules = globs.map((rule) => compile(rule, platform));
  // Scans go folder by folder: the answer for the folder of the last path is the one asked for next.
  let lastFolder = '';
  let isLastExcluded = false;
  const isFolderExcluded = (folder: string): boolean => {
    if (folder === '') return false;
    if (folder !== lastFolder) {
      isLastExcluded = isExcluded(folder, true);
      lastFolder = folder;
    }
    return isLastExcluded;
  };
  const isExcluded: IsExcluded = (relPath, isFolder) => {
    const path = relPath.normalize('NFC');
    const end = path.lastIndexOf('/');
    const folder = path.slice(0, Math.max(0, end));
    if (isFolderExcluded(folder)) return true;
    const parent = folder.slice(folder.lastIndexOf('/') + 1).toLowerCase();
    if (isOurs(path.slice(end + 1).toLowerCase(), parent, isFolder)) return true;
    return rules.some((rule) => (isFolder || !rule.onlyFolders) && rule.matches(path));
  };
  return isExcluded;
};
