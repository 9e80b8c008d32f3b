import type { BigIntStats, Dirent } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isErrno } from '../base/errno.ts';
import { filterGently } from '../base/filter-gently.ts';
import type { FailureKind } from '../contract/index.ts';
import type { IsExcluded } from './exclusions.ts';
import { companionsIn, type Companion } from './companions.ts';
import { kindOf } from '../media/formats.ts';
import type { FileRow } from '../store/rows.ts';
import { isOnlineOnly, stubTarget } from './placeholders.ts';
import { sidecarsIn } from './sidecars.ts';

export const looksLikePicture = (name: string): boolean => {
  const kind = kindOf(name);
  return kind === 'picture' || kind === 'raw' || kind === 'video';
};

export interface FoundFile {
  /** Relative to the root, `/` between the parts, as on disk. */
  readonly relPath: string;
  readonly size: number;
  /** Milliseconds since the epoch. */
  readonly mtime: number;
  readonly device: string;
  readonly inode: string;
  /** Files beside it that describe it: see `besideOf`. */
  readonly sidecars: string | null;
  /** Names of those that only a cloud service has: they are no part of the stamp, and reading them would fetch them. */
  readonly sidecarsAway: readonly string[];
  /** The file whose shot this one belongs to, relative to the root; null when it stands for itself. */
  readonly lead: string | null;
  /** Its content is with a cloud service: reading it would fetch it. */
  readonly isOnlineOnly: boolean;
  /** Why it can be seen but not be a photo. */
  readonly problem: { readonly kind: FailureKind; readonly message: string } | null;
}

export interface WalkStep {
  readonly files: readonly FoundFile[];
  /** Sub-folder that could not be read, relative to the root: nothing is known of what is in it. */
  readonly unreadable: { readonly relPath: string; readonly message: string } | null;
}

/** What part of a root is looked at: a folder, and with `deep` all below it; the root's own name is empty. */
export interface WalkStart {
  readonly folder: string;
  readonly deep: boolean;
}

const WHOLE: readonly WalkStart[] = [{ folder: '', deep: true }];

const MISNAMED = 'The name of this file is not valid text. Rename it, then scan again.';

const problemOf = (name: string, stats: BigIntStats): FoundFile['problem'] => {
  if (name.includes('\uFFFD')) return { kind: 'unreadable', message: MISNAMED };
  if (stats.isDirectory())
    return {
      kind: 'not-a-file',
      message:
        'This is a folder with the name of a picture. What is in it is indexed; rename the folder to silence this.',
    };
  if (!stats.isFile())
    return {
      kind: 'not-a-file',
      message: 'This is a pipe, socket or device with the name of a picture, not a file. It was skipped.',
    };
  return null;
};

/** Milliseconds since the epoch, as exact as a double can be for every system. */
const millisecondsOf = (stats: BigIntStats): number => Number(stats.mtimeNs / 1000n) / 1000;

/** Whether only a cloud service has what lies at a path. */
const isAway = (name: string, { size, blocks }: BigIntStats): boolean =>
  isOnlineOnly(name, { size: Number(size), blocks: Number(blocks) }, process.platform);

/** One line per file that describes another: name, size and time. It changes when any of them does. */
const besideOf = async (
  folder: string,
  names: readonly string[],
): Promise<Pick<FoundFile, 'sidecars' | 'sidecarsAway'>> => {
  const lines: string[] = [];
  const sidecarsAway: string[] = [];
  for (const name of names) {
    const stats = await lstat(join(folder, name), { bigint: true }).catch(() => null);
    if (stats?.isFile() !== true) continue;
    if (isAway(name, stats)) sidecarsAway.push(stubTarget(name) ?? name);
    else lines.push(`${stats.size}:${millisecondsOf(stats)}:${name}`);
  }
  return { sidecars: lines.sort().join('\n') || null, sidecarsAway };
};

/** Names of the files in a stamp. */
export const sidecarNames = (stamp: string | null): string[] =>
  stamp?.split('\n').map((line) => line.split(':').slice(2).join(':')) ?? [];

/**
 * Whether what was read beside a file is with a cloud service now: what it said stays until it can be read again, so the file
 * is left as it is known.
 */
export const isHeld = (
  { sidecarsAway }: Pick<FoundFile, 'sidecarsAway'>,
  known: Pick<FileRow, 'failure' | 'sidecars'>,
): boolean =>
  sidecarsAway.length > 0 &&
  known.failure === null &&
  sidecarNames(known.sidecars).some((name) => sidecarsAway.includes(name));

const describe = async (
  folder: string,
  prefix: string,
  name: string,
  sidecars: readonly string[],
  companion: Companion | undefined,
): Promise<FoundFile | null> => {
  const relPath = `${prefix}${name}`;
  const lead = companion === undefined ? null : `${prefix}${companion.lead}`;
  try {
    const stats = await lstat(join(folder, name), { bigint: true });
    if (stats.isSymbolicLink()) return null;
    return {
      relPath,
      size: Number(stats.size),
      mtime: millisecondsOf(stats),
      device: String(stats.dev),
      inode: String(stats.ino),
      ...(await besideOf(folder, sidecars)),
      lead,
      isOnlineOnly: isAway(name, stats),
      problem: problemOf(name, stats),
    };
  } catch (error) {
    // Gone between listing and looking: the next scan tells.
    if (isErrno(error, 'ENOENT') && !name.includes('\uFFFD')) return null;
    return {
      relPath,
      size: 0,
      mtime: 0,
      device: '',
      inode: '',
      sidecars: null,
      sidecarsAway: [],
      lead: null,
      isOnlineOnly: false,
      problem: {
        kind: 'unreadable',
        message: name.includes('\uFFFD')
          ? MISNAMED
          : 'This file cannot be looked at. Check its permissions, then scan again.',
      },
    };
  }
};

/** A small file that stands where a cloud service would put the picture: the picture itself, for all that is known. */
const standIn = async (folder: string, prefix: string, stub: string, name: string): Promise<FoundFile | null> => {
  const found = await describe(folder, prefix, stub, [], undefined);
  return found && { ...found, relPath: `${prefix}${name}`, isOnlineOnly: true };
};

/** The pictures that lie directly in a folder, with what lies beside them for them. */
const picturesIn = async (
  folder: string,
  prefix: string,
  entries: readonly Dirent[],
  isExcluded: IsExcluded,
): Promise<FoundFile[]> => {
  const own = await filterGently(entries, ({ name }) => !isExcluded(`${prefix}${name}`, false));
  const names = own.filter((entry) => !entry.isDirectory()).map(({ name }) => name);
  const companions = companionsIn(names);
  const targets = entries.flatMap(({ name }) => {
    const target = stubTarget(name);
    return target === null ? [] : [[target, name] as const];
  });
  const stubs = await filterGently(targets, ([target]) => !isExcluded(`${prefix}${target}`, false));
  /** What lies there by the names that it would have if all of it were here. */
  const lying = new Map([...stubs, ...names.map((name) => [name, name] as const)]);
  const sidecars = sidecarsIn([...lying.keys()]);
  const sidecarsOf = (name: string): string[] =>
    (sidecars.get(name) ?? []).flatMap((beside) => lying.get(beside) ?? []);
  const pictures = own
    .filter((entry) => !entry.isSymbolicLink() && looksLikePicture(entry.name))
    .map(({ name }) => describe(folder, prefix, name, sidecarsOf(name), companions.get(name)));
  const standIns = stubs
    .filter(([target]) => looksLikePicture(target))
    .map(([target, name]) => standIn(folder, prefix, name, target));
  return (await Promise.all([...pictures, ...standIns])).filter((file) => file !== null);
};

/** A folder and all above it, without the root itself. */
export const ancestorsOf = (folder: string): string[] => {
  const names = folder === '' ? [] : folder.split('/');
  return names.map((_, last) => names.slice(0, last + 1).join('/'));
};

/**
 * Every picture below a folder, one step per folder. Symbolic links are never followed: what they point at inside the root
 * is found at its own place, what lies outside was not asked for. Excluded folders are passed over.
 *
 * @param isExcluded also of what belongs to somebody else: other roots, the library itself
 * @param starts where to look; everywhere unless given
 * @throws the file system's error when the root itself cannot be read
 */
export const walk = async function* (
  root: string,
  isExcluded: IsExcluded,
  signal: AbortSignal,
  starts: readonly WalkStart[] = WHOLE,
): AsyncGenerator<WalkStep> {
  // Starts may overlap: those that look below come first, and no folder is looked at twice.
  const waiting = starts
    .filter(({ folder }) => folder === '' || !isExcluded(folder, true))
    .sort((a, b) => Number(a.deep) - Number(b.deep));
  const visited = new Set<string>();
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    signal.throwIfAborted();
    if (visited.has(next.folder)) continue;
    visited.add(next.folder);
    const path = join(root, next.folder);
    const prefix = next.folder === '' ? '' : `${next.folder}/`;
    let entries: Dirent[];
    try {
      entries = await readdir(path, { withFileTypes: true });
    } catch (error) {
      if (next.folder === '') throw error;
      // Gone since it was listed: its files are gone with it.
      if (isErrno(error, 'ENOENT', 'ENOTDIR')) continue;
      const message = error instanceof Error ? error.message : String(error);
      yield { files: [], unreadable: { relPath: next.folder, message } };
      continue;
    }
    if (next.deep) {
      const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => `${prefix}${name}`);
      for (const folder of await filterGently(folders, (relPath) => !isExcluded(relPath, true)))
        waiting.push({ folder, deep: true });
    }
    yield { files: await picturesIn(path, prefix, entries, isExcluded), unreadable: null };
  }
};
