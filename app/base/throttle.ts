/** Calls `run` at most once per interval, and once more after the last `poke`, so that the final state is always reported. */
export class Throttle {
  readonly #interval: number;
  readonly #run: () => void;
  #timer: NodeJS.Timeout | null = null;
  #calledAt = -Infinity;

  constructor(interval: number, run: () => void) {
    this.#interval = interval;
    this.#run = run;
  }

  poke(): void {
    if (this.#timer !== null) return;
    const wait = this.#calledAt + this.#interval - performance.now();
    this.#timer = setTimeout(
      () => {
        this.#timer = null;
        this.#calledAt = performance.now();
        this.#run();
      },
      Math.max(0, wait),
    );
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
