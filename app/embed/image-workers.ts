import { basename } from 'node:path';
import { AfterimageError, type FailureKind, type Metadata, type Region } from '../contract/index.ts';
import { mapUnordered } from '../base/map-unordered.ts';
import { memoryToLoad } from './load-memory.ts';
import type { Model } from './model.ts';
import { firstPlacement, type Placement } from './placement.ts';
import type { Identified, Question, Result, Task } from './protocol.ts';
import { labelOf } from './providers.ts';
import type { TimeLimits } from './job-clock.ts';
import { TaskKilled, WorkerPool, type Crew } from './worker-pool.ts';
import type { WorkerProgram } from './worker-process.ts';

export interface ImageJob {
  readonly key: string;
  readonly path: string;
  /** Paths of the files that describe it. */
  readonly sidecars: readonly string[];
  /** What its files say is wanted, though the picture may be known. */
  readonly describe: boolean;
}

/** What a picture shows, or a video at one moment. */
export interface Frame {
  /** Second of the video; null for a picture. */
  readonly at: number | null;
  /** Unit vector, `[d]`. */
  readonly vector: Float32Array;
}

export type ImageOutcome =
  /** `identify` said that nothing is needed: the bytes were read and hashed, not decoded. */
  | { readonly state: 'known'; readonly key: string; readonly photoId: string; readonly contentHash: string }
  | {
      readonly state: 'embedded';
      readonly key: string;
      readonly photoId: string;
      readonly contentHash: string;
      readonly pixelHash: string;
      /** Of the upright picture, in its full size. */
      readonly width: number;
      readonly height: number;
      readonly mime: string;
      readonly metadata: Metadata;
      /** Which of its sources of metadata were not read, and why; for the person. */
      readonly leftOut: string | null;
      readonly phash: string | null;
      readonly sharpness: number | null;
      /** Length of a video; null for a picture. */
      readonly seconds: number | null;
      /** One at least, in order. */
      readonly frames: readonly Frame[];
    }
  /** The picture is known; this is what its files say of it now. */
  | {
      readonly state: 'described';
      readonly key: string;
      readonly photoId: string;
      readonly contentHash: string;
      readonly metadata: Metadata;
      /** Which of its sources of metadata were not read, and why; for the person. */
      readonly leftOut: string | null;
    }
  | { readonly state: 'failed'; readonly key: string; readonly kind: FailureKind; readonly message: string };

export interface ImageWorkersOptions extends WorkerProgram {
  readonly model: Model;
  /** Folder of the library, which thumbnails and views are written to. */
  readonly library: string;
  /** Cores to use, over all processes. */
  readonly threads: number;
  /** How the model runs here; without it, as it does before anything is measured. */
  readonly placement?: Placement;
  /** Told once, with the reason, when the CPU has to take over from the chosen provider, and how it goes on. */
  readonly onFallback?: (reason: string, placement: Placement) => void;
  /** Milliseconds without work after which the processes end. */
  readonly idleMs?: number;
  readonly limits?: TimeLimits;
  /** Says which photo a file shows, and what is needed of it. */
  readonly identify: (key: string, question: Question) => Identified | Promise<Identified>;
}

/** Photos in hand per thread: enough to decode some while others are embedded. */
const ROOM_PER_THREAD = 6;
/** A person who looks at a result and goes on does not wait for the model again. */
const IDLE_MS = 60_000;

/** Decodes and embeds photos in worker processes. */
export class ImageWorkers {
  readonly #options: ImageWorkersOptions;
  readonly #pool: WorkerPool;
  readonly #room: number;

  constructor(options: ImageWorkersOptions) {
    const { entry, execPath, model, library, threads, onFallback, idleMs = IDLE_MS, limits } = options;
    const first = firstPlacement(model, threads);
    const placement = options.placement ?? first;
    const crewOf = ({ provider, graph, batch, processes, threads: each }: Placement): Crew => ({
      init: { role: 'images', model, library, provider, graph, batch, threads: each },
      processes,
      // A batch is decoded while another one is embedded.
      room: Math.max(ROOM_PER_THREAD * each, 2 * batch),
      loadBytes: memoryToLoad(model, provider),
    });
    const crew = crewOf(placement);
    const label = labelOf(placement.provider);
    this.#options = options;
    this.#room = crew.room * crew.processes;
    this.#pool = new WorkerPool({
      entry,
      execPath,
      crew,
      fallback: placement.provider === 'cpu' ? undefined : crewOf(first),
      onFallback: (reason) => onFallback?.(`${label} cannot be used any more; the CPU goes on. ${reason}`, first),
      idleMs,
      limits,
    });
  }

  /**
   * One outcome per job, in order of completion. Jobs are taken only while there is room, so a source that stalls pauses
   * the work. On `signal` it ends; jobs in hand are then left without an outcome.
   *
   * @throws AfterimageError `model-invalid`
   */
  run(jobs: AsyncIterable<ImageJob>, signal: AbortSignal): AsyncIterable<ImageOutcome> {
    return mapUnordered(jobs, this.#room, signal, (job) => this.#photo(job));
  }

  /**
   * The vector of a picture, or of a part of it; goes before the photos that wait.
   *
   * @returns a unit vector, `[d]`, and the size of the upright picture or part
   * @throws AfterimageError `not-a-picture`, `unreadable` or `model-invalid`
   */
  async embedPicture(
    path: string,
    region?: Region,
  ): Promise<{ readonly vector: Float32Array; readonly width: number; readonly height: number }> {
    const result = await this.#urgent({ kind: 'picture', path, region }, path);
    if (result.kind !== 'picture') throw unexpected(result);
    const { vector, width, height } = result;
    this.#check(vector);
    return { vector, width, height };
  }

  /**
   * Makes a JPEG that every browser can draw.
   *
   * @param longEdge its longer side at most, in pixels
   * @param at second of a video; without it, the frame that stands for all of it
   * @throws AfterimageError `not-a-picture`, `unreadable` or `disk-full`
   */
  async renderView(path: string, target: string, longEdge: number, at?: number): Promise<void> {
    await this.#urgent({ kind: 'view', path, target, longEdge, at }, path);
  }

  close(): Promise<void> {
    return this.#pool.close();
  }

  async #photo({ key, path, sidecars, describe }: ImageJob): Promise<ImageOutcome> {
    const failed = (kind: FailureKind, message: string): ImageOutcome => ({ state: 'failed', key, kind, message });
    let result: Result;
    try {
      result = await this.#pool.run(
        { kind: 'photo', path, sidecars: [...sidecars], describe },
        { identify: (question) => this.#options.identify(key, question) },
      );
    } catch (error) {
      if (!(error instanceof TaskKilled)) throw error;
      const { kind, message } = failureOf(path, error);
      return failed(kind, message);
    }
    switch (result.kind) {
      case 'known': {
        const { photoId, contentHash } = result;
        return { state: 'known', key, photoId, contentHash };
      }
      case 'embedded': {
        const { kind: _, ...photo } = result;
        for (const { vector } of photo.frames) this.#check(vector);
        return { state: 'embedded', key, ...photo };
      }
      case 'described': {
        const { kind: _, ...photo } = result;
        return { state: 'described', key, ...photo };
      }
      case 'failed':
        return failed(result.failure, result.message);
      case 'picture':
      case 'viewed':
      case 'vectors':
      case 'probed':
        throw unexpected(result);
    }
  }

  async #urgent(task: Task, path: string): Promise<Result> {
    const result = await this.#pool.run(task, { isUrgent: true }).catch((error: unknown) => {
      if (!(error instanceof TaskKilled)) throw error;
      const { kind, message } = failureOf(path, error);
      throw new AfterimageError(errorKind(kind), message, { cause: error });
    });
    if (result.kind === 'failed')
      throw new AfterimageError(errorKind(result.failure), `${basename(path)}: ${result.message}`);
    return result;
  }

  #check(vector: Float32Array): void {
    const { dimension, name } = this.#options.model;
    if (vector.length === dimension) return;
    throw new AfterimageError(
      'model-invalid',
      `The model ${name} gave a vector of ${vector.length} numbers where its configuration says ${dimension}.`,
    );
  }
}

/** Why a file had the process ended that worked on it. */
const failureOf = (
  path: string,
  { harm, limitMs }: TaskKilled,
): { readonly kind: FailureKind; readonly message: string } => {
  switch (harm) {
    case 'crash':
      return {
        kind: 'crashed',
        message: `${path} crashes the program that decodes pictures. Save a copy of it in another format, or delete it.`,
      };
    case 'time':
      return {
        kind: 'too-slow',
        message: `${path} took longer than ${limitMs / 1000} s to read. Save a copy of it in another format, or delete it.`,
      };
    case 'memory':
      return {
        kind: 'too-large',
        message: `${path} takes more memory to decode than one file may. Save a smaller copy of it, or delete it.`,
      };
    case 'silence':
      return {
        kind: 'unreadable',
        message: `${path} cannot be read: nothing came of it for ${limitMs / 1000} s. Check the disk or the network it lies on, and scan again.`,
      };
  }
};

const errorKind = (kind: FailureKind): 'unreadable' | 'disk-full' | 'not-a-picture' => {
  switch (kind) {
    case 'unreadable':
    case 'vanished':
      return 'unreadable';
    case 'disk-full':
      return 'disk-full';
    case 'empty':
    case 'truncated':
    case 'not-an-image':
    case 'unsupported':
    case 'too-large':
    case 'not-a-file':
    case 'crashed':
    case 'too-slow':
    case 'left-out':
      return 'not-a-picture';
  }
};

const unexpected = ({ kind }: Result): TypeError => new TypeError(`A worker answered “${kind}” to another question.`);
