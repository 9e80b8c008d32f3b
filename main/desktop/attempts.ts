/** Counts how often something had to be started anew, and says when enough is enough. */
export class Attempts {
  /** How many there may be within `spanMs`. */
  readonly most: number;
  readonly spanMs: number;
  #times: readonly number[] = [];
  readonly #now: () => number;

  constructor(most: number, spanMs: number, now: () => number = Date.now) {
    this.most = most;
    this.spanMs = spanMs;
    this.#now = now;
  }

  /** Notes an attempt. @returns milliseconds to wait before it, longer each time, or null when there were too many */
  next(): number | null {
    const now = this.#now();
    this.#times = [...this.#times.filter((time) => now - time < this.spanMs), now];
    return this.#times.length > this.most ? null : 250 * 4 ** (this.#times.length - 1);
  }

  /** Forgets them: the person wants another try. */
  clear(): void {
    this.#times = [];
  }
}
