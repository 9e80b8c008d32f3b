import { AfterimageError } from '../contract/index.ts';
import type { Identified, Init, Question, Reply, Result, Task } from './protocol.ts';
import { WorkerProcess, type Job, type WorkerProgram } from './worker-process.ts';

export interface PoolOptions extends WorkerProgram {
  readonly init: Init;
  /** Processes that may run at most. */
  readonly processes: number;
  /** Jobs that one process has in hand at most. */
  readonly room: number;
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

/**
 * Worker processes of one role, started when there is work. When one dies, what it had in hand is done again, one task at
 * a time in a process of its own; the task that kills that one too is the culprit.
 */
export class WorkerPool {
  readonly #options: PoolOptions;
  readonly #workers = new Set<WorkerProcess>();
  readonly #queue: Job[] = [];
  /** What dead workers had in hand, and the process where it is tried again. */
  readonly #suspects: Job[] = [];
  #isolated: WorkerProcess | null = null;
  #deadStarts = 0;
  #nextId = 0;
  #isClosed = false;

  constructor(options: PoolOptions) {
    this.#options = options;
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
    await Promise.all([...this.#workers].map((worker) => worker.end()));
  }

  #dispatch(): void {
    if (this.#isClosed) {
      this.#rejectAll(new AfterimageError('engine-stopped', 'Afterimage is closing.'));
      return;
    }
    if (this.#suspects.length > 0) this.#isolated ??= this.#start();
    const { isReady = false, jobs } = this.#isolated ?? {};
    if (isReady && jobs?.size === 0) {
      const suspect = this.#suspects.shift();
      if (suspect === undefined) this.#isolated = null;
      else this.#isolated?.give(suspect);
    }
    for (let job = this.#queue[0]; job !== undefined; job = this.#queue[0]) {
      const worker = this.#leastLoaded();
      if (worker === null || (worker.jobs.size > 0 && !job.isUrgent)) this.#startMore();
      if (worker === null || (worker.jobs.size >= this.#options.room && !job.isUrgent)) return;
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
    if (starting < this.#queue.length) this.#start();
  }

  #start(): WorkerProcess | null {
    if (this.#workers.size >= this.#options.processes) return null;
    const worker: WorkerProcess = new WorkerProcess(
      this.#options,
      this.#options.init,
      (reply) => void this.#onReply(worker, reply),
      () => this.#onExit(worker),
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
        this.#rejectAll(AfterimageError.fromData(reply.error));
        worker.isBroken = true;
        void worker.end();
        return;
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

  #onExit(worker: WorkerProcess): void {
    const wasAlone = worker === this.#isolated;
    if (wasAlone) this.#isolated = null;
    this.#workers.delete(worker);
    if (!worker.isReady && !worker.isBroken && ++this.#deadStarts >= START_ATTEMPTS) {
      this.#deadStarts = 0;
      const { name, directory } = this.#options.init.model;
      this.#rejectAll(
        new AfterimageError(
          'model-invalid',
          `The model ${name} in ${directory} ends the program that loads it. Get its files again, or choose another model.`,
        ),
      );
    }
    for (const job of worker.jobs.values()) {
      if (wasAlone) job.reject(new WorkerDied());
      else this.#suspects.push(job);
    }
    this.#dispatch();
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
