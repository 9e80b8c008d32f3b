import type { Mark } from '../../app/contract/index.ts';
import { formatCount } from '../format.ts';
import type { Announcer } from './announcer.svelte.ts';
import type { Engine } from './engine.svelte.ts';
import type { PhotoList } from './photo-list.ts';
import type { Toasts } from './toasts.svelte.ts';

export type MarkChange = Partial<Mark>;

/** A list as it is once photos in it are marked: what is hidden, or is hidden no more, is in another list. */
export const markedIn = (list: PhotoList, ids: readonly string[], { hidden, favourite }: MarkChange): PhotoList => {
  const left = hidden === undefined ? list : list.without(ids);
  return favourite === undefined ? left : left.favouring(ids, favourite);
};

export interface MarkListener {
  /** Photos are about to be marked: whatever shows them can do so at once. */
  marked(ids: readonly string[], change: MarkChange): void;
  /** What is shown may not be true any more. */
  stale(): void;
}

/** What the person says of photos. It shows at once, and is taken back when the engine cannot keep it. */
export class Marks {
  readonly #engine: Engine;
  readonly #toasts: Toasts;
  readonly #announcer: Announcer;
  readonly #listener: MarkListener;
  /** One photo after the other is rated: the last message is enough. */
  #closeLast = (): void => undefined;

  constructor(engine: Engine, toasts: Toasts, announcer: Announcer, listener: MarkListener) {
    this.#engine = engine;
    this.#toasts = toasts;
    this.#announcer = announcer;
    this.#listener = listener;
  }

  /** @returns whether it was kept; otherwise the reason has been shown */
  async set(ids: readonly string[], change: MarkChange): Promise<boolean> {
    this.#listener.marked(ids, change);
    const kept = await this.#toasts.attempt(this.#engine.call('photos.mark', { ids: [...ids], ...change }));
    // A photo that is hidden no more has a place again that only the engine knows.
    if (kept === undefined || change.hidden === false) this.#listener.stale();
    return kept !== undefined;
  }

  async favour(id: string, favourite: boolean): Promise<void> {
    if (await this.set([id], { favourite }))
      this.#announcer.say(favourite ? 'Marked as a favourite.' : 'Not a favourite any more.');
  }

  /**
   * @param rating 0 to 5; null leaves the rating in the file standing
   * @param seen   whether the stars are on the screen; if not, a message tells
   */
  async rate(id: string, rating: number | null, seen: boolean): Promise<void> {
    if (!(await this.set([id], { rating }))) return;
    const said = rating === null ? 'Rated as in its file.' : rating === 0 ? 'No stars.' : `Rated ${rating} of 5 stars.`;
    this.#closeLast();
    if (seen) this.#announcer.say(said);
    else this.#closeLast = this.#toasts.say(said);
  }

  async hide(ids: readonly string[]): Promise<void> {
    if (!(await this.set(ids, { hidden: true }))) return;
    const run = (): void => void this.set(ids, { hidden: false });
    this.#toasts.say(`${formatCount(ids.length, 'photo')} hidden. Search for “is:hidden” to see what is.`, 'plain', {
      label: 'Undo',
      run,
    });
  }

  async show(ids: readonly string[]): Promise<void> {
    if (await this.set(ids, { hidden: false }))
      this.#toasts.say(`${formatCount(ids.length, 'photo')} shown in the library again.`);
  }
}
