import { AfterimageError } from '../contract/index.ts';
import type { Init, Reply, Result } from './protocol.ts';
import { WorkerProcess, type WorkerProgram } from './worker-process.ts';

/** What is tried does not work, and why; a phrase for people. */
export class ProbeFailed extends Error {
  override readonly name = 'ProbeFailed';
}

export interface Patience {
  /** Milliseconds that one answer may take. */
  readonly ms: number;
  readonly signal?: AbortSignal | undefined;
}

export type Probed = Extract<Result, { kind: 'probed' }>;

/** A worker process that tries out one way to run a model: when that crashes or hangs, it is an answer, and nobody's accident. */
export class Probe {
  readonly #worker: WorkerProcess;
  readonly #patience: Patience;
  readonly #ended: Promise<never>;
  #onReply: (reply: Reply) => void = () => undefined;
  #isWell = false;

  private constructor(program: WorkerProgram, init: Init, patience: Patience) {
    this.#patience = patience;
    let onExit = (_: ProbeFailed): void => undefined;
    this.#ended = new Promise((_, reject) => (onExit = reject));
    this.#worker = new WorkerProcess(
      program,
      init,
      (reply) => this.#onReply(reply),
      (how) => onExit(new ProbeFailed(`the process that tried it ended (${how})`)),
    );
    this.#ended.catch(() => undefined);
  }

  /** Loads the model. @throws ProbeFailed, or AfterimageError `cancelled` */
  static async start(program: WorkerProgram, init: Init, patience: Patience): Promise<Probe> {
    const probe = new Probe(program, init, patience);
    await probe.#answer();
    return probe;
  }

  /**
   * Embeds the golden pictures, and measures how fast.
   *
   * @param ms how long, at least
   * @throws ProbeFailed, or AfterimageError `cancelled`
   */
  async run(batch: number, ms: number): Promise<Probed> {
    this.#worker.send({ type: 'task', id: 0, task: { kind: 'probe', batch, ms } });
    const reply = await this.#answer();
    if (reply.type === 'result' && reply.result.kind === 'probed') return reply.result;
    throw new TypeError(`A probe answered “${reply.type}” to another question.`);
  }

  async end(): Promise<void> {
    // What hangs in a driver may not even end when it is killed.
    if (this.#isWell) await this.#worker.end();
    else void this.#worker.end(0);
  }

  async #answer(): Promise<Reply> {
    const { ms, signal } = this.#patience;
    this.#isWell = false;
    let timer: NodeJS.Timeout | undefined;
    let onAbort = (): void => undefined;
    try {
      const reply = await Promise.race([
        this.#ended,
        new Promise<Reply>((resolve) => (this.#onReply = resolve)),
        new Promise<never>((_, reject) => {
          onAbort = () => reject(new AfterimageError('cancelled', 'Cancelled.'));
          timer = setTimeout(() => reject(new ProbeFailed(`it gave no answer within ${ms / 1000} seconds`)), ms);
          signal?.addEventListener('abort', onAbort);
          if (signal?.aborted === true) onAbort();
        }),
      ]);
      if (reply.type === 'broken' || reply.type === 'error') throw new ProbeFailed(phraseOf(reply.error.message));
      this.#isWell = true;
      return reply;
    } catch (error) {
      await this.end();
      throw error;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    }
  }
}

/** The part of a message of ONNX Runtime that says something: it begins with where in its source it is. */
const phraseOf = (message: string): string =>
  message
    .replace(/^.*? cannot be (?:loaded|run): /su, '')
    .replace(/^\S*onnxruntime_src.* was false\. /su, '')
    .replaceAll(/\s+/gu, ' ')
    .trim();
