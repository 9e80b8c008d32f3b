import type { BigIntStats, Dirent } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { FailureKind } from '../contract/index.ts';
import type { IsExcluded } from './exclusions.ts';
import { companionsIn, type Companion } from './companions.ts';
import { kindOf } from '../media/formats.ts';
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
  /** Files beside it that describe it: see `stampOf`. */
  readonly sidecars: string | null;
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

/** One line per file that describes another: name, size and time. It changes when any of them does. */
const stampOf = async (folder: string, names: readonly string[]): Promise<string | null> => {
  const lines = await Promise.all(
    names.map(async (name) => {
      const stats = await lstat(join(folder, name), { bigint: true }).catch(() => null);
      return stats?.isFile() === true ? `${stats.size}:${millisecondsOf(stats)}:${name}` : [];
    }),
  );
  return lines.flat().sort().join('\n') || null;
};

/** Names of the files in a stamp. */
export const sidecarNames = (stamp: string | null): string[] =>
  stamp?.split('\n').map((line) => line.split(':').slice(2).join(':')) ?? [];

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
    const size = Number(stats.size);
    return {
      relPath,
      size,
      mtime: millisecondsOf(stats),
      device: String(stats.dev),
      inode: String(stats.ino),
      sidecars: sidecars.length === 0 ? null : await stampOf(folder, sidecars),
      lead,
      isOnlineOnly: isOnlineOnly(name, { size, blocks: Number(stats.blocks) }, process.platform),
      problem: problemOf(name, stats),
    };
  } catch (error) {
    // Gone between listing and looking: the next scan tells.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT' && !name.includes('\uFFFD')) return null;
    return {
      relPath,
      size: 0,
      mtime: 0,
      device: '',
      inode: '',
      sidecars: null,
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
  const own = entries.filter(({ name }) => !isExcluded(`${prefix}${name}`, false));
  const names = own.filter((entry) => !entry.isDirectory()).map(({ name }) => name);
  const sidecars = sidecarsIn(names);
  const companions = companionsIn(names);
  const pictures = own
    .filter((entry) => !entry.isSymbolicLink() && looksLikePicture(entry.name))
    .map(({ name }) => describe(folder, prefix, name, sidecars.get(name) ?? [], companions.get(name)));
  const stubs = entries.flatMap(({ name }) => {
    const target = stubTarget(name);
    const isOurs = target !== null && looksLikePicture(target) && !isExcluded(`${prefix}${target}`, false);
    return isOurs ? [standIn(folder, prefix, name, target)] : [];
  });
  return (await Promise.all([...pictures, ...stubs])).filter((file) => file !== null);
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
      if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) continue;
      const message = error instanceof Error ? error.message : String(error);
      yield { files: [], unreadable: { relPath: next.folder, message } };
      continue;
    }
    if (next.deep)
      for (const { name } of entries.filter((entry) => entry.isDirectory())) {
        const relPath = `${prefix}${name}`;
        if (!isExcluded(relPath, true)) waiting.push({ folder: relPath, deep: true });
      }
    yield { files: await picturesIn(path, prefix, entries, isExcluded), unreadable: null };
  }
};
