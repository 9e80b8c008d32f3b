import { lstat, readdir } from 'node:fs/promises';
import { basename, dirname, join, parse, relative, resolve } from 'node:path';
import type { IsExcluded } from './exclusions.ts';
import { pathBelow, placeOf } from './place.ts';
import { walk, type FoundFile } from './walk.ts';

/** A folder that is no longer in its place. */
export interface LostRoot {
  readonly path: string;
  readonly device: string;
  /** Of the folder itself; empty when it is not known. */
  readonly inode: string;
}

/** A file that the root is known to have had. */
export interface KnownFile {
  /** Relative to the root, `/` between the parts. */
  readonly relPath: string;
  readonly size: number;
  /** Milliseconds since the epoch. */
  readonly mtime: number;
  readonly inode: string;
}

export interface MovedRootOptions {
  /** Folders in which volumes appear, and volumes themselves. */
  readonly volumes?: readonly string[];
  /** Milliseconds that the search may take. */
  readonly patience?: number;
}

/** Folders that one search looks at, and files of the root that are looked for in each likely one. */
const MOST_FOLDERS = 4000;
const MOST_FILES = 20;
/** Levels below the place that the folder was lost from, and below where volumes appear (`/media/<user>/<volume>/…`). */
const DEPTH = 3;
const VOLUME_DEPTH = 4;
/** Folders of the system itself hold no photos, and some of them never end. */
const SYSTEM: ReadonlySet<string> = new Set(['/proc', '/sys', '/dev', '/run', '/System', '/Library', 'C:\\Windows']);
/** Times are copied to the second, or to two of them (FAT). */
const TIME_SLACK = 2000;

const volumesOf = (platform: NodeJS.Platform): readonly string[] => {
  if (platform === 'win32') return Array.from('CDEFGHIJKLMNOPQRSTUVWXYZAB', (letter) => `${letter}:\\`);
  return platform === 'darwin' ? ['/Volumes'] : ['/media', '/run/media', '/mnt'];
};

const isThereStill = async (folder: string, known: KnownFile): Promise<boolean> => {
  const stats = await lstat(pathBelow(folder, known.relPath) ?? '').catch(() => null);
  return stats?.size === known.size && Math.abs(stats.mtimeMs - known.mtime) <= TIME_SLACK;
};

/** @returns how many of the files lie in the folder as they lay in the root, 0…1 */
const shareOf = async (folder: string, sample: readonly KnownFile[]): Promise<number> => {
  if (sample.length === 0) return 0;
  const found = await Promise.all(sample.map((known) => isThereStill(folder, known)));
  return found.filter(Boolean).length / sample.length;
};

/** Some of the files, from all over the root. */
export const someOf = <T>(files: readonly T[], most: number): T[] => {
  const step = Math.max(1, Math.floor(files.length / most));
  return files.filter((_, at) => at % step === 0).slice(0, most);
};

/**
 * Whether a folder holds any file of a root: in its place, or anywhere in there by its size with its name or its time. Of
 * place, name and time a move keeps all, renaming inside keeps the time, and a copy that forgets times the name; other photos
 * of the same names have other sizes. A file that only a cloud service has is known by its place: its stub has another size.
 * A folder that is another one is looked through to its end, as the scan of it would.
 *
 * @param known files of the root
 * @throws the file system's error when the folder cannot be read; the signal's reason
 */
export const holdsAnyOf = async (
  folder: string,
  known: readonly KnownFile[],
  isExcluded: IsExcluded,
  signal: AbortSignal,
): Promise<boolean> => {
  if ((await shareOf(folder, someOf(known, MOST_FILES))) > 0) return true;
  const places = new Set(known.map(({ relPath }) => relPath));
  const bySize = new Map<number, KnownFile[]>();
  for (const file of known) {
    const alike = bySize.get(file.size);
    if (alike === undefined) bySize.set(file.size, [file]);
    else alike.push(file);
  }
  const isKnown = (found: FoundFile): boolean =>
    (found.isOnlineOnly && places.has(found.relPath)) ||
    (bySize.get(found.size) ?? []).some(
      ({ relPath, mtime }) => nameOf(relPath) === nameOf(found.relPath) || Math.abs(mtime - found.mtime) <= TIME_SLACK,
    );
  for await (const { files } of walk(folder, isExcluded, signal)) if (files.some(isKnown)) return true;
  return false;
};

/** The folder above a path that is there, nearest first. */
const nearestAncestor = async (path: string): Promise<string> => {
  let folder = dirname(path);
  while ((await placeOf(folder)) === null && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
};

const nameOf = (path: string): string => basename(path).normalize('NFC').toLowerCase();

class Search {
  /** The best folder that is not surely the one: by name, or at the same place of another volume. */
  likely: { readonly path: string; readonly share: number } | null = null;
  readonly #root: LostRoot;
  readonly #sample: readonly KnownFile[];
  readonly #seen = new Set<string>();

  constructor(root: LostRoot, sample: readonly KnownFile[]) {
    this.#root = root;
    this.#sample = someOf(sample, MOST_FILES);
    this.#seen.add(root.path);
  }

  /** @returns whether the folder surely is the one */
  async consider(path: string, isLikelyPlace: boolean): Promise<boolean> {
    const found = await placeOf(path);
    if (found === null) return false;
    const { inode, device } = this.#root;
    const sameInode = inode !== '' && found.inode === inode;
    if (!sameInode && !isLikelyPlace && nameOf(path) !== nameOf(this.#root.path)) return false;
    // Numbers are given anew on other volumes, and every volume gives its own root the same.
    if (sameInode && this.#sample.length === 0) return found.device === device;
    const share = await shareOf(path, this.#sample);
    if (sameInode && share > 0.2) return true;
    if (share > Math.max(0.5, this.likely?.share ?? 0)) this.likely = { path, share };
    return false;
  }

  /** Breadth first, so that near places come before deep ones. */
  async among(
    starts: readonly { readonly path: string; readonly depth: number }[],
    signal: AbortSignal,
  ): Promise<string | null> {
    let level = [...starts];
    while (level.length > 0) {
      const next: typeof level = [];
      for (const { path, depth } of level) {
        signal.throwIfAborted();
        if (this.#seen.size > MOST_FOLDERS) return null;
        const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
        const folders = entries
          .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
          .map((entry) => join(path, entry.name))
          .filter((folder) => !this.#seen.has(folder) && !SYSTEM.has(folder));
        for (const folder of folders) this.#seen.add(folder);
        const isIt = await Promise.all(folders.map((folder) => this.consider(folder, false)));
        const sure = folders[isIt.indexOf(true)];
        if (sure !== undefined) return sure;
        if (depth > 1) next.push(...folders.map((folder) => ({ path: folder, depth: depth - 1 })));
      }
      level = next;
    }
    return null;
  }
}

/** Where the root would lie if its volume were mounted under another name: its last one, two, … parts below each volume. */
const samePlaces = async (path: string, volumes: readonly string[]): Promise<string[]> => {
  const parts = relative(parse(path).root, path).split(/[\\/]/u);
  const tails = parts.map((_, at) => join(...parts.slice(at))).slice(-5);
  const inside = await Promise.all(
    volumes.map(async (volume) => {
      const children = await readdir(volume, { withFileTypes: true }).catch(() => []);
      return children.filter((entry) => entry.isDirectory()).map((entry) => join(volume, entry.name));
    }),
  );
  const mounted = [...volumes, ...inside.flat()];
  return mounted.flatMap((volume) => [volume, ...tails.map((tail) => join(volume, tail))]);
};

/**
 * Looks for a folder that was moved or renamed, or whose volume has another name or letter now: near where it was, and on
 * other volumes. It is known by its inode and some of its files, else by its name or place and most of them. The search
 * is bounded in folders and time; symbolic links are not followed, and no file is read.
 *
 * @param sample files of the root, best some dozens from all over it
 * @returns the path of the folder; null when it was not found, which proves nothing
 * @throws the signal's reason
 */
export const findMovedRoot = async (
  root: LostRoot,
  sample: readonly KnownFile[],
  signal: AbortSignal,
  { volumes = volumesOf(process.platform), patience = 2000 }: MovedRootOptions = {},
): Promise<string | null> => {
  const lost = { ...root, path: resolve(root.path) };
  const search = new Search(lost, sample);
  const ending = AbortSignal.any([signal, AbortSignal.timeout(patience)]);
  const look = async (): Promise<string | null> => {
    for (const path of await samePlaces(lost.path, volumes)) {
      ending.throwIfAborted();
      if (path !== lost.path && (await search.consider(path, true))) return path;
    }
    const near = await nearestAncestor(lost.path);
    return search.among(
      [
        { path: near, depth: DEPTH },
        { path: dirname(near), depth: DEPTH },
        ...volumes.map((path) => ({ path, depth: VOLUME_DEPTH })),
      ],
      ending,
    );
  };
  // A volume that does not answer must not hold the search: it is left behind when the time is over.
  const over = new Promise<null>((done) => {
    ending.addEventListener('abort', () => done(null), { once: true });
  });
  const sure = await Promise.race([look().catch(() => null), over]);
  signal.throwIfAborted();
  return sure ?? search.likely?.path ?? null;
};
