import { AfterimageError } from '../contract/index.ts';
import { memoryToLoad } from './load-memory.ts';
import type { Model } from './model.ts';
import { Probe, ProbeFailed } from './probe.ts';
import type { WorkerProgram } from './worker-process.ts';

export interface VetOptions extends WorkerProgram {
  readonly model: Model;
  /** Cores to use. */
  readonly threads: number;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds that it may take; by default what the size of the graphs suggests. */
  readonly patienceMs?: number | undefined;
}

/** Long for any small model, and as much again for every ten megabytes of a large one as a slow disk and processor need. */
const PATIENCE_MS = 60_000;
const PATIENCE_MS_PER_BYTE = 1000 / 10e6;

/**
 * Looks whether a model can be used at all: both towers embed something in a process of their own, within bounds of time and
 * memory that grow with the size of their graphs. Nothing of that can harm the engine or the model in use.
 *
 * @throws AfterimageError `model-invalid` saying why it cannot, or `cancelled`
 */
export const vetModel = async ({ model, threads, signal, patienceMs, ...program }: VetOptions): Promise<void> => {
  const maxBytes = memoryToLoad(model);
  const ms = patienceMs ?? Math.round(PATIENCE_MS + PATIENCE_MS_PER_BYTE * model.bytesOnDisk);
  try {
    const probe = await Probe.start(program, { role: 'vet', model, threads, maxBytes }, { ms, signal });
    await probe.end();
  } catch (error) {
    if (!(error instanceof ProbeFailed)) throw error;
    throw new AfterimageError(
      'model-invalid',
      `The model ${model.name} in ${model.directory} cannot be used: ${error.message}. It was tried with ${(maxBytes / 1e9).toFixed(1)} GB of memory at most. Get its files again, or choose another model.`,
      { cause: error },
    );
  }
};
