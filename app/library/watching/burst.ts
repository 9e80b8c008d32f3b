/** What became of a path, as far as events tell. */
export type PathEvents = ReadonlyMap<string, 'create' | 'update' | 'delete'>;

/** Milliseconds without events that end a burst, and the longest that one is waited for. */
const CALM = { quiet: 250, most: 1500 };
/** The same for a burst right after another: while a file grows, the native watcher tells of it every half second. */
const STEADY = { quiet: 700, most: 1500 };
const RIGHT_AFTER = 1000;
/** The same for a storm: it is over sooner when nobody looks at every wave. */
const STORM = { quiet: 1000, most: 10_000 };
/** The system drops events beyond 16,384 that wait for us, and the native watcher does not tell: near that, nothing is certain. */
const MOST_PATHS = 4096;

/** Gathers events until they pause. */
export class Burst {
  readonly #over: (events: PathEvents | 'too-many') => void;
  #events = new Map<string, 'create' | 'update' | 'delete'>();
  #isStorm = false;
  #begun = 0;
  #ended = -Infinity;
  #timer: NodeJS.Timeout | null = null;

  /** @param over called after each burst; `too-many` when some may have been lost */
  constructor(over: (events: PathEvents | 'too-many') => void) {
    this.#over = over;
  }

  add(relPath: string, type: 'create' | 'update' | 'delete'): void {
    if (!this.#isStorm) this.#events.set(relPath, type);
    if (this.#events.size > MOST_PATHS) this.lose();
    this.#wait();
  }

  /** Some events were lost: which, nobody knows. */
  lose(): void {
    this.#isStorm = true;
    this.#events.clear();
    this.#wait();
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#events = new Map();
    this.#isStorm = false;
  }

  #wait(): void {
    const now = performance.now();
    if (this.#timer === null) this.#begun = now;
    else clearTimeout(this.#timer);
    const { quiet, most } = this.#isStorm ? STORM : this.#begun - this.#ended < RIGHT_AFTER ? STEADY : CALM;
    this.#timer = setTimeout(
      () => {
        const events = this.#isStorm ? 'too-many' : this.#events;
        this.stop();
        this.#ended = performance.now();
        this.#over(events);
      },
      Math.max(0, Math.min(quiet, this.#begun + most - now)),
    );
  }
}
