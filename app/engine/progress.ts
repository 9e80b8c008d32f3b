import type { Progress } from '../contract/index.ts';

/** Seconds of work over which the rate is taken: long enough to be calm, short enough to be true. */
const WINDOW_MS = 10_000;

/** Counts work, and says how fast it goes and how long it will take. Time spent paused does not count. */
export class ProgressMeter {
  phase: Progress['phase'] = 'idle';
  current: string | null = null;
  found = 0;
  total = 0;
  failed = 0;
  #done = 0;
  #pausedAt: number | null = null;
  #samples: { readonly at: number; readonly done: number }[] = [];
  readonly #now: () => number;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  get paused(): boolean {
    return this.#pausedAt !== null;
  }

  start(): void {
    this.phase = 'scanning';
    this.current = null;
    this.found = 0;
    this.total = 0;
    this.failed = 0;
    this.#done = 0;
    this.#samples = [{ at: this.#now(), done: 0 }];
  }

  finish(): void {
    this.phase = 'idle';
    this.current = null;
    this.resume();
  }

  add(done: number): void {
    this.#done += done;
    const now = this.#now();
    this.#samples.push({ at: now, done: this.#done });
    while (this.#samples.length > 2 && now - (this.#samples[1]?.at ?? now) > WINDOW_MS) this.#samples.shift();
  }

  pause(): void {
    this.#pausedAt ??= this.#now();
  }

  resume(): void {
    if (this.#pausedAt === null) return;
    const gap = this.#now() - this.#pausedAt;
    this.#samples = this.#samples.map((sample) => ({ at: sample.at + gap, done: sample.done }));
    this.#pausedAt = null;
  }

  /** @returns photos per second over the window; null before the first result */
  rate(): number | null {
    const first = this.#samples[0];
    if (first === undefined || this.#done === first.done) return null;
    const until = this.#pausedAt ?? this.#now();
    return (this.#done - first.done) / Math.max(0.001, (until - first.at) / 1000);
  }

  snapshot(): Progress {
    const rate = this.rate();
    return {
      phase: this.phase,
      paused: this.paused,
      found: this.found,
      total: this.total,
      done: this.#done,
      failed: this.failed,
      photosPerSecond: rate,
      secondsLeft: rate === null || this.phase === 'scanning' ? null : Math.max(0, this.total - this.#done) / rate,
      current: this.current,
    };
  }
}
