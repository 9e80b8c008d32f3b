import { SvelteSet } from 'svelte/reactivity';
import type { Notice } from '../../app/contract/index.ts';
import type { Library } from './library.svelte.ts';

/** A notice that says something else is another one. */
const keyOf = ({ kind, rootId, message }: Notice): string => [kind, rootId ?? '', message].join('\n');

/** A folder that was moved stays away until somebody says where it is. */
export const canDismiss = ({ kind }: Notice): boolean => kind !== 'moved';

/** What the person should know; what was put aside comes back with the next start. */
export class Notices {
  readonly list = $derived.by((): readonly Notice[] =>
    (this.#library.status?.notices ?? []).filter(
      (notice) => !canDismiss(notice) || !this.#dismissed.has(keyOf(notice)),
    ),
  );

  readonly #library: Library;
  readonly #dismissed = new SvelteSet<string>();

  constructor(library: Library) {
    this.#library = library;
  }

  dismiss(notice: Notice): void {
    this.#dismissed.add(keyOf(notice));
  }
}
