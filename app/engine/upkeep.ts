/** Milliseconds without work after which nobody is kept waiting. */
const IDLE_MS = 20_000;

/** Work on the library as a whole: at once after a large run, and after a while of rest when small changes add up. */
export class Upkeep {
  readonly #work: () => Promise<void>;
  readonly #isBusy: () => boolean;
  #running: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | null = null;
  /** What was due while nobody looked is due at the first time. */
  #isDue = true;

  /** @param isBusy whether photos are being indexed: they may be the very ones that would be tidied away */
  constructor(work: () => Promise<void>, isBusy: () => boolean) {
    this.#work = work;
    this.#isBusy = isBusy;
  }

  /** Resolves when no work is under way. */
  get ready(): Promise<void> {
    return this.#running;
  }

  /** Something was written. */
  touch(): void {
    this.#isDue = true;
  }

  async now(): Promise<void> {
    this.stop();
    if (!this.#isDue) return;
    this.#isDue = false;
    const work = this.#work();
    this.#running = work.catch(() => undefined);
    await work;
  }

  /** Each call begins the rest anew. */
  soon(): void {
    this.stop();
    this.#timer = setTimeout(() => {
      if (this.#isBusy()) this.soon();
      // What cannot be tidied up today can be another day.
      else this.now().catch(() => undefined);
    }, IDLE_MS).unref();
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
