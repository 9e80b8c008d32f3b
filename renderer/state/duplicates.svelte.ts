import { SvelteSet } from 'svelte/reactivity';
import {
  toAfterimageError,
  type Duplicate,
  type DuplicateGroups,
  type ErrorData,
  type Failure,
  type Likeness,
} from '../../app/contract/index.ts';
import { formatBytes, formatCount } from '../format.ts';
import type { Engine } from './engine.svelte.ts';
import type { Toasts } from './toasts.svelte.ts';

export type DuplicateGroup = DuplicateGroups['groups'][number];

const PAGE = 40;

/** Groups of duplicates, and which of their files the person wants to move to the trash. */
export class Duplicates {
  likeness = $state<Likeness>('exact');
  groups = $state.raw<readonly DuplicateGroup[]>([]);
  total = $state(0);
  loading = $state(false);
  moving = $state(false);
  problem = $state.raw<ErrorData | null>(null);
  /** Files that could not be moved the last time. */
  failures = $state.raw<readonly Failure[]>([]);
  /** Keys of the files that are to go. */
  readonly #going = new SvelteSet<string>();
  readonly going = $derived(this.groups.flatMap(({ files }) => files.filter((file) => this.goes(file))));
  readonly bytes = $derived(this.going.reduce((sum, { bytes }) => sum + bytes, 0));
  /** Groups of which nothing would be left. */
  readonly emptied = $derived(this.groups.filter(({ files }) => files.every((file) => this.goes(file))).length);

  readonly #engine: Engine;
  readonly #toasts: Toasts;
  #running: AbortController | undefined;

  constructor(engine: Engine, toasts: Toasts) {
    this.#engine = engine;
    this.#toasts = toasts;
  }

  /** Shows the groups of one kind, found anew. Choices made among others are forgotten. */
  async show(likeness: Likeness): Promise<void> {
    this.likeness = likeness;
    this.groups = [];
    this.total = 0;
    this.failures = [];
    this.#going.clear();
    await this.#load(0, PAGE);
  }

  more(): Promise<void> {
    return this.#load(this.groups.length, PAGE);
  }

  /** Nobody looks any more. */
  leave(): void {
    this.#running?.abort();
  }

  goes(file: Duplicate): boolean {
    return this.#going.has(file.fileId);
  }

  /** Chooses what becomes of a file; one that cannot be reached stays. */
  choose(file: Duplicate, goes: boolean): void {
    if (goes && !file.offline) this.#going.add(file.fileId);
    else this.#going.delete(file.fileId);
  }

  /** Everything but the file that is suggested to be kept is to go. */
  keepSuggested(groups: readonly DuplicateGroup[]): void {
    for (const file of groups.flatMap(({ files }) => files)) this.choose(file, !file.keep);
  }

  clear(): void {
    this.#going.clear();
  }

  /** Moves what was chosen to the system's trash. */
  async moveToTrash(): Promise<void> {
    const files = this.going;
    const { bytes } = this;
    this.moving = true;
    const moved = await this.#toasts.attempt(
      this.#engine.call('photos.trash', { fileIds: files.map(({ fileId }) => fileId) }),
    );
    this.moving = false;
    if (moved === undefined) return;
    this.failures = moved.failures;
    this.#going.clear();
    if (moved.done > 0) {
      const size = moved.failures.length === 0 ? ` (${formatBytes(bytes)})` : '';
      this.#toasts.say(
        `${formatCount(moved.done, 'file')}${size} ${moved.done === 1 ? 'is' : 'are'} in the trash of your system. What you restore from there comes back without being indexed again.`,
      );
    }
    await this.#load(0, Math.max(PAGE, this.groups.length));
  }

  /** Groups from `offset` on, in place of what is known from there on. */
  async #load(offset: number, limit: number): Promise<void> {
    this.#running?.abort();
    const controller = new AbortController();
    this.#running = controller;
    this.loading = true;
    try {
      const input = { likeness: this.likeness, offset, limit };
      const page = await this.#engine.call('photos.duplicates', input, controller.signal);
      if (controller.signal.aborted) return;
      this.groups = [...this.groups.slice(0, offset), ...page.groups];
      this.total = page.total;
      this.problem = null;
    } catch (error) {
      const failure = toAfterimageError(error);
      if (failure.kind !== 'cancelled') this.problem = failure.toData();
    } finally {
      if (this.#running === controller) this.loading = false;
    }
  }
}
