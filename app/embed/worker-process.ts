import type { ChildProcess } from 'node:child_process';
import { startNode } from '../base/programs.ts';
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
  readonly identify: ((question: Question) => Identified | Promise<Identified>) | undefined;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/** How long a worker may take to end by itself: one run of a large model, and some. */
const PATIENCE_MS = 5000;

/** One worker process and the jobs it has in hand. */
export class WorkerProcess {
  readonly jobs = new Map<number, Job>();
  isReady = false;
  /** It has said that it cannot work, and is about to end. */
  isBroken = false;
  readonly init: Init;
  readonly #child: ChildProcess;
  readonly #exited: Promise<string>;

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
    // A driver that is tried out may say a lot that is of no use to anybody.
    const output = init.role === 'probe' ? 'ignore' : 2;
    this.#child = startNode(entry, {
      execPath: execPath ?? process.execPath,
      execArgv: [],
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
      else this.#child.kill('SIGKILL');
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

  /** Ends the process: it lets go of its model first, unless it takes too long. */
  async end(patienceMs = PATIENCE_MS): Promise<void> {
    if (this.#child.connected) this.#child.disconnect();
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), patienceMs);
    await this.#exited;
    clearTimeout(timer);
  }
}
