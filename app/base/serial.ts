/** Runs work one piece after the other, in the order in which it was asked for; a failure does not stop what follows. */
export class Serial {
  #last: Promise<unknown> = Promise.resolve();

  /** Runs `work` when all earlier work has ended. @returns what it returns; throws what it throws */
  run<T>(work: () => T | Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => undefined);
    return result;
  }

  /** Resolves when everything asked for so far has ended, whether or not it failed. */
  async settled(): Promise<void> {
    await this.#last;
  }
}
