import { kindOf } from '../media/formats.ts';
import type { Step, Task } from './protocol.ts';

/**
 * How long things may take, in milliseconds. What counts is work: time in which the process has used a core, where the system
 * tells. A process that is kept waiting (by other programs, a slow disk, a question of its own) uses up nothing.
 */
export interface TimeLimits {
  readonly picture: number;
  /** Of our own work on it; ffmpeg has a limit of its own, see app/media/video.ts. */
  readonly video: number;
  /** For each sentence of those that run together. */
  readonly text: number;
  /** Loading a model. */
  readonly start: number;
  /** Without a byte of a file that is being read. */
  readonly silence: number;
}

export const TIME_LIMITS: TimeLimits = {
  picture: 60_000,
  video: 300_000,
  text: 10_000,
  start: 120_000,
  silence: 120_000,
};

/** What makes no progress for so many times its limit is stuck, even if it does not work. */
const STUCK = 10;

export type Verdict =
  | 'in-time'
  /** No byte of its file has come for too long. */
  | 'silent'
  /** It takes too long; with other tasks in the process, it may be one of those that does. */
  | 'late'
  /** It takes too long by itself. */
  | 'late-alone';

/** Counts what one task has used of its time, in the process that has it in hand. */
export class JobClock {
  readonly #limitMs: number;
  readonly #silenceMs: number;
  #step: Step = 'work';
  #units = 1;
  #waits = 0;
  #work = 0;
  #workAlone = 0;
  #time = 0;

  constructor(limitMs: number, silenceMs: number) {
    this.#limitMs = limitMs;
    this.#silenceMs = silenceMs;
  }

  /** The task says that it gets on: its time begins anew. @param units how many times its limit the step may take */
  begin(step: Step, units = 1): void {
    this.#step = step;
    this.#units = units;
    this.#work = this.#workAlone = this.#time = 0;
  }

  /** Another task of the process has ended: what this one waited for behind it is not its own time. */
  endOfAnother(): void {
    this.#work = 0;
  }

  /** The task waits for an answer of ours. */
  pause(): void {
    this.#waits++;
  }

  resume(): void {
    this.#waits--;
  }

  /** @param elapsed since the last call, and how much of it its process worked; both in milliseconds */
  add({ time, work }: Elapsed, isAlone: boolean): void {
    if (this.#waits > 0) return;
    this.#time += time;
    if (this.#step === 'read') return;
    this.#work += work;
    if (isAlone) this.#workAlone += work;
  }

  verdict(isAlone: boolean): Verdict {
    if (this.#step === 'read') return this.#time > this.#silenceMs ? 'silent' : 'in-time';
    const limit = this.#limitMs * this.#units;
    const isStuck = this.#time > STUCK * limit;
    if (isAlone) return this.#workAlone > limit || isStuck ? 'late-alone' : 'in-time';
    return this.#work > limit || isStuck ? 'late' : 'in-time';
  }
}

/** Milliseconds that have passed, and those of them in which a process worked. */
export interface Elapsed {
  readonly time: number;
  readonly work: number;
}

/** The limit of a task. @returns milliseconds */
export const limitOf = (task: Task, limits: TimeLimits): number => {
  switch (task.kind) {
    case 'photo':
    case 'picture':
    case 'view':
      return kindOf(task.path) === 'video' ? limits.video : limits.picture;
    case 'texts':
      return limits.text;
    case 'probe':
      // A probe has a time limit of its own.
      return Infinity;
  }
};
