import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { OwnFolder } from '../base/disk.ts';
import { KeptFiles } from './kept-files.ts';

/** Stills that are kept, about 50 KB each. */
const MOST_STILLS = 2000;
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
  readonly #kept: KeptFiles;
  readonly #inHand = new Map<string, Promise<void>>();
  readonly #lanes = Array.from({ length: AT_ONCE }, () => Promise.resolve());
  #next = 0;

  /** @param thumbnails folder of the library's thumbnails */
  constructor(thumbnails: string) {
    this.#folder = folderOf(thumbnails);
    this.#kept = new KeptFiles(libraryOf(thumbnails), this.#folder, MOST_STILLS);
  }

  /**
   * Path of the still, made when it is missing.
   *
   * @param make writes the file; what it throws is thrown
   */
  async still({ photoId, pixelHash, tenths }: Moment, make: (target: string) => Promise<void>): Promise<string> {
    const target = join(this.#folder, `${photoId}@${tenths}-${pixelHash.slice(0, 16)}.jpg`);
    if (await this.#kept.use(target)) return target;
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
    const mine = (this.#lanes[lane] ?? Promise.resolve()).then(work).then(() => this.#kept.trim());
    this.#lanes[lane] = mine.catch(() => undefined);
    return mine;
  }
}

/** Forgets what videos showed, with the videos. */
export const forgetMoments = async (thumbnails: string, photoIds: readonly string[]): Promise<void> => {
  const [folder, gone] = [folderOf(thumbnails), new Set(photoIds)];
  for (const name of gone.size === 0 ? [] : await namesIn(folder))
    if (gone.has(name.slice(0, name.indexOf('@')))) await libraryOf(thumbnails).remove(join(folder, name));
};

/** Thumbnails may be deleted at any time, this folder with them. */
const namesIn = (folder: string): Promise<string[]> => readdir(folder).catch(() => []);
