import { hash, randomBytes } from 'node:crypto';
import { lstat, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { OwnFolder } from '../base/disk.ts';
import { readBounded } from '../base/read.ts';
import { AfterimageError, type Picture, type Region } from '../contract/index.ts';
import { isThere } from '../store/json-file.ts';
import type { ActiveModel } from './active-model.ts';
import { KeptFiles } from './kept-files.ts';
import { LruMap } from '../base/lru-map.ts';

/** Vectors that are kept at hand; others are made again when they are asked for. */
const KEPT = 256;
/** Longer side of the copy that is kept: more than any model sees. */
const COPY_EDGE = 1024;
const MAX_COPY_BYTES = 16 * 2 ** 20;
/** A picture that no search names is kept so long after it was last dropped. */
const KEPT_MS = 30 * 24 * 60 * 60 * 1000;
/** Pictures that are kept besides those that searches name, some 200 KB each. */
const MOST_PICTURES = 1000;
const TOKEN_LENGTH = 32;
const TOKEN = /^[0-9a-f]{32}$/u;

/**
 * Pictures from outside the library that queries may use, kept as copies that are named by their own hash, so that a picture
 * dropped twice is one; and parts of photos. Their vectors are made of the copies, so that they are the same after a restart.
 */
export class Pictures {
  readonly #folder: string;
  readonly #own: OwnFolder;
  readonly #kept: KeptFiles;
  readonly #queries: () => readonly string[];
  readonly #vectors = new LruMap<string, Float32Array>(KEPT);

  /**
   * @param folder in the library
   * @param queries all that are saved or remembered: the pictures that they name stay
   */
  constructor(folder: string, queries: () => readonly string[]) {
    this.#folder = folder;
    this.#queries = queries;
    this.#own = new OwnFolder(dirname(folder));
    this.#kept = new KeptFiles(this.#own, folder, MOST_PICTURES);
  }

  /** @throws AfterimageError `not-a-picture`, `unreadable`, `disk-full` */
  async add(active: ActiveModel, path: string): Promise<Picture> {
    const draft = join(this.#folder, `${randomBytes(8).toString('hex')}.new`);
    let token: string;
    try {
      await active.images.renderView(path, draft, COPY_EDGE);
      token = hash('sha256', await readBounded(draft, { maxBytes: MAX_COPY_BYTES })).slice(0, TOKEN_LENGTH);
      await this.#own.move(draft, this.#pathOf(token));
      await this.#kept.trim(this.#isNamed());
    } finally {
      await this.#own.remove(draft);
    }
    const { vector, width, height } = await active.images.embedPicture(this.#pathOf(token));
    this.#vectors.set(`${active.model.id} ${token}`, vector);
    return { token, width, height };
  }

  /**
   * @returns the picture's unit vector, `[d]`
   * @throws AfterimageError `not-found`
   */
  async vector(active: ActiveModel, token: string): Promise<Float32Array> {
    return this.#once(`${active.model.id} ${token}`, async () =>
      active.images.embedPicture((await this.file(token)).path),
    );
  }

  /**
   * The unit vector of a part of a photo, `[d]`.
   *
   * @param contentHash of the file that shows the photo now
   * @param open gives a path of the photo
   * @throws AfterimageError `unreadable` when no file shows the photo now, `not-a-picture`
   */
  region(active: ActiveModel, contentHash: string, open: () => Promise<string>, region: Region): Promise<Float32Array> {
    const { x, y, w, h } = region;
    return this.#once(`${active.model.id} ${contentHash} ${[x, y, w, h].join()}`, async () =>
      active.images.embedPicture(await open(), region),
    );
  }

  /** The copy of a picture, for showing it. @throws AfterimageError `not-found` */
  async file(token: string): Promise<{ readonly path: string; readonly mime: string }> {
    const path = this.#pathOf(token);
    if (TOKEN.test(token) && (await isThere(path))) return { path, mime: 'image/jpeg' };
    throw new AfterimageError('not-found', 'This picture is no longer at hand. Drop or paste it again.');
  }

  /** Removes the pictures of long ago that none of the queries names, and the oldest of too many. */
  async tidy(): Promise<void> {
    const isNamed = this.#isNamed();
    for (const name of await readdir(this.#folder)) {
      const path = join(this.#folder, name);
      const isOld = Date.now() - (await lstat(path)).mtimeMs > KEPT_MS;
      if (isOld && !isNamed(name)) await this.#own.remove(path);
    }
    await this.#kept.trim(isNamed);
  }

  /** Whether a query names the picture of a file. */
  #isNamed(): (name: string) => boolean {
    const named = new Set(this.#queries().flatMap((query) => query.match(/(?<=image:)[\w-]+/gu) ?? []));
    return (name) => named.has(name.replace(/\.jpg$/u, ''));
  }

  async #once(key: string, make: () => Promise<{ readonly vector: Float32Array }>): Promise<Float32Array> {
    const known = this.#vectors.get(key);
    if (known !== undefined) return known;
    const { vector } = await make();
    this.#vectors.set(key, vector);
    return vector;
  }

  #pathOf(token: string): string {
    return join(this.#folder, `${token}.jpg`);
  }
}
