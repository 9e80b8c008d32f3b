/** What the tasks of one process may take without asking: ordinary photos do not wait for an answer. */
const ALLOWANCE = 64e6;

/** The small sums of memory that one worker process has given to its tasks. */
export class OwnMemory {
  #left = ALLOWANCE;
  readonly #taken = new Map<number, number>();

  /** @returns false when there is not so much left; nothing is taken then */
  take(id: number, bytes: number): boolean {
    if (bytes > this.#left) return false;
    this.#left -= bytes;
    this.#taken.set(id, (this.#taken.get(id) ?? 0) + bytes);
    return true;
  }

  /** The task has ended. */
  giveBack(id: number): void {
    this.#left += this.#taken.get(id) ?? 0;
    this.#taken.delete(id);
  }
}
