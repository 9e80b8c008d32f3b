import { MediaQuery } from 'svelte/reactivity';
import { z } from 'zod';

const KEY = 'afterimage.preferences';

export const ROW_HEIGHTS = { lowest: 110, highest: 430, step: 40 } as const;

export const themes = ['system', 'light', 'dark'] as const;

const stored = z.object({
  theme: z.enum(themes).catch('system'),
  rowHeight: z.number().min(ROW_HEIGHTS.lowest).max(ROW_HEIGHTS.highest).catch(230),
  details: z.boolean().catch(true),
});
type Stored = z.infer<typeof stored>;

const read = (): Stored => {
  try {
    return stored.parse(JSON.parse(localStorage.getItem(KEY) ?? '{}'));
  } catch {
    // Not JSON, or a browser that keeps nothing: the defaults.
    return stored.parse({});
  }
};

/** What a person sets once about how things look; kept in this browser. */
export class Preferences {
  #values = $state.raw(read());
  readonly #systemIsDark = new MediaQuery('(prefers-color-scheme: dark)');

  /** The colours to draw with. */
  readonly scheme = $derived.by((): 'light' | 'dark' => {
    if (this.theme !== 'system') return this.theme;
    return this.#systemIsDark.current ? 'dark' : 'light';
  });

  get theme(): Stored['theme'] {
    return this.#values.theme;
  }

  set theme(theme: Stored['theme']) {
    this.#keep({ theme });
  }

  /** Height in px that the rows of the grid come close to. */
  get rowHeight(): number {
    return this.#values.rowHeight;
  }

  set rowHeight(height: number) {
    this.#keep({ rowHeight: Math.max(ROW_HEIGHTS.lowest, Math.min(ROW_HEIGHTS.highest, height)) });
  }

  /** Whether the viewer shows its side panel. */
  get details(): boolean {
    return this.#values.details;
  }

  set details(details: boolean) {
    this.#keep({ details });
  }

  #keep(change: Partial<Stored>): void {
    this.#values = { ...this.#values, ...change };
    try {
      localStorage.setItem(KEY, JSON.stringify(this.#values));
    } catch {
      // A browser that keeps nothing: the choice holds until the page is closed.
    }
  }
}
