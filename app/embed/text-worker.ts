import { AfterimageError } from '../contract/index.ts';
import { memoryToLoad } from './load-memory.ts';
import type { Model } from './model.ts';
import type { TimeLimits } from './job-clock.ts';
import { TaskKilled, WorkerPool, type Crew } from './worker-pool.ts';
import type { WorkerProgram } from './worker-process.ts';

export interface TextWorkerOptions extends WorkerProgram {
  readonly model: Model;
  readonly threads: number;
  /** Milliseconds without work after which the process ends. */
  readonly idleMs?: number;
  readonly limits?: TimeLimits;
}

/** Calls in hand at once; the tower answers them one after the other. */
const ROOM = 16;
/** Characters of a sentence that an error names. */
const MOST_SHOWN = 80;
/** Some minutes: a search is to be answered at once while somebody searches. */
const IDLE_MS = 300_000;

/** Embeds sentences in a process of its own, so that a query does not wait for photos that are being indexed. */
export class TextWorker {
  readonly #pool: WorkerPool;
  readonly #model: Model;

  constructor({ entry, execPath, model, threads, idleMs = IDLE_MS, limits }: TextWorkerOptions) {
    this.#model = model;
    const init: Crew['init'] = { role: 'text', model, threads };
    const crew: Crew = { init, processes: 1, room: ROOM, loadBytes: memoryToLoad(model) };
    this.#pool = new WorkerPool({ entry, execPath, crew, idleMs, limits });
  }

  /**
   * @returns unit vectors, `[n × d]` row-major
   * @throws AfterimageError `model-invalid`
   */
  async embed(texts: readonly string[]): Promise<Float32Array> {
    const { name, dimension } = this.#model;
    const result = await this.#pool.run({ kind: 'texts', texts: [...texts] }).catch((error: unknown) => {
      if (!(error instanceof TaskKilled)) throw error;
      const shown = Array.from(texts[0] ?? '')
        .slice(0, MOST_SHOWN)
        .join('');
      const what =
        error.harm === 'time' ? `took longer than ${error.limitMs / 1000} s` : 'ended the program that runs it';
      throw new AfterimageError(
        'internal',
        `The text part of the model ${name} ${what} over “${shown}”. Try other words; if that happens again, get the model’s files again or choose another model.`,
        { cause: error },
      );
    });
    if (result.kind === 'vectors' && result.vectors.length === texts.length * dimension) return result.vectors;
    throw new AfterimageError(
      'model-invalid',
      `The text part of the model ${name} did not give ${dimension} numbers for each sentence.`,
    );
  }

  close(): Promise<void> {
    return this.#pool.close();
  }
}
