import type { BigIntStats, Dirent } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { FailureKind } from '../contract/index.ts';

const PICTURE_EXTENSIONS: ReadonlySet<string> = new Set([
  '.jpg',
  '.jpeg',
  '.jpe',
  '.jfif',
  '.png',
  '.webp',
  '.avif',
  '.gif',
  '.tif',
  '.tiff',
]);

/** Folders that systems and programs keep beside pictures; nothing in them is the person's own photo. */
const SYSTEM_FOLDERS: ReadonlySet<string> = new Set([
  '$recycle.bin',
  'system volume information',
  'lost+found',
  '@eadir',
  '#recycle',
  'node_modules',
  '__macosx',
]);

export const looksLikePicture = (name: string): boolean => PICTURE_EXTENSIONS.has(extname(name).toLowerCase());

export interface FoundFile {
  /** Relative to the root, `/` between the parts, as on disk. */
  readonly relPath: string;
  readonly size: number;
  /** Milliseconds since the epoch. */
  readonly mtime: number;
  readonly device: string;
  readonly inode: string;
  /** Why it can be seen but not be a photo. */
  readonly problem: { readonly kind: FailureKind; readonly message: string } | null;
}

export interface WalkStep {
  readonly files: readonly FoundFile[];
  /** Sub-folder that could not be read, relative to the root: nothing is known of what is in it. */
  readonly unreadable: { readonly relPath: string; readonly message: string } | null;
}

const problemOf = (name: string, stats: BigIntStats): FoundFile['problem'] => {
  if (name.includes('\uFFFD'))
    return { kind: 'unreadable', message: 'The name of this file is not valid text. Rename it, then scan again.' };
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

const describe = async (root: string, relPath: string, name: string): Promise<FoundFile | null> => {
  try {
    const stats = await lstat(join(root, relPath), { bigint: true });
    if (stats.isSymbolicLink()) return null;
    return {
      relPath,
      size: Number(stats.size),
      mtime: Number(stats.mtimeNs / 1000n) / 1000,
      device: String(stats.dev),
      inode: String(stats.ino),
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
      problem: {
        kind: 'unreadable',
        message: name.includes('\uFFFD')
          ? 'The name of this file is not valid text. Rename it, then scan again.'
          : 'This file cannot be looked at. Check its permissions, then scan again.',
      },
    };
  }
};

const isOwnFolder = (entry: Dirent): boolean =>
  entry.isDirectory() && !entry.name.startsWith('.') && !SYSTEM_FOLDERS.has(entry.name.toLowerCase());

/**
 * Every picture below a folder, one step per folder. Symbolic links are never followed: what they point at inside the root
 * is found at its own place, what lies outside was not asked for. Hidden and system folders are passed over.
 *
 * @param skip absolute paths of folders that belong to somebody else (other roots, the library itself)
 * @throws the file system's error when the root itself cannot be read
 */
export const walk = async function* (
  root: string,
  skip: ReadonlySet<string>,
  signal: AbortSignal,
): AsyncGenerator<WalkStep> {
  const folders = [''];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    signal.throwIfAborted();
    let entries: Dirent[];
    try {
      entries = await readdir(join(root, folder), { withFileTypes: true });
    } catch (error) {
      if (folder === '') throw error;
      // Gone since it was listed: its files are gone with it.
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') continue;
      yield {
        files: [],
        unreadable: { relPath: folder, message: error instanceof Error ? error.message : String(error) },
      };
      continue;
    }
    const pictures: Promise<FoundFile | null>[] = [];
    for (const entry of entries) {
      const relPath = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (isOwnFolder(entry) && !skip.has(join(root, relPath))) folders.push(relPath);
      if (!entry.name.startsWith('.') && !entry.isSymbolicLink() && looksLikePicture(entry.name))
        pictures.push(describe(root, relPath, entry.name));
    }
    yield { files: (await Promise.all(pictures)).filter((file) => file !== null), unreadable: null };
  }
};
