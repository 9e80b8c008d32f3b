import { randomBytes } from 'node:crypto';
import { dirname } from 'node:path';
import { OwnFolder } from '../base/disk.ts';
import {
  AfterimageError,
  savedSearchSchema,
  searchesSchema,
  type SavedSearch,
  type Searches,
} from '../contract/index.ts';
import { isThere, JsonFile, readJson } from './json-file.ts';

/** Recent queries that are remembered. */
const RECENT = 50;
/** Searches that can be saved. */
export const MOST_SAVED = 1000;

const NONE: Searches = { saved: [], recent: [] };

const newId = (): string => randomBytes(6).toString('hex');
const keyOf = ({ name, query }: Omit<SavedSearch, 'id'>): string => JSON.stringify([name, query]);

/** Saved and recent searches, in memory and on disk. */
export class SavedSearches extends JsonFile<Searches> {
  /** Where a damaged file of searches was put aside, if ever one was. */
  readonly damaged: string | null;

  private constructor(own: OwnFolder, path: string, value: Searches, damaged: string | null) {
    super(own, path, value);
    this.damaged = damaged;
  }

  /** Reads the file; one that is damaged is put aside under another name, and new searches begin without it. */
  static async open(path: string): Promise<SavedSearches> {
    const own = new OwnFolder(dirname(path));
    const aside = `${path}.damaged`;
    const value = await readJson(path, searchesSchema).catch(async (error: unknown) => {
      if (!(error instanceof AfterimageError)) throw error;
      await own.move(path, (await isThere(aside)) ? `${aside}-${String(Date.now())}` : aside);
      return null;
    });
    return new SavedSearches(own, path, value ?? NONE, (await isThere(aside)) ? aside : null);
  }

  /** Every query that is saved or remembered. */
  get queries(): readonly string[] {
    return [...this.value.saved.map(({ query }) => query), ...this.value.recent];
  }

  /** @throws AfterimageError `not-found` */
  get(id: string): SavedSearch {
    const found = this.value.saved.find((search) => search.id === id);
    if (found === undefined) throw new AfterimageError('not-found', 'This search is no longer saved.');
    return found;
  }

  /**
   * Saves a search at the end of the list; with the id of a saved one, changes that one in its place.
   *
   * @throws AfterimageError `not-found`
   */
  async save({ id, ...named }: Omit<SavedSearch, 'id'> & { readonly id?: string | undefined }): Promise<SavedSearch> {
    if (id !== undefined) this.get(id);
    else if (this.value.saved.length >= MOST_SAVED)
      throw new AfterimageError(
        'invalid-request',
        `A library takes ${String(MOST_SAVED)} saved searches. Remove one that is no longer needed first.`,
      );
    const search = savedSearchSchema.parse({ id: id ?? newId(), ...named });
    await this.change(({ saved }) => ({
      saved: id === undefined ? [...saved, search] : saved.map((before) => (before.id === id ? search : before)),
    }));
    return search;
  }

  /** Saves several at the end of the list in one step, but for those that are there under the same name. */
  async saveAll(searches: readonly Omit<SavedSearch, 'id'>[]): Promise<void> {
    await this.change(({ saved }) => {
      const known = new Set(saved.map(keyOf));
      const fresh = searches.filter((search) => !known.has(keyOf(search)));
      return { saved: [...saved, ...fresh.map((search) => ({ id: newId(), ...search }))].slice(0, MOST_SAVED) };
    });
  }

  /** Puts back what was saved before. */
  async restore(saved: readonly SavedSearch[]): Promise<void> {
    await this.change(() => ({ saved: [...saved] }));
  }

  /** @throws AfterimageError `not-found` */
  async remove(id: string): Promise<void> {
    this.get(id);
    await this.change(({ saved }) => ({ saved: saved.filter((search) => search.id !== id) }));
  }

  /** Puts a query first among the recent ones. */
  remember(query: string): Promise<void> {
    const text = query.trim();
    return this.change(({ recent }) => ({
      recent: [text, ...recent.filter((other) => other !== text)].slice(0, RECENT),
    }));
  }

  forget(): Promise<void> {
    return this.change(() => ({ recent: [] }));
  }
}
