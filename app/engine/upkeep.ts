/** Milliseconds without work after which nobody is kept waiting. */
const IDLE_MS = 20_000;
/** What has been gone for long enough is to be forgotten, even though nothing was written. */
const DAY_MS = 86_400_000;

/** Work on the library as a whole: at once after a large run, after a while of rest when small changes add up, and every day. */
export class Upkeep {
  readonly #work: () => Promise<void>;
  readonly #isBusy: () => boolean;
  #running: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | null = null;
  /** What was due while nobody looked is due at the first time. */
  #isDue = true;

  /** @param isBusy whether photos are being indexed, say: they may be the very ones that would be tidied away */
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

  /** Something was changed that no run ends with: what is said of photos, or how long they are remembered. */
  heed(): void {
    this.touch();
    this.soon();
  }

  async now(): Promise<void> {
    if (!this.#isDue) return;
    this.#isDue = false;
    this.#plan(DAY_MS);
    const work = this.#running.then(this.#work);
    this.#running = work.catch(() => undefined);
    await work;
  }

  /** Each call begins the rest anew. */
  soon(): void {
    if (this.#isDue) this.#plan(IDLE_MS);
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #plan(ms: number): void {
    this.stop();
    this.#timer = setTimeout(() => {
      this.touch();
      if (this.#isBusy()) this.soon();
      // What cannot be tidied up today can be another day.
      else this.now().catch(() => undefined);
    }, ms).unref();
  }
}
