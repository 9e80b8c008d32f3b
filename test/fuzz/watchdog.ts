import { Worker } from 'node:worker_threads';

/** Inputs that are longer are not written down whole. */
const ROOM = 2 ** 20;

/**
 * Ends this process when one input keeps it busy for so long that it will not come back, and leaves that input in a file. Code
 * that loops hears nothing else.
 */
export class Watchdog {
  readonly #input = new SharedArrayBuffer(ROOM);
  /** How many inputs there were, and how long the last one is. */
  readonly #facts = new Int32Array(new SharedArrayBuffer(8));
  readonly #worker: Worker;

  /** @param path of the file that is written then */
  constructor(path: string) {
    this.#worker = new Worker(new URL('watchdog-thread.mjs', import.meta.url), {
      workerData: { input: this.#input, facts: this.#facts, path, pid: process.pid },
      execArgv: [],
    });
    this.#worker.unref();
  }

  /** Says which input comes next. */
  tell(input: Uint8Array): void {
    new Uint8Array(this.#input).set(input.subarray(0, ROOM));
    Atomics.store(this.#facts, 1, Math.min(input.length, ROOM));
    Atomics.add(this.#facts, 0, 1);
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }
}
