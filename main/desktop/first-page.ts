import { dirname } from 'node:path';
import { z } from 'zod';
import { OwnFolder } from '../../app/base/disk.ts';
import { methods, type Input, type MethodName, type Output } from '../../app/contract/index.ts';
import { readJson, writeJson } from '../../app/store/json-file.ts';

/** Enough to fill any window. */
const PHOTOS = 400;
const SAVE_AFTER_MS = 2000;

const schema = z.object({
  library: z.string(),
  status: methods.status.output.nullable(),
  page: methods['photos.page'].output.nullable(),
  /** Path of the thumbnail, by photo. */
  thumbnails: z.record(z.string(), z.string()),
});
type Known = z.infer<typeof schema>;

/** What the engine said last of the top of the library, so that a window has something to show before it answers. */
export class FirstPage {
  readonly #path: string;
  #known: Known;
  #timer: NodeJS.Timeout | undefined;

  private constructor(path: string, known: Known) {
    this.#path = path;
    this.#known = known;
  }

  /** @param path the file it is kept in; one of another library, or a damaged one, counts as none */
  static async read(path: string, library: string): Promise<FirstPage> {
    const found = await readJson(path, schema).catch(() => null);
    const nothing: Known = { library, status: null, page: null, thumbnails: {} };
    return new FirstPage(path, found?.library === library ? found : nothing);
  }

  /** The answer to a call as it was, or undefined. */
  answer<M extends MethodName>(method: M, input: Input<M>): Output<M> | undefined {
    // Each case returns the output of the very method it is about.
    return this.#answer(method, input) as Output<M> | undefined;
  }

  /** Takes notice of an answer. */
  note(method: MethodName, input: unknown, output: unknown): void {
    const noted = this.#noted(method, input, output);
    if (noted === null) return;
    this.#known = { ...this.#known, ...noted };
    this.#timer ??= setTimeout(() => void this.save().catch(() => undefined), SAVE_AFTER_MS);
  }

  async save(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await writeJson(new OwnFolder(dirname(this.#path)), this.#path, this.#known);
  }

  #answer(method: MethodName, input: unknown): unknown {
    const { status, page, thumbnails } = this.#known;
    if (method === 'status' && status !== null)
      return { ...status, progress: { ...status.progress, phase: 'idle', paused: false, current: null } };
    if (method === 'photos.page' && page !== null) {
      const { offset, limit } = methods['photos.page'].input.parse(input);
      return offset === 0 ? { total: page.total, photos: page.photos.slice(0, limit) } : undefined;
    }
    if (method === 'photos.file') {
      const { id, as, at } = methods['photos.file'].input.parse(input);
      const path = as === 'thumbnail' && at === undefined ? thumbnails[id] : undefined;
      return path === undefined ? undefined : { path, mime: 'image/jpeg' };
    }
    return undefined;
  }

  #noted(method: MethodName, input: unknown, output: unknown): Partial<Known> | null {
    if (method === 'status') return { status: methods.status.output.parse(output) };
    if (method === 'photos.page') {
      if (methods['photos.page'].input.parse(input).offset > 0) return null;
      const { total, photos } = methods['photos.page'].output.parse(output);
      const shown = photos.slice(0, PHOTOS);
      const { thumbnails } = this.#known;
      // Those of photos that have left the page go with it.
      const kept = shown.flatMap(({ id }) => (thumbnails[id] === undefined ? [] : [[id, thumbnails[id]] as const]));
      return { page: { total, photos: shown }, thumbnails: Object.fromEntries(kept) };
    }
    if (method === 'photos.file') {
      const { id, as, at } = methods['photos.file'].input.parse(input);
      const isWanted =
        as === 'thumbnail' && at === undefined && this.#known.page?.photos.some((photo) => photo.id === id);
      if (isWanted !== true || this.#known.thumbnails[id] !== undefined) return null;
      const { path } = methods['photos.file'].output.parse(output);
      return { thumbnails: { ...this.#known.thumbnails, [id]: path } };
    }
    return null;
  }
}
