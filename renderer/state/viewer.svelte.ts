import { toAfterimageError, type ErrorData, type PhotoDetails } from '../../app/contract/index.ts';
import { fileName } from '../format.ts';
import type { Engine } from './engine.svelte.ts';
import type { Grid } from './grid.svelte.ts';
import type { MarkChange } from './marks.svelte.ts';

/** One photo over the whole window, and its neighbours in the grid it was opened from. */
export class Viewer {
  grid = $state.raw<Grid | null>(null);
  id = $state('');
  details = $state.raw<PhotoDetails | null>(null);
  problem = $state.raw<ErrorData | null>(null);
  /** Whether a frame for a part of the photo was asked for by the keyboard. */
  framing = $state(false);

  readonly index = $derived(this.grid === null ? -1 : this.grid.list.indexOf(this.id));
  readonly previous = $derived(this.index === -1 ? undefined : this.grid?.list.idAt(this.index - 1));
  readonly next = $derived(this.index === -1 ? undefined : this.grid?.list.idAt(this.index + 1));
  /** Its title, or the name of its file; empty until that is known. */
  readonly name = $derived.by((): string => {
    const file = this.details?.files[0];
    return this.details?.metadata.title ?? (file === undefined ? '' : fileName(file.path));
  });
  /** Width and height of the photo in px. */
  readonly size = $derived({
    width: this.grid?.list.widths[this.index] ?? this.details?.width ?? 3,
    height: this.grid?.list.heights[this.index] ?? this.details?.height ?? 2,
  });

  /** Length of a video; null for a picture. */
  readonly seconds = $derived.by((): number | null =>
    this.grid !== null && this.index !== -1
      ? this.grid.list.badgesAt(this.index).seconds
      : (this.details?.seconds ?? null),
  );

  readonly favourite = $derived.by((): boolean =>
    this.grid !== null && this.index !== -1
      ? this.grid.list.badgesAt(this.index).favourite
      : (this.details?.favourite ?? false),
  );

  readonly #engine: Engine;
  #running: AbortController | undefined;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  open(grid: Grid, id: string): void {
    this.grid = grid;
    this.#turnTo(id);
  }

  /** Turns to the neighbour before (−1) or after (+1), if there is one. */
  step(by: -1 | 1): void {
    const id = by === -1 ? this.previous : this.next;
    if (id === undefined) return;
    this.#turnTo(id);
    // The grid follows underneath, so that a list that can be continued is, and the photo is in view afterwards.
    this.grid?.focusOn(this.index);
  }

  /** Shows at once what photos were marked as; one that is hidden makes room for its neighbour. */
  marked(ids: readonly string[], change: MarkChange): void {
    if (this.grid === null || !ids.includes(this.id)) return;
    const { details } = this;
    if (details?.id === this.id) {
      const mark = { ...details.mark, ...change };
      this.details = { ...details, mark, favourite: mark.favourite };
    }
    if (change.hidden === undefined) return;
    const neighbour = this.next ?? this.previous;
    if (neighbour === undefined) this.close();
    else this.#turnTo(neighbour);
  }

  close(): void {
    this.#running?.abort();
    this.grid = null;
  }

  #turnTo(id: string): void {
    this.framing = false;
    this.id = id;
    this.details = null;
    this.problem = null;
    void this.#load(id);
  }

  async #load(id: string): Promise<void> {
    this.#running?.abort();
    const controller = new AbortController();
    this.#running = controller;
    try {
      this.details = await this.#engine.call('photos.details', { id }, controller.signal);
    } catch (error) {
      const failure = toAfterimageError(error);
      if (failure.kind !== 'cancelled') this.problem = failure.toData();
    }
  }
}
