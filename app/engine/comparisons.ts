import { AfterimageError, type Output, type ParsedInput } from '../contract/index.ts';
import type { Catalogue } from '../library/catalogue.ts';
import type { ActiveModel } from './active-model.ts';
import type { ModelsInUse } from './models-in-use.ts';
import type { Searcher } from './search/searcher.ts';

interface ComparisonsOptions {
  readonly inUse: ModelsInUse;
  readonly catalogue: Pick<Catalogue, 'newestFirst'>;
  /** Searches this state of the library with a model. */
  readonly searcherOf: (active: ActiveModel) => Searcher;
}

/** A model that nobody has asked for so long is closed. */
const IDLE_MS = 120_000;

/** Two models side by side; one of them may be at work only for this. */
export class Comparisons {
  readonly #options: ComparisonsOptions;
  #guest: { readonly id: string; readonly model: Promise<ActiveModel> } | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor(options: ComparisonsOptions) {
    this.#options = options;
  }

  /** @throws AfterimageError `not-found`, `no-model`, `query-syntax`, `invalid-request` for a model that has seen nothing */
  async compare({ models, query, limit }: ParsedInput<'models.compare'>): Promise<Output<'models.compare'>> {
    const sides = [];
    for (const id of models) {
      const active = await this.#modelOf(id);
      const { name } = active.model;
      if (active.resident.size === 0)
        throw new AfterimageError(
          'invalid-request',
          `${name} has seen none of the photos yet. Change to it first: you can go back, and both can be compared from then on.`,
        );
      const answer = await this.#options.searcherOf(active).search({ query, limit, offset: 0 });
      const photos = this.#options.catalogue.newestFirst();
      const seen = photos.filter((photoId) => active.hasSeen(photoId)).length;
      const few = seen < photos.length ? [`It has seen ${String(seen)} of ${String(photos.length)} photos.`] : [];
      sides.push({ ...answer, notes: [...answer.notes, ...few], model: { id: active.model.id, name } });
    }
    return { sides };
  }

  /** Models have changed, or the engine ends. */
  async close(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    const guest = this.#guest;
    this.#guest = null;
    await guest?.model.then(
      (model) => model.close(),
      () => undefined,
    );
  }

  async #modelOf(id: string): Promise<ActiveModel> {
    const { inUse } = this.#options;
    const known = inUse.known(id);
    if (known !== null) return known;
    while (this.#guest !== null && this.#guest.id !== id) await this.close();
    const guest = this.#guest ?? { id, model: inUse.guest(id) };
    this.#guest = guest;
    guest.model.catch(() => {
      if (this.#guest === guest) this.#guest = null;
    });
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.close(), IDLE_MS).unref();
    return guest.model;
  }
}
