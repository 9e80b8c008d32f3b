import type { SavedSearch } from '../../app/contract/index.ts';
import { coalesce } from './coalesce.ts';
import type { Engine } from './engine.svelte.ts';
import type { Toasts } from './toasts.svelte.ts';

/** Searches that were given a name, with how many photos each finds now, and those asked lately. */
export class Searches {
  saved = $state.raw<readonly SavedSearch[]>([]);
  /** Queries, newest first. */
  recent = $state.raw<readonly string[]>([]);
  /** By id of the saved search; those that cannot be asked at the moment are missing. */
  counts = $state.raw<Readonly<Record<string, number>>>({});
  /** Asks the engine again soon; to be called freely. */
  readonly refresh = coalesce(() => this.#load());
  /** Counts again soon, as long as somebody looks. */
  readonly recount = coalesce(() => this.#count());

  readonly #engine: Engine;
  readonly #toasts: Toasts;
  #watched = false;

  constructor(engine: Engine, toasts: Toasts) {
    this.#engine = engine;
    this.#toasts = toasts;
  }

  /** Whether the counts can be seen: otherwise nobody needs them. */
  watch(watched: boolean): void {
    this.#watched = watched;
    if (watched) this.recount();
  }

  /** @returns whether it was saved */
  async save(name: string, query: string): Promise<boolean> {
    const search = await this.#toasts.attempt(this.#engine.call('searches.save', { name, query }));
    if (search === undefined) return false;
    await this.#load();
    this.#toasts.say(`Saved as “${search.name}”.`);
    return true;
  }

  /** Gives a saved search another name or another query. */
  async change(search: SavedSearch): Promise<void> {
    await this.#toasts.attempt(this.#engine.call('searches.save', search));
    await this.#load();
  }

  async remove(search: SavedSearch): Promise<void> {
    const removed = await this.#toasts.attempt(this.#engine.call('searches.remove', { id: search.id }));
    await this.#load();
    if (removed === undefined) return;
    const run = (): void => void this.save(search.name, search.query);
    this.#toasts.say(`“${search.name}” was deleted. Its photos were not touched.`, 'plain', { label: 'Undo', run });
  }

  remember(query: string): void {
    if (this.recent[0] === query) return;
    this.recent = [query, ...this.recent.filter((other) => other !== query)];
    this.#engine.call('searches.remember', { query }).catch(() => undefined);
  }

  async forget(): Promise<void> {
    this.recent = [];
    await this.#toasts.attempt(this.#engine.call('searches.forget', {}));
  }

  async #load(): Promise<void> {
    try {
      const { saved, recent } = await this.#engine.call('searches.list', {});
      this.saved = saved;
      this.recent = recent;
      if (this.#watched) this.recount();
    } catch {
      // They are asked for again when the line is open again.
    }
  }

  async #count(): Promise<void> {
    for (const { id } of this.saved) {
      if (!this.#watched) return;
      const count = await this.#engine.call('searches.count', { id }).catch(() => null);
      const { [id]: _before, ...others } = this.counts;
      this.counts = count === null ? others : { ...others, [id]: count.photos };
    }
  }
}
