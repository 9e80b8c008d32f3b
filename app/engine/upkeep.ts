/** Milliseconds without work after which nobody is kept waiting. */
const IDLE_MS = 20_000;

/** Work on the library as a whole: at once after a large run, and after a while of rest when small changes add up. */
export class Upkeep {
  readonly #work: () => Promise<void>;
  #timer: NodeJS.Timeout | null = null;
  /** What was due while nobody looked is due at the first time. */
  #isDue = true;

  constructor(work: () => Promise<void>) {
    this.#work = work;
  }

  /** Something was written. */
  touch(): void {
    this.#isDue = true;
  }

  async now(): Promise<void> {
    this.stop();
    if (!this.#isDue) return;
    this.#isDue = false;
    await this.#work();
  }

  /** Each call begins the rest anew. */
  soon(): void {
    this.stop();
    // What cannot be tidied up today can be another day.
    this.#timer = setTimeout(() => void this.now().catch(() => undefined), IDLE_MS).unref();
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
