import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { OwnFolder } from '../base/disk.ts';

/** Of what is kept, so much is left when there is too much: room for a while. */
const LEFT = 0.75;

/** A folder of files that can be made again, or be done without: so many are kept, and what was not used for longest goes. */
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
