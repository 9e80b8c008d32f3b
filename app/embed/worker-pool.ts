import { AfterimageError } from '../contract/index.ts';
import { JobClock, limitOf, TIME_LIMITS, type TimeLimits } from './job-clock.ts';
import { memoryBudget } from './memory-budget.ts';
import { PoolWatch, type Finding } from './pool-watch.ts';
import type { Identified, Init, Question, Reply, Result, Task, Want } from './protocol.ts';
import { WorkerProcess, type Job, type WorkerProgram } from './worker-process.ts';

/** How work is done. */
export interface Crew {
  readonly init: Init;
  /** Processes that may run at most. */
  readonly processes: number;
  /** Jobs that one process has in hand at most. */
  readonly room: number;
  /** Memory that a process may hold until it is ready, in bytes. */
  readonly loadBytes: number;
}

export interface PoolOptions extends WorkerProgram {
  readonly crew: Crew;
  /** Goes on where the crew fails although the task may be right: a driver that gives up takes no photo with it. */
  readonly fallback?: Crew | undefined;
  /** Told once, with the reason, when the fallback takes over. */
  readonly onFallback?: ((reason: string) => void) | undefined;
  /** Milliseconds without work after which all processes end: a model's memory is given back in no other way. */
  readonly idleMs: number;
  readonly limits?: TimeLimits | undefined;
}

export interface TaskOptions {
  /** Goes before everything that waits. */
  readonly isUrgent?: boolean;
  readonly identify?: Job['identify'];
}

/** What a task did to the process that had it in hand. */
export type Harm =
  /** The process ended. */
  | 'crash'
  /** It took longer than its limit. */
  | 'time'
  /** It took more memory than a picture may. */
  | 'memory'
  /** It waited for a file of which no byte came. */
  | 'silence';

/** The process had to end because of this very task. */
export class TaskKilled extends Error {
  override readonly name = 'TaskKilled';
  readonly harm: Harm;
  /** Milliseconds of work that it was given. */
  readonly limitMs: number;

  constructor(harm: Harm, limitMs: number) {
    super(`The task ended its process (${harm}).`);
    this.harm = harm;
    this.limitMs = limitMs;
  }
}

/** A worker that dies this often before it is ready will not become ready. */
const START_ATTEMPTS = 3;
/** A crew whose workers die this often, of nothing that its fallback dies of, too, is not up to it. */
const DEATHS = 3;

/**
 * Worker processes of one role, started when there is work and ended when there is none for a while. When one dies, what
 * it had in hand is done again, one task at a time in a process of its own (of the fallback, if there is one); the task that
 * kills that one too is the culprit. One that takes too much time or memory is killed, and treated like one that died.
 */
export class WorkerPool {
  readonly #options: PoolOptions;
  readonly #workers = new Set<WorkerProcess>();
  readonly #queue: Job[] = [];
  /** What dead workers had in hand, and the process where it is tried again. */
  readonly #suspects: Job[] = [];
  #isolated: WorkerProcess | null = null;
  /** Processes that have nothing more to do, and are about to end. */
  readonly #ending = new Set<Promise<void>>();
  readonly #limits: TimeLimits;
  readonly #watch: PoolWatch;
  #crew: Crew;
  #deadStarts = 0;
  #deaths = 0;
  #idle: NodeJS.Timeout | undefined;
  #nextId = 0;
  #isClosed = false;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#crew = options.crew;
    this.#limits = options.limits ?? TIME_LIMITS;
    this.#watch = new PoolWatch(this.#workers, this.#limits, {
      loadBytesOf: ({ init }) => (init === options.fallback?.init ? options.fallback : options.crew).loadBytes,
      onFinding: (worker, finding) => this.#stop(worker, finding),
    });
  }

  /**
   * @throws TaskKilled when the task ends the worker, or takes more than it may
   * @throws AfterimageError `model-invalid`, or `engine-stopped` after `close`
   */
  run(task: Task, { isUrgent = false, identify }: TaskOptions = {}): Promise<Result> {
    return new Promise((resolve, reject) => {
      const clock = this.#clockOf(task);
      const job: Job = { id: this.#nextId++, task, isUrgent, clock, memory: [], identify, resolve, reject };
      if (isUrgent) this.#queue.unshift(job);
      else this.#queue.push(job);
      this.#dispatch();
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#dispatch();
    await Promise.all([...this.#ending, ...[...this.#workers].map((worker) => worker.end())]);
  }

  #clockOf(task: Task): JobClock {
    return new JobClock(limitOf(task, this.#limits), this.#limits.silence);
  }

  #give(worker: WorkerProcess, job: Job): void {
    job.clock = this.#clockOf(job.task);
    worker.give(job);
  }

  #dispatch(): void {
    this.#assign();
    const isIdle =
      this.#queue.length + this.#suspects.length === 0 && [...this.#workers].every(({ jobs }) => jobs.size === 0);
    if (!isIdle || this.#workers.size === 0 || this.#isClosed) {
      clearTimeout(this.#idle);
      this.#idle = undefined;
    } else this.#idle ??= setTimeout(() => this.#unload(), this.#options.idleMs).unref();
  }

  #unload(): void {
    this.#idle = undefined;
    this.#isolated = null;
    for (const worker of this.#workers) this.#retire(worker);
  }

  /** Ends a process that has nothing in hand. */
  #retire(worker: WorkerProcess): void {
    this.#workers.delete(worker);
    const ended = worker.end().finally(() => this.#ending.delete(ended));
    this.#ending.add(ended);
  }

  #assign(): void {
    if (this.#isClosed) {
      this.#rejectAll(new AfterimageError('engine-stopped', 'Afterimage is closing.'));
      return;
    }
    if (this.#suspects.length > 0) this.#isolated ??= this.#start(this.#options.fallback ?? this.#crew);
    const isolated = this.#isolated;
    if (isolated?.isReady === true && isolated.jobs.size === 0) {
      const suspect = this.#suspects.shift();
      if (suspect !== undefined) this.#give(isolated, suspect);
      else {
        this.#isolated = null;
        if (isolated.init !== this.#crew.init) this.#retire(isolated);
      }
    }
    for (let job = this.#queue[0]; job !== undefined; job = this.#queue[0]) {
      const worker = this.#leastLoaded();
      if (worker === null || (worker.jobs.size > 0 && !job.isUrgent)) this.#startMore();
      if (worker === null || (worker.jobs.size >= this.#crew.room && !job.isUrgent)) return;
      this.#queue.shift();
      this.#give(worker, job);
    }
  }

  /** Of the processes that can take a job now. */
  #leastLoaded(): WorkerProcess | null {
    const ready = [...this.#workers].filter((worker) => worker.isReady && worker !== this.#isolated);
    return ready.reduce<WorkerProcess | null>(
      (least, worker) => (least === null || worker.jobs.size < least.jobs.size ? worker : least),
      null,
    );
  }

  /** Starts another process, unless those that are starting are enough for what waits. */
  #startMore(): void {
    const starting = [...this.#workers].filter((worker) => !worker.isReady).length;
    if (starting < this.#queue.length) this.#start(this.#crew);
  }

  #start({ init, processes }: Crew): WorkerProcess | null {
    if ([...this.#workers].filter((worker) => worker.init === init).length >= processes) return null;
    const worker: WorkerProcess = new WorkerProcess(
      this.#options,
      init,
      (reply) => void this.#onReply(worker, reply),
      (how) => this.#onExit(worker, how),
    );
    this.#workers.add(worker);
    this.#watch.keep();
    return worker;
  }

  async #onReply(worker: WorkerProcess, reply: Reply): Promise<void> {
    switch (reply.type) {
      case 'ready':
        worker.isReady = true;
        this.#deadStarts = 0;
        break;
      case 'broken':
        worker.isBroken = true;
        if (!this.#fallBack(worker, reply.error.message)) {
          this.#rejectAll(AfterimageError.fromData(reply.error));
          void worker.end();
        }
        break;
      case 'identify':
        worker.send({
          type: 'identified',
          id: reply.id,
          identified: await this.#identify(worker, reply.id, reply.question),
        });
        return;
      case 'take':
        await this.#grant(worker, reply);
        return;
      case 'begin':
        worker.jobs.get(reply.id)?.clock.begin(reply.step, reply.units);
        return;
      case 'result':
        this.#take(worker, reply.id)?.resolve(reply.result);
        for (const { clock } of worker.jobs.values()) clock.endOfAnother();
        break;
      case 'error':
        if (reply.error.kind !== 'model-invalid' || !this.#fallBack(worker, reply.error.message))
          this.#take(worker, reply.id)?.reject(AfterimageError.fromData(reply.error));
        break;
    }
    this.#dispatch();
  }

  async #identify(worker: WorkerProcess, id: number, question: Question): Promise<Identified> {
    const forget: Identified = { photoId: '', need: 'nothing' };
    const job = worker.jobs.get(id);
    const clock = job?.clock;
    clock?.pause();
    try {
      return (await job?.identify?.(question)) ?? forget;
    } catch (error) {
      this.#take(worker, id)?.reject(error);
      return forget;
    } finally {
      clock?.resume();
    }
  }

  /** Lets a task take memory as soon as there is enough for it. */
  async #grant(worker: WorkerProcess, { id, want, bytes }: { id: number; want: Want; bytes: number }): Promise<void> {
    const job = worker.jobs.get(id);
    if (job === undefined) return;
    const { clock } = job;
    clock.pause();
    const release = await memoryBudget.take(want, bytes);
    clock.resume();
    if (worker.jobs.get(id) !== job) {
      release();
      return;
    }
    job.memory.push(release);
    worker.send({ type: 'granted', id });
  }

  #take(worker: WorkerProcess, id: number): Job | undefined {
    const job = worker.jobs.get(id);
    worker.jobs.delete(id);
    if (job !== undefined) giveBack(job);
    return job;
  }

  /** All that a worker has in hand, which it has no longer. */
  #takeAll(worker: WorkerProcess): readonly Job[] {
    return [...worker.jobs.keys()].flatMap((id) => this.#take(worker, id) ?? []);
  }

  /** Ends a process that has been given enough time, or memory. */
  #stop(worker: WorkerProcess, { harm, culprits }: Finding): void {
    const killed = worker.kill().finally(() => this.#ending.delete(killed));
    this.#ending.add(killed);
    if (!worker.isReady) {
      this.#workers.delete(worker);
      if (worker === this.#isolated) this.#isolated = null;
      this.#refuseModel(worker, harm === 'memory' ? 'takes too much memory' : 'takes too long to load');
      this.#dispatch();
      return;
    }
    // What takes too long on a GPU may be the fault of its driver: then the fallback tells.
    const { fallback } = this.#options;
    const isSure = harm === 'silence' || fallback === undefined || worker.init === fallback.init;
    for (const { id, task, reject } of isSure ? culprits : []) {
      this.#take(worker, id);
      reject(new TaskKilled(harm, harm === 'silence' ? this.#limits.silence : limitOf(task, this.#limits)));
    }
    this.#lose(worker, `it took too much ${harm}`, isSure && culprits.length > 0);
  }

  #onExit(worker: WorkerProcess, how: string): void {
    if (!this.#workers.has(worker)) return;
    const wasAlone = worker === this.#isolated;
    for (const job of wasAlone ? this.#takeAll(worker) : []) job.reject(new TaskKilled('crash', 0));
    this.#lose(worker, how, wasAlone);
  }

  /** A process is gone. @param isExplained it ended because of a task that is known */
  #lose(worker: WorkerProcess, how: string, isExplained: boolean): void {
    this.#workers.delete(worker);
    if (worker === this.#isolated) this.#isolated = null;
    this.#suspects.push(...this.#takeAll(worker));
    const reason = `The process that runs it has ended several times (${how}).`;
    if (worker.isReady) {
      // What dies alone died of its task, and so may those before it have.
      this.#deaths = isExplained ? 0 : this.#deaths + 1;
      if (this.#deaths >= DEATHS) this.#fallBack(worker, reason);
    } else if (!worker.isBroken && ++this.#deadStarts >= START_ATTEMPTS) {
      this.#deadStarts = 0;
      this.#refuseModel(worker, 'ends the program that loads it', reason);
    }
    this.#dispatch();
  }

  /** Goes on with the fallback, or with nothing: the model cannot be loaded. */
  #refuseModel(worker: WorkerProcess, how: string, reason = `The model ${how}.`): void {
    const { name, directory } = worker.init.model;
    if (this.#fallBack(worker, reason)) return;
    this.#rejectAll(
      new AfterimageError(
        'model-invalid',
        `The model ${name} in ${directory} ${how}. Get its files again, or choose another model.`,
      ),
    );
  }

  /** Lets the other crew go on, if there is one and it does not work already. @returns whether it does */
  #fallBack({ init }: WorkerProcess, reason: string): boolean {
    const { fallback, onFallback } = this.#options;
    if (fallback === undefined || init !== this.#crew.init || this.#crew === fallback) return false;
    this.#crew = fallback;
    for (const worker of this.#workers) {
      if (worker.init !== init) continue;
      this.#queue.unshift(...this.#takeAll(worker));
      this.#retire(worker);
    }
    onFallback?.(reason);
    return true;
  }

  /** Ends everything that waits or is in hand. */
  #rejectAll(error: AfterimageError): void {
    const jobs = [...this.#queue.splice(0), ...this.#suspects.splice(0)];
    for (const worker of this.#workers) jobs.push(...this.#takeAll(worker));
    for (const job of jobs) job.reject(error);
  }
}

/** The memory of a task that is no longer in hand. */
const giveBack = ({ memory }: Job): void => {
  for (const release of memory.splice(0)) release();
};
