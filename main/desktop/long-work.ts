import type { Progress } from '../../app/contract/index.ts';

/** Work that somebody may have turned away from. */
export const LONG_MS = 2 * 60_000;

/** Notices when long work has come to its end, and says so once. */
export class LongWork {
  readonly #say: (files: number, minutes: number) => void;
  readonly #now: () => number;
  /** Milliseconds of work so far; what was paused is left out. */
  #took = 0;
  /** Since when it has been worked on; null while it is not. */
  #since: number | null = null;
  #files = 0;

  /** @param say called at the end of work that took minutes */
  constructor(say: (files: number, minutes: number) => void, now: () => number = Date.now) {
    this.#say = say;
    this.#now = now;
  }

  heed({ phase, paused, done }: Progress): void {
    const now = this.#now();
    this.#took += this.#since === null ? 0 : now - this.#since;
    this.#since = phase === 'idle' || paused ? null : now;
    if (phase !== 'idle') {
      this.#files = done;
      return;
    }
    const took = this.#took;
    this.#took = 0;
    if (took >= LONG_MS && this.#files > 0) this.#say(this.#files, Math.round(took / 60_000));
  }
}
