import { toAfterimageError, type ErrorData } from '../../app/contract/index.ts';
import { coalesce } from './coalesce.ts';
import type { Engine } from './engine.svelte.ts';
import { markedIn, type MarkChange } from './marks.svelte.ts';
import { PhotoList, PhotoListBuilder } from './photo-list.ts';

/** Enough to fill any window at once; the rest comes in as few calls as the contract allows. */
const FIRST_PAGE = 1000;
const PAGE = 10_000;

/** All photos of the library, newest first. */
export class Photos {
  list = $state.raw(PhotoList.empty);
  /** Whether the list has been read to its end at least once. */
  complete = $state(false);
  problem = $state.raw<ErrorData | null>(null);
  /** Asks for the list again soon; to be called freely. */
  readonly refresh = coalesce(() => this.#load());
  readonly #engine: Engine;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** Shows at once what photos were marked as. */
  marked(ids: readonly string[], change: MarkChange): void {
    this.list = markedIn(this.list, ids, change);
  }

  /** The first time, photos show up page by page; later, the whole list is exchanged at once so that nothing jumps. */
  async #load(): Promise<void> {
    try {
      let page = await this.#engine.call('photos.page', { offset: 0, limit: FIRST_PAGE });
      const builder = new PhotoListBuilder(page.total);
      let fetched = 0;
      while (page.photos.length > 0) {
        builder.append(page.photos);
        fetched += page.photos.length;
        if (!this.complete) this.list = builder.list();
        if (fetched >= page.total) break;
        page = await this.#engine.call('photos.page', { offset: fetched, limit: PAGE });
      }
      this.list = builder.list();
      this.complete = true;
      this.problem = null;
    } catch (error) {
      this.problem = toAfterimageError(error).toData();
    }
  }
}
