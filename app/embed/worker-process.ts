import type { ChildProcess } from 'node:child_process';
import { processUsage } from '../base/process-usage.ts';
import { killGroup, startNodeGroup } from '../base/programs.ts';
import type { Elapsed, JobClock } from './job-clock.ts';
import type { Release } from './memory-budget.ts';
import {
  replySchema,
  type Identified,
  type Init,
  type Order,
  type Question,
  type Reply,
  type Result,
  type Task,
} from './protocol.ts';

/** How to start a worker process. */
export interface WorkerProgram {
  /** The bundle of `main/engine/worker-main.ts`. */
  readonly entry: string;
  /** The Node runtime; by default the one this process runs on. */
  readonly execPath?: string | undefined;
}

/** A task on its way. */
export interface Job {
  readonly id: number;
  readonly task: Task;
  readonly isUrgent: boolean;
  /** What it has used of its time in the process that has it in hand. */
  clock: JobClock;
  /** The memory that it has been given. */
  readonly memory: Release[];
  readonly identify: ((question: Question) => Identified | Promise<Identified>) | undefined;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/** How long a worker may take to end by itself: one run of a large model, and some. */
const PATIENCE_MS = 5000;
/** How long the system may take to end it; what hangs in a driver or a dead network disk does not end at all. */
const KILL_PATIENCE_MS = 5000;
/** Megabytes of JavaScript objects in a worker: pictures and models lie outside of them. */
const HEAP_MB = 512;
/**
 * How far they grow before the first thorough garbage collection. A limit by itself makes Node collect ten times as often, which
 * took 5 % of the time of indexing.
 */
const FREE_HEAP_MB = 128;
/** A computer that slept, or an engine that was kept waiting, has not worked. */
const LONGEST_LOOK_MS = 2000;

/** What a look at a worker process has found. */
export interface Look extends Elapsed {
  /** Memory that it holds; 0 where the system does not tell. */
  readonly residentBytes: number;
  /** Memory it has taken since it became ready; 0 where the system does not tell. */
  readonly grownBytes: number;
}

/** One worker process and the jobs it has in hand. */
export class WorkerProcess {
  readonly jobs = new Map<number, Job>();
  isReady = false;
  /** It has said that it cannot work, and is about to end. */
  isBroken = false;
  readonly init: Init;
  readonly #child: ChildProcess;
  readonly #exited: Promise<string>;
  #lookedAt = performance.now();
  #cpuMs = 0;
  #residentWhenReady: number | null = null;

  /**
   * @param onReply what the worker says, parsed
   * @param onExit once, when the process has ended, and by what: a signal, a code, or what the system says
   */
  constructor(
    { entry, execPath }: WorkerProgram,
    init: Init,
    onReply: (reply: Reply) => void,
    onExit: (how: string) => void,
  ) {
    this.init = init;
    // A driver or model that is being tried may print much that helps no one.
    const output = init.role === 'probe' || init.role === 'vet' ? 'ignore' : 2;
    this.#child = startNodeGroup(entry, {
      execPath: execPath ?? process.execPath,
      execArgv: [`--max-old-space-size=${HEAP_MB}`, `--initial-old-space-size=${FREE_HEAP_MB}`],
      serialization: 'advanced',
      // Results of a command go to standard output; nothing a library prints may come between them.
      stdio: ['ignore', output, output, 'ipc'],
      // libvips and file access run on this pool: a decoding per core, and a file being read meanwhile.
      env: { ...process.env, UV_THREADPOOL_SIZE: String(init.threads + 1) },
    });
    this.#exited = new Promise((resolve) => {
      this.#child.once('exit', (code, signal) => resolve(signal ?? `code ${String(code)}`));
      // Without it there is no `exit`: the program could not be started.
      this.#child.on('error', (error) => resolve(error.message));
    });
    void this.#exited.then(onExit);
    this.#child.on('message', (message) => {
      const reply = replySchema.safeParse(message);
      if (reply.success) onReply(reply.data);
      else killGroup(this.#child);
    });
    this.send(init);
  }

  give(job: Job): void {
    this.jobs.set(job.id, job);
    this.send({ type: 'task', id: job.id, task: job.task });
  }

  send(message: Init | Order): void {
    // A worker that has died says so by its exit; what could not be sent to it is in `jobs`.
    if (this.#child.connected) this.#child.send(message, () => undefined);
  }

  /** How long it has worked since it was last looked at, as far as the system tells. */
  look(): Look {
    const usage = this.#child.pid === undefined ? null : processUsage(this.#child.pid);
    const now = performance.now();
    const time = Math.min(now - this.#lookedAt, LONGEST_LOOK_MS);
    this.#lookedAt = now;
    if (usage === null) return { time, work: time, residentBytes: 0, grownBytes: 0 };
    const work = Math.min(time, usage.cpuMs - this.#cpuMs);
    this.#cpuMs = usage.cpuMs;
    if (this.isReady) this.#residentWhenReady ??= usage.residentBytes;
    const { residentBytes } = usage;
    return { time, work, residentBytes, grownBytes: residentBytes - (this.#residentWhenReady ?? residentBytes) };
  }

  /** Ends the process at once. @returns when it has ended, or does not end even so */
  async kill(): Promise<void> {
    killGroup(this.#child);
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([this.#exited, new Promise((resolve) => (timer = setTimeout(resolve, KILL_PATIENCE_MS)))]);
    clearTimeout(timer);
  }

  /** Ends the process: it lets go of its model first, unless it takes too long. */
  async end(patienceMs = PATIENCE_MS): Promise<void> {
    if (this.#child.connected) this.#child.disconnect();
    const timer = setTimeout(() => killGroup(this.#child), patienceMs);
    await this.#exited;
    clearTimeout(timer);
  }
}
