import { MOST_PICTURE_BYTES } from '../media/memory-need.ts';
import { JobClock, type TimeLimits } from './job-clock.ts';
import type { Job, Look, WorkerProcess } from './worker-process.ts';

/** A process takes more time or memory than it may. */
export interface Finding {
  readonly harm: 'time' | 'memory' | 'silence';
  /** The tasks that it is because of, as far as that is sure. */
  readonly culprits: readonly Job[];
}

interface WatchHost {
  /** Memory that a worker may hold until it is ready. */
  loadBytesOf(worker: WorkerProcess): number;
  onFinding(worker: WorkerProcess, finding: Finding): void;
}

const LOOK_MS = 500;
/** What a process may grow by: one picture, and what others in hand have taken without asking. */
const MOST_GROWTH = MOST_PICTURE_BYTES + 512e6;

/** Looks at the processes of a pool from outside, as one that is busy cannot tell the time itself. */
export class PoolWatch {
  readonly #workers: ReadonlySet<WorkerProcess>;
  readonly #limits: TimeLimits;
  readonly #host: WatchHost;
  /** Of those that load their model. */
  readonly #starts = new WeakMap<WorkerProcess, JobClock>();
  #timer: NodeJS.Timeout | undefined;

  /** @param workers that are there at the moment; those that are not ready load their model */
  constructor(workers: ReadonlySet<WorkerProcess>, limits: TimeLimits, host: WatchHost) {
    this.#workers = workers;
    this.#limits = limits;
    this.#host = host;
  }

  /** Looks at them from now on, until there are none. */
  keep(): void {
    this.#timer ??= setInterval(() => this.#lookAtAll(), LOOK_MS).unref();
  }

  #lookAtAll(): void {
    if (this.#workers.size === 0) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
    for (const worker of [...this.#workers]) {
      const finding = this.#judge(worker, worker.look());
      if (finding !== null) this.#host.onFinding(worker, finding);
    }
  }

  #judge(worker: WorkerProcess, look: Look): Finding | null {
    if (!worker.isReady) {
      const clock = this.#starts.get(worker) ?? new JobClock(this.#limits.start, Infinity);
      this.#starts.set(worker, clock);
      clock.add(look, true);
      if (look.residentBytes > this.#host.loadBytesOf(worker)) return { harm: 'memory', culprits: [] };
      return clock.verdict(true) === 'in-time' ? null : { harm: 'time', culprits: [] };
    }
    const jobs = [...worker.jobs.values()];
    const isAlone = jobs.length === 1;
    for (const { clock } of jobs) clock.add(look, isAlone);
    const those = (...verdicts: readonly string[]): readonly Job[] =>
      jobs.filter(({ clock }) => verdicts.includes(clock.verdict(isAlone)));
    if (look.grownBytes > MOST_GROWTH && jobs.length > 0) return { harm: 'memory', culprits: isAlone ? jobs : [] };
    const silent = those('silent');
    if (silent.length > 0) return { harm: 'silence', culprits: silent };
    if (those('late', 'late-alone').length > 0) return { harm: 'time', culprits: those('late-alone') };
    return null;
  }
}
