import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { OwnFolder } from '../base/disk.ts';

/** Share of the limit that is kept when the folder is cleared, so that there is room for a while. */
const LEFT = 0.75;

/** A cache folder with a limit on the number of files: the least recently used ones are removed. */
export class KeptFiles {
  readonly #own: OwnFolder;
  readonly #folder: string;
  readonly #most: number;

  /**
   * @param own the library that the folder lies in
   * @param most files that are kept; each is bounded by what it is
   */
  constructor(own: OwnFolder, folder: string, most: number) {
    this.#own = own;
    this.#folder = folder;
    this.#most = most;
  }

  /** @returns whether the file is there; it counts as used now */
  use(path: string): Promise<boolean> {
    return this.#own.touch(path).then(
      () => true,
      () => false,
    );
  }

  /** Removes the oldest when there are too many. @param isNeeded files that stay whatever their age */
  async trim(isNeeded: (name: string) => boolean = () => false): Promise<void> {
    // Such folders may be deleted at any time.
    const names = (await readdir(this.#folder).catch(() => [])).filter((name) => !isNeeded(name));
    if (names.length <= this.#most) return;
    const aged = await Promise.all(
      names.map(async (name) => {
        const path = join(this.#folder, name);
        const used = await lstat(path).catch(() => null);
        return { path, used: used?.mtimeMs ?? 0 };
      }),
    );
    aged.sort((a, b) => b.used - a.used);
    for (const { path } of aged.slice(Math.floor(this.#most * LEFT))) await this.#own.remove(path);
  }
}
