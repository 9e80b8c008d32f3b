import { AfterimageError, type Handlers, type Mark } from '../contract/index.ts';
import type { Catalogue } from '../library/catalogue.ts';
import type { UserRow } from '../store/rows.ts';
import type { Store } from '../store/store.ts';

const UNMARKED: Mark = { favourite: false, rating: null, hidden: false };

/** Some properties of a mark; what is undefined stays as it is. */
type MarkPatch = { readonly [K in keyof Mark]?: Mark[K] | undefined };

/** What the person says of photos, in the catalogue and in the store. The program itself never takes any of it back. */
export class Marks {
  readonly #store: Store;
  readonly #catalogue: Catalogue;

  private constructor(store: Store, catalogue: Catalogue) {
    this.#store = store;
    this.#catalogue = catalogue;
  }

  /** Loads all marks into the catalogue. */
  static async open(store: Store, catalogue: Catalogue): Promise<Marks> {
    for (const [photoId, mark] of await store.loadMarks()) catalogue.marks.set(photoId, mark);
    catalogue.marksChanged(catalogue.marks.keys());
    return new Marks(store, catalogue);
  }

  /** By photo; of photos that are gone, too. */
  get all(): ReadonlyMap<string, Mark> {
    return this.#catalogue.marks;
  }

  /** @throws AfterimageError `not-found` when one of the photos is unknown: then none is marked */
  async set(photoIds: readonly string[], { favourite, rating, hidden }: MarkPatch): Promise<void> {
    if (photoIds.some((id) => !this.#catalogue.photos.has(id)))
      throw new AfterimageError('not-found', 'This photo is no longer in the library.');
    await this.put(
      photoIds.map((photoId) => {
        const before = this.all.get(photoId) ?? UNMARKED;
        return {
          photoId,
          favourite: favourite ?? before.favourite,
          rating: rating === undefined ? before.rating : rating,
          hidden: hidden ?? before.hidden,
        };
      }),
    );
  }

  /** Marks photos, also such as are not here yet. */
  async put(rows: readonly UserRow[]): Promise<void> {
    const { marks } = this.#catalogue;
    const before = new Map(rows.map(({ photoId }) => [photoId, marks.get(photoId)]));
    // In memory first: a change that comes while this one is written begins with it.
    for (const { photoId, ...mark } of rows) marks.set(photoId, mark);
    this.#catalogue.marksChanged(before.keys());
    try {
      await this.#store.putMarks(rows);
    } catch (error) {
      for (const [photoId, mark] of before)
        if (mark === undefined) marks.delete(photoId);
        else marks.set(photoId, mark);
      this.#catalogue.marksChanged(before.keys());
      throw error;
    }
  }
}

/** @param changed called after each change */
export const marksHandlers = (marks: Marks, changed: () => void): Handlers<'photos.mark'> => ({
  'photos.mark': async ({ ids, ...patch }) => {
    await marks.set(ids, patch);
    changed();
    return {};
  },
});
