import { AfterimageError, type Handlers } from '../../contract/index.ts';
import type { Catalogue } from '../../library/catalogue.ts';
import { parseQuery } from '../../query/language/parse.ts';
import type { Store } from '../../store/store.ts';
import type { ActiveModel } from '../active-model.ts';
import { photoIdOf } from '../photo-id.ts';
import type { PhotoFiles } from '../photo-files.ts';
import type { Pictures } from '../pictures.ts';
import { LruMap } from '../../base/lru-map.ts';
import type { Roots } from '../roots.ts';
import { Filters } from './filters.ts';
import { Searcher, TAGS_PER_PHOTO } from './searcher.ts';
import { unknownWords } from './unknown-words.ts';
import { Values } from './values.ts';

interface AnswersOptions {
  readonly catalogue: Catalogue;
  readonly roots: Roots;
  readonly store: Store;
  readonly pictures: Pictures;
  readonly files: PhotoFiles;
  /** @throws AfterimageError `no-model` */
  readonly model: () => ActiveModel;
}

/** Names of photos that are remembered. */
const MOST_NAMED = 256;
/** Photos whose tags are offered when a filter is being written. */
const MOST_TAGGED = 2048;

/** What is asked of a library: made for one state of it, and made anew when it has changed. */
export class Answers {
  readonly #options: AnswersOptions;
  #searcher: Searcher | null = null;
  readonly #values: Values;

  constructor(options: AnswersOptions) {
    this.#options = options;
    const { catalogue, store, roots } = options;
    this.#values = new Values({
      catalogue,
      loadFacts: () => store.loadFacts(),
      folderOf: (file) => roots.folderOf(file),
      tags: () => this.#tagsOf(catalogue.newestFirst().slice(0, MOST_TAGGED)),
    });
  }

  /** The library has changed. */
  reset(): void {
    this.#searcher = null;
    this.#values.outdate();
  }

  get searcher(): Searcher {
    return (this.#searcher ??= this.searcherOf(this.#options.model()));
  }

  get handlers(): Handlers<
    'search' | 'search.prepare' | 'search.tags' | 'search.unknownWords' | 'search.values' | 'photos.details'
  > {
    const { model, files } = this.#options;
    return {
      search: (input) => this.#ask((searcher) => searcher.search(input)),
      'search.prepare': async () => {
        await model().embedWays(['a photo']);
        return {};
      },
      'search.tags': async ({ query, limit }) => ({
        values: await this.#ask((searcher) => searcher.tags(query, limit)),
      }),
      'search.unknownWords': async ({ query }) => ({ words: await unknownWords(parseQuery(query), model()) }),
      'search.values': (input) => this.#values.of(input),
      'photos.details': async ({ id }) => ({
        ...(await files.details(id)),
        tags: [...(await this.#tagsOf([id])).flat()],
      }),
    };
  }

  /** A model that is changed while it is asked takes the answer along: then the one that answers now is asked. */
  async #ask<T>(work: (searcher: Searcher) => Promise<T>): Promise<T> {
    const { searcher } = this;
    try {
      return await work(searcher);
    } catch (error) {
      if (tryTo(this.#options.model) === searcher.space.active) throw error;
      return this.#ask(work);
    }
  }

  /** Guessed words of each photo; none while there is no model that has learned the vocabulary. */
  async #tagsOf(photoIds: readonly string[]): Promise<readonly (readonly string[])[]> {
    const { model } = this.#options;
    const active = tryTo(model);
    const rows = photoIds.flatMap((id) => active?.resident.rowOf(id) ?? []);
    return (await active?.bank?.tags(rows, TAGS_PER_PHOTO, active.curve)) ?? [];
  }

  /** Searches this state of the library with a model. */
  searcherOf(active: ActiveModel): Searcher {
    const { catalogue, roots, store, pictures, files } = this.#options;
    const { resident } = active;
    const shown = Uint8Array.from(resident.ids, (id) => (catalogue.isShown(id) ? 1 : 0));
    /** Photos by the names that queries give them: looking one up goes through all files. */
    const named = new LruMap<string, string>(MOST_NAMED);
    const filters = new Filters({
      catalogue,
      shown,
      rowOf: (id) => resident.rowOf(id),
      photoIdsWhere: (predicate) => store.photoIdsWhere(predicate),
      pathOf: (file) => roots.pathOf(file.rootId, file.relPath),
      folderOf: (file) => roots.folderOf(file),
      isOffline: (file) => roots.isOffline(file),
      tagRows: async (tag) => (await active.bank?.rowsWith(tag, shown.length, active.curve)) ?? null,
    });
    return new Searcher({
      active,
      catalogue,
      shown,
      cellOf: (id) => files.cellOf(id),
      pathOf: (id) => files.pathOf(id),
      vectors: {
        sentence: (ways) => active.embedWays(ways),
        photoId: (reference) => {
          const written = JSON.stringify(reference);
          const id = named.get(written) ?? photoIdOf(reference, catalogue, resident);
          named.set(written, id);
          return id;
        },
        photo: (id) => {
          const vector = resident.direction(id);
          if (vector !== undefined) return vector;
          throw new AfterimageError('not-found', `The photo ${id} has not been indexed with this model yet.`);
        },
        region: (id, region) => {
          const contentHash = catalogue.photos.get(id)?.contentHash ?? '';
          return pictures.region(active, contentHash, () => files.openable(id), region);
        },
        picture: (token) => pictures.vector(active, token),
      },
      recorded: (column) => store.recorded(column),
      filtered: (wanted) => filters.of(wanted),
      literal: (words, limit) => store.literal(words, limit),
    });
  }
}

const tryTo = <T>(get: () => T): T | null => {
  try {
    return get();
  } catch {
    return null;
  }
};
