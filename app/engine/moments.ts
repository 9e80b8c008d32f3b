import { lstat, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { OwnFolder } from '../base/disk.ts';

/** Stills that are kept, about 50 KB each: what has not been looked at for longest goes. */
const MOST_STILLS = 2000;
const LEFT_STILLS = 1500;
/** Stills that are made at once: a grid asks for dozens, and each takes a program of its own. */
const AT_ONCE = 2;

const folderOf = (thumbnails: string): string => join(thumbnails, 'moments');
const libraryOf = (thumbnails: string): OwnFolder => new OwnFolder(dirname(thumbnails));

/** The still of a video: whose it is comes first, so that it can be found without knowing what the video shows. */
interface Moment {
  readonly photoId: string;
  /** Of the pixels: an edited video keeps its id, but not its moments. */
  readonly pixelHash: string;
  /** Tenths of a second of the video. */
  readonly tenths: number;
}

/** Small pictures of what videos show at moments that were found, kept beside the thumbnails. */
export class Moments {
  readonly #folder: string;
  readonly #library: OwnFolder;
  readonly #inHand = new Map<string, Promise<void>>();
  readonly #lanes = Array.from({ length: AT_ONCE }, () => Promise.resolve());
  #next = 0;

  /** @param thumbnails folder of the library's thumbnails */
  constructor(thumbnails: string) {
    this.#folder = folderOf(thumbnails);
    this.#library = libraryOf(thumbnails);
  }

  /**
   * Path of the still, made when it is missing.
   *
   * @param make writes the file; what it throws is thrown
   */
  async still({ photoId, pixelHash, tenths }: Moment, make: (target: string) => Promise<void>): Promise<string> {
    const target = join(this.#folder, `${photoId}@${tenths}-${pixelHash.slice(0, 16)}.jpg`);
    if (await this.#touch(target)) return target;
    const work =
      this.#inHand.get(target) ??
      this.#inTurn(() => make(target)).finally(() => {
        this.#inHand.delete(target);
      });
    this.#inHand.set(target, work);
    await work;
    return target;
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const lane = this.#next++ % AT_ONCE;
    const mine = (this.#lanes[lane] ?? Promise.resolve())
      .then(work)
      .then(() => dropOldest(this.#library, this.#folder));
    this.#lanes[lane] = mine.catch(() => undefined);
    return mine;
  }

  /** @returns whether the file is there; it counts as looked at now */
  #touch(path: string): Promise<boolean> {
    return this.#library.touch(path).then(
      () => true,
      () => false,
    );
  }
}

/** Forgets what videos showed, with the videos. */
export const forgetMoments = async (thumbnails: string, photoIds: readonly string[]): Promise<void> => {
  const [folder, gone] = [folderOf(thumbnails), new Set(photoIds)];
  for (const name of gone.size === 0 ? [] : await namesIn(folder))
    if (gone.has(name.slice(0, name.indexOf('@')))) await libraryOf(thumbnails).remove(join(folder, name));
};

const dropOldest = async (library: OwnFolder, folder: string): Promise<void> => {
  const names = await namesIn(folder);
  if (names.length <= MOST_STILLS) return;
  const aged = await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      const used = await lstat(path).catch(() => null);
      return { path, used: used?.mtimeMs ?? 0 };
    }),
  );
  aged.sort((a, b) => b.used - a.used);
  for (const { path } of aged.slice(LEFT_STILLS)) await library.remove(path);
};

/** Thumbnails may be deleted at any time, this folder with them. */
const namesIn = (folder: string): Promise<string[]> => readdir(folder).catch(() => []);
