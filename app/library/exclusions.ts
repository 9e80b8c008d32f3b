import {
  AfterimageError,
  EXCLUSION_LENGTH,
  MOST_EXCLUSION_CHARACTERS,
  MOST_EXCLUSIONS,
  toAfterimageError,
} from '../contract/index.ts';
import { compileGlob } from './glob.ts';
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

interface Rule {
  readonly onlyFolders: boolean;
  /** @param name last part of the path */
  readonly matches: (relPath: string, name: string) => boolean;
  /** Whether it leaves out a folder, or one that it lies in. @param names parts of its path */
  readonly matchesFolder: (relPath: string, names: readonly string[]) => boolean;
}

/** @throws GlobError */
const compile = (rule: string, platform: NodeJS.Platform): Rule => {
  const slashed = (platform === 'win32' ? rule.replaceAll('\\', '/') : rule).trim().normalize('NFC');
  const onlyFolders = slashed.endsWith('/');
  const bare = slashed.replace(/\/+$/u, '');
  const matches = compileGlob(bare.replace(/^\/+/u, ''), platform === 'win32' || platform === 'darwin');
  // As in .gitignore: a rule with a slash says where, one without says what.
  return bare.includes('/')
    ? { onlyFolders, matches: (path) => matches(path), matchesFolder: (path) => matches(path, true) }
    : {
        onlyFolders,
        matches: (_, name) => matches(name),
        matchesFolder: (_, names) => names.some((name) => matches(name)),
      };
};

/** Names that no rule for some of the files has in common. */
const ANY_NAMES = ['a', 'Bc.d'] as const;

const refuse = (rule: string, why: string): never => {
  throw new AfterimageError('invalid-request', `The rule “${rule}” ${why}`);
};

const checkRule = (rule: string, platform: NodeJS.Platform): Rule => {
  if (rule.length > EXCLUSION_LENGTH)
    refuse(`${rule.slice(0, 40)}…`, `is longer than ${String(EXCLUSION_LENGTH)} characters. Write a shorter one.`);
  if (rule.trim().startsWith('!'))
    refuse(rule, 'begins with “!”. Rules only leave things out; write what is to be left out.');
  if (/^(?:[a-z]:|~)[\\/]|(?:^|[\\/])\.\.?(?:[\\/]|$)/iu.test(rule.trim()))
    refuse(rule, 'is no path inside the folder. Write it from there on, such as “2019/raw”.');
  if (/^[\\/\s]*$/u.test(rule)) refuse(rule, 'says nothing. Write the name of what is to be left out.');
  let compiled: Rule;
  try {
    compiled = compile(rule, platform);
  } catch {
    return refuse(rule, 'has half a pair of brackets. Add the other half, or write “?” in its place.');
  }
  if (ANY_NAMES.every((name) => compiled.matches(name, name)))
    refuse(rule, 'would leave out everything. Pause or remove the folder instead.');
  return compiled;
};

/**
 * Checks rules before they are kept.
 *
 * @throws AfterimageError `invalid-request` naming the first rule that cannot be read, or that would leave out everything, and
 * when there are too many
 */
export const checkExclusions = (globs: readonly string[], platform: NodeJS.Platform = process.platform): void => {
  if (globs.length > MOST_EXCLUSIONS)
    throw new AfterimageError(
      'invalid-request',
      `There are ${String(globs.length)} rules for what is left out, and at most ${String(MOST_EXCLUSIONS)} are possible. Use “*” to say several at once.`,
    );
  for (const rule of globs) checkRule(rule, platform);
  const characters = lengthOf(globs);
  if (characters > MOST_EXCLUSION_CHARACTERS)
    throw new AfterimageError(
      'invalid-request',
      `The rules for what is left out have ${String(characters)} characters together, and at most ${String(MOST_EXCLUSION_CHARACTERS)} are possible. Use “*” to say several at once.`,
    );
};

const lengthOf = (globs: readonly string[]): number => globs.reduce((sum, { length }) => sum + length, 0);

/** Rules that come from a file: those that can be used, and for the others what is wrong with them. */
export interface FoundExclusions {
  readonly usable: readonly string[];
  readonly problems: readonly string[];
}

/** Sorts out what a file of somebody else's names as rules. */
export const usableExclusions = (
  globs: readonly string[],
  platform: NodeJS.Platform = process.platform,
): FoundExclusions => {
  const usable: string[] = [];
  const problems: string[] = [];
  for (const rule of globs.slice(0, MOST_EXCLUSIONS)) {
    try {
      checkRule(rule, platform);
      if (lengthOf(usable) + rule.length > MOST_EXCLUSION_CHARACTERS)
        refuse(rule, `is too much: all of them may have ${String(MOST_EXCLUSION_CHARACTERS)} characters together.`);
      usable.push(rule);
    } catch (error) {
      problems.push(toAfterimageError(error).message);
    }
  }
  const others = globs.length - MOST_EXCLUSIONS;
  if (others > 0)
    problems.push(`${String(others)} rules are more than the ${String(MOST_EXCLUSIONS)} that are possible.`);
  return { usable, problems };
};

/**
 * Compiles rules as people know them from `.gitignore`: `Trash` is a file or folder of this name at any depth, `Trash/` a
 * folder only, `2019/raw` and `/Trash` are told from the root on, `*.png` is a pattern. What systems and programs keep for
 * themselves, and everything hidden, is left out without a rule. Names are compared in NFC, and without regard to case
 * where the system does so.
 *
 * @throws AfterimageError `invalid-request` for a rule that cannot be used
 */
export const compileExclusions = (
  globs: readonly string[],
  platform: NodeJS.Platform = process.platform,
): IsExcluded => {
  const rules = globs.map((rule) => checkRule(rule, platform));
  // Scans go folder by folder: the answer for the folder of the last path is the one asked for next.
  let lastFolder = '';
  let isLastExcluded = false;
  const isFolderExcluded = (folder: string): boolean => {
    if (folder === '') return false;
    if (folder !== lastFolder) {
      const names = folder.split('/');
      isLastExcluded =
        names.some((name, depth) => isOurs(name.toLowerCase(), (names[depth - 1] ?? '').toLowerCase(), true)) ||
        rules.some((rule) => rule.matchesFolder(folder, names));
      lastFolder = folder;
    }
    return isLastExcluded;
  };
  return (relPath, isFolder) => {
    const path = relPath.normalize('NFC');
    const end = path.lastIndexOf('/');
    const folder = path.slice(0, Math.max(0, end));
    if (isFolderExcluded(folder)) return true;
    const parent = folder.slice(folder.lastIndexOf('/') + 1).toLowerCase();
    const name = path.slice(end + 1);
    if (isOurs(name.toLowerCase(), parent, isFolder)) return true;
    return rules.some((rule) => (isFolder || !rule.onlyFolders) && rule.matches(path, name));
  };
};
