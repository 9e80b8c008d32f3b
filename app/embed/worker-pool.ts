import { AfterimageError } from '../contract/index.ts';
import type { Identified, Init, Question, Reply, Result, Task } from './protocol.ts';
import { WorkerProcess, type Job, type WorkerProgram } from './worker-process.ts';

/** How work is done. */
export interface Crew {
  readonly init: Init;
  /** Processes that may run at most. */
  readonly processes: number;
  /** Jobs that one process has in hand at most. */
  readonly room: number;
}

export interface PoolOptions extends WorkerProgram {
  readonly crew: Crew;
  /** Goes on where the crew fails although the task may be right: a driver that gives up takes no photo with it. */
  readonly fallback?: Crew | undefined;
  /** Told once, with the reason, when the fallback takes over. */
  readonly onFallback?: ((reason: string) => void) | undefined;
  /** Milliseconds without work after which all processes end: a model's memory is given back in no other way. */
  readonly idleMs: number;
}

export interface TaskOptions {
  /** Goes before everything that waits. */
  readonly isUrgent?: boolean;
  readonly identify?: Job['identify'];
}

/** The worker died of this very task: it was alone with it. */
export class WorkerDied extends Error {
  override readonly name = 'WorkerDied';
}

/** A worker that dies this often before it is ready will not become ready. */
const START_ATTEMPTS = 3;
/** A crew whose workers die this often, of nothing that its fallback dies of, too, is not up to it. */
const DEATHS = 3;

/**
 * Worker processes of one role, started when there is work and ended when there is none for a while. When one dies, what
 * it had in hand is done again, one task at a time in a process of its own (of the fallback, if there is one); the task that
 * kills that one too is the culprit.
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
  #crew: Crew;
  #deadStarts = 0;
  #deaths = 0;
  #idle: NodeJS.Timeout | undefined;
  #nextId = 0;
  #isClosed = false;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#crew = options.crew;
  }

  /**
   * @throws WorkerDied when the task kills the worker
   * @throws AfterimageError `model-invalid`, or `engine-stopped` after `close`
   */
  run(task: Task, { isUrgent = false, identify }: TaskOptions = {}): Promise<Result> {
    return new Promise((resolve, reject) => {
      const job: Job = { id: this.#nextId++, task, isUrgent, identify, resolve, reject };
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
      if (suspect !== undefined) isolated.give(suspect);
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
      worker.give(job);
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
      case 'result':
        this.#take(worker, reply.id)?.resolve(reply.result);
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
    try {
      return (await worker.jobs.get(id)?.identify?.(question)) ?? forget;
    } catch (error) {
      this.#take(worker, id)?.reject(error);
      return forget;
    }
  }

  #take(worker: WorkerProcess, id: number): Job | undefined {
    const job = worker.jobs.get(id);
    worker.jobs.delete(id);
    return job;
  }

  #onExit(worker: WorkerProcess, how: string): void {
    if (!this.#workers.delete(worker)) return;
    const wasAlone = worker === this.#isolated;
    if (wasAlone) this.#isolated = null;
    for (const job of worker.jobs.values()) {
      if (wasAlone) job.reject(new WorkerDied());
      else this.#suspects.push(job);
    }
    const reason = `The process that runs it has ended several times (${how}).`;
    if (worker.isReady) {
      // What dies alone died of its task, and so may those before it have.
      this.#deaths = wasAlone ? 0 : this.#deaths + 1;
      if (this.#deaths >= DEATHS) this.#fallBack(worker, reason);
    } else if (!worker.isBroken && ++this.#deadStarts >= START_ATTEMPTS) {
      this.#deadStarts = 0;
      const { name, directory } = this.#crew.init.model;
      if (!this.#fallBack(worker, reason)) {
        this.#rejectAll(
          new AfterimageError(
            'model-invalid',
            `The model ${name} in ${directory} ends the program that loads it. Get its files again, or choose another model.`,
          ),
        );
      }
    }
    this.#dispatch();
  }

  /** Lets the other crew go on, if there is one and it does not work already. @returns whether it does */
  #fallBack({ init }: WorkerProcess, reason: string): boolean {
    const { fallback, onFallback } = this.#options;
    if (fallback === undefined || init !== this.#crew.init || this.#crew === fallback) return false;
    this.#crew = fallback;
    for (const worker of this.#workers) {
      if (worker.init !== init) continue;
      this.#queue.unshift(...worker.jobs.values());
      worker.jobs.clear();
      this.#retire(worker);
    }
    onFallback?.(reason);
    return true;
  }

  /** Ends everything that waits or is in hand. */
  #rejectAll(error: AfterimageError): void {
    const jobs = [...this.#queue.splice(0), ...this.#suspects.splice(0)];
    for (const worker of this.#workers) {
      jobs.push(...worker.jobs.values());
      worker.jobs.clear();
    }
    for (const job of jobs) job.reject(error);
  }
}
