import { Session, type Profiler } from 'node:inspector';

/**
 * V8 counts blocks only of functions that it compiles from here on, which it does when they are first called: this module has to
 * be loaded before those that are watched are run.
 */
const session = new Session();
session.connect();
session.post('Profiler.enable');
session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });

/** By module, for each character of its source whether it ran. */
export type Ran = ReadonlyMap<string, Uint8Array>;

/** What of some modules has run, by V8's block coverage: it tells a fuzzer that an input is of a new kind. */
export class Coverage {
  readonly #watched: readonly string[];
  readonly #seen = new Map<string, Uint8Array>();

  /** @param watched parts of the paths of the modules that count */
  constructor(watched: readonly string[]) {
    this.#watched = watched;
    this.take();
  }

  /** What has run since the last call. Takes some milliseconds. */
  take(): Ran {
    const ran = new Map<string, Uint8Array>();
    // Calls back before it returns: the session belongs to this very thread.
    session.post('Profiler.takePreciseCoverage', (error, { result }: Profiler.TakePreciseCoverageReturnType) => {
      if (error !== null) throw error;
      for (const { url, functions } of result)
        if (!url.includes('node_modules') && this.#watched.some((part) => url.includes(part)))
          ran.set(url, charactersOf(functions));
    });
    return ran;
  }

  /** Whether anything of it was never seen. */
  isNew(ran: Ran): boolean {
    return [...ran].some(([url, characters]) => {
      const seen = this.#seen.get(url);
      return characters.some((isRun, at) => isRun === 1 && seen?.[at] !== 1);
    });
  }

  see(ran: Ran): void {
    for (const [url, characters] of ran) {
      const seen = new Uint8Array(Math.max(characters.length, this.#seen.get(url)?.length ?? 0));
      seen.set(this.#seen.get(url) ?? []);
      for (const [at, isRun] of characters.entries()) if (isRun === 1) seen[at] = 1;
      this.#seen.set(url, seen);
    }
  }

  /** Characters of source that were ever seen to run. */
  get size(): number {
    return [...this.#seen.values()].reduce((sum, seen) => sum + seen.filter((isSeen) => isSeen === 1).length, 0);
  }
}

/** A range says something only where it differs from the one around it, of its own function or of the one that holds that. */
const charactersOf = (functions: readonly Profiler.FunctionCoverage[]): Uint8Array => {
  const ranges = functions.flatMap((one) => one.ranges);
  const outerFirst = ranges.sort((a, b) => a.startOffset - b.startOffset || b.endOffset - a.endOffset);
  const characters = new Uint8Array(Math.max(0, ...ranges.map(({ endOffset }) => endOffset)));
  for (const { startOffset, endOffset, count } of outerFirst)
    characters.fill(count > 0 ? 1 : 0, startOffset, endOffset);
  return characters;
};
