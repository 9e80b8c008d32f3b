import type { Target } from './target.ts';
import type { Watchdog } from './watchdog.ts';

/** CPU time that one input may take. */
const MOST_MS = 300;
/** How often an input is measured that seems slow; the least counts, for a machine does other things as well. */
const MEASURED = 3;

/** What is wrong with an input. */
export interface Verdict {
  readonly what: string;
  /** The same for inputs that show the same fault. */
  readonly cause: string;
}

/** Runs a target and looks whether it does what it declares. */
export class Judge {
  readonly #target: Target;
  readonly #watchdog: Watchdog;
  #slowest = 0;

  constructor(target: Target, watchdog: Watchdog) {
    this.#target = target;
    this.#watchdog = watchdog;
  }

  /** Milliseconds that the slowest input took. */
  get slowest(): number {
    return this.#slowest;
  }

  /** @returns null for an input that is read, or refused as is declared, soon enough */
  async judge(input: Buffer): Promise<Verdict | null> {
    this.#watchdog.tell(input);
    const began = performance.now();
    const fault = await this.#run(input);
    if (fault !== null) return fault;
    const took = performance.now() - began;
    if (took <= MOST_MS) {
      this.#slowest = Math.max(this.#slowest, took);
      return null;
    }
    const least = await this.#measure(input);
    this.#slowest = Math.max(this.#slowest, least);
    return least <= MOST_MS ? null : { what: `It takes ${least.toFixed(0)} ms of CPU time.`, cause: 'slow' };
  }

  async #run(input: Buffer): Promise<Verdict | null> {
    try {
      // A copy: nothing that a reader does to its input is to reach the next.
      await this.#target.run(Buffer.from(input));
      return null;
    } catch (error) {
      return this.#target.isDeclared(error) ? null : { what: told(error), cause: causeOf(error) };
    }
  }

  /** @returns milliseconds of CPU time, user and system */
  async #measure(input: Buffer): Promise<number> {
    let least = Infinity;
    for (let time = 0; time < MEASURED; time++) {
      const before = process.cpuUsage();
      await this.#run(input);
      const { user, system } = process.cpuUsage(before);
      least = Math.min(least, (user + system) / 1000);
    }
    return least;
  }
}

const told = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error));

/** By name and place, not by message, which repeats the input. */
const causeOf = (error: unknown): string => {
  if (!(error instanceof Error)) return typeof error;
  const place = /^\s+at .*$/mu.exec(error.stack ?? '')?.[0].trim() ?? '';
  return `${error.name} ${place}`;
};
