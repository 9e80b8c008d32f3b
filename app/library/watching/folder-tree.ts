import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { filterGently } from '../../base/filter-gently.ts';
import type { IsExcluded } from '../exclusions.ts';

const AT_ONCE = 32;
/** Excluded folders that the native watcher can be told to pass over without slowing down. */
const MOST_PASSED_OVER = 64;

export const parentOf = (relPath: string): string => relPath.slice(0, Math.max(0, relPath.lastIndexOf('/')));
const nameOf = (relPath: string): string => relPath.slice(relPath.lastIndexOf('/') + 1);
const childOf = (folder: string, name: string): string => (folder === '' ? name : `${folder}/${name}`);

/**
 * The folders of a root that are watched, by their paths from the root on. Events do not say whether a path that is gone
 * was a folder, nor what lies in a folder that came from elsewhere: the tree does.
 */
export class FolderTree {
  /** Folders below the root, without it. */
  size = 0;
  /** Absolute paths of folders that cannot be read, and of some that are excluded: what the native watcher is to pass over. */
  readonly passedOver = new Set<string>();
  /** Excluded folders that are watched all the same, because they are too many. */
  overlooked = 0;
  readonly #root: string;
  readonly #isExcluded: IsExcluded;
  readonly #children = new Map<string, Set<string>>([['', new Set()]]);

  constructor(root: string, isExcluded: IsExcluded) {
    this.#root = root;
    this.#isExcluded = isExcluded;
  }

  has(folder: string): boolean {
    return this.#children.has(folder);
  }

  /**
   * Learns a folder and all below it.
   *
   * @param most folders the tree may hold: beyond them the reading ends early
   * @returns the folders below it
   */
  async read(folder: string, signal: AbortSignal, most = Infinity): Promise<string[]> {
    if (folder !== '') this.#add(folder);
    const found: string[] = [];
    let level = [folder];
    while (level.length > 0) {
      const next: string[] = [];
      for (let at = 0; at < level.length && this.size <= most; at += AT_ONCE) {
        signal.throwIfAborted();
        const batch = level.slice(at, at + AT_ONCE);
        const names = await Promise.all(batch.map((each) => this.#list(each, true)));
        for (const [index, each] of batch.entries())
          for (const name of names[index] ?? []) {
            const child = childOf(each, name);
            this.#add(child);
            next.push(child);
          }
      }
      found.push(...next);
      level = next;
    }
    return found;
  }

  /** Compares what is known of a folder's own sub-folders with what is there now; changes nothing. */
  async compare(folder: string): Promise<{ readonly added: readonly string[]; readonly gone: readonly string[] }> {
    const known = this.#children.get(folder) ?? new Set();
    const names = new Set((await this.#list(folder, false)) ?? []);
    return {
      added: [...names].filter((name) => !known.has(name)).map((name) => childOf(folder, name)),
      gone: [...known].filter((name) => !names.has(name)).map((name) => childOf(folder, name)),
    };
  }

  /** Forgets a folder and all below it. */
  forget(folder: string): void {
    for (const name of this.#children.get(folder) ?? []) this.forget(childOf(folder, name));
    if (folder === '' || !this.#children.delete(folder)) return;
    this.#children.get(parentOf(folder))?.delete(nameOf(folder));
    this.size -= 1;
  }

  #add(folder: string): void {
    if (this.#children.has(folder)) return;
    this.#children.set(folder, new Set());
    this.#children.get(parentOf(folder))?.add(nameOf(folder));
    this.size += 1;
  }

  #passOver(path: string): void {
    if (this.passedOver.size < MOST_PASSED_OVER) this.passedOver.add(path);
    else if (!this.passedOver.has(path)) this.overlooked += 1;
  }

  /** @returns names of the sub-folders that are watched; null when the folder cannot be read */
  async #list(folder: string, notes: boolean): Promise<string[] | null> {
    const path = join(this.#root, folder);
    try {
      const entries = await readdir(path, { withFileTypes: true });
      const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
      return await filterGently(names, (name) => {
        const isWatched = !this.#isExcluded(childOf(folder, name), true);
        if (notes && !isWatched) this.#passOver(join(path, name));
        return isWatched;
      });
    } catch {
      if (notes && folder !== '') this.passedOver.add(path);
      return null;
    }
  }
}
