import type { Progress } from '../../app/contract/index.ts';

/** Work that somebody may have turned away from. */
const LONG_MS = 2 * 60_000;

/** Notices when long work has come to its end, and says so once. */
export class LongWork {
  readonly #say: (files: number, minutes: number) => void;
  readonly #now: () => number;
  #begun: number | null = null;
  #files = 0;

  /** @param say called at the end of work that took minutes */
  constructor(say: (files: number, minutes: number) => void, now: () => number = Date.now) {
    this.#say = say;
    this.#now = now;
  }

  heed({ phase, done }: Progress): void {
    if (phase !== 'idle') {
      this.#begun ??= this.#now();
      this.#files = done;
      return;
    }
    const took = this.#begun === null ? 0 : this.#now() - this.#begun;
    this.#begun = null;
    if (took >= LONG_MS && this.#files > 0) this.#say(this.#files, Math.round(took / 60_000));
  }
}
