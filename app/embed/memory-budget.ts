import { totalmem } from 'node:os';
import { MOST_PICTURE_BYTES } from '../media/memory-need.ts';
import type { Want } from './protocol.ts';

/** Gives back what was taken. Calls after the first do nothing. */
export type Release = () => void;

interface Waiting {
  readonly bytes: number;
  readonly grant: (release: Release) => void;
}

/** Files that are held while a picture is decoded, together. */
const FILES = Math.max(256e6, totalmem() / 64);

/**
 * The memory that all worker processes together may take for files and decoding.
 *
 * A task takes memory for its file first, and for its picture when it knows what is in it. A task that decodes never
 * waits, so it ends and gives its memory back; files are held to a share that always leaves room for one picture. So no task
 * waits forever.
 */
export class MemoryBudget {
  readonly #total: number;
  readonly #used: Record<Want, number> = { file: 0, picture: 0 };
  readonly #waiting: Record<Want, Waiting[]> = { file: [], picture: [] };

  /** @param total bytes */
  constructor(total: number) {
    this.#total = total;
  }

  /** Waits until there is room for so many bytes, in order of asking. */
  take(want: Want, bytes: number): Promise<Release> {
    return new Promise((grant) => {
      this.#waiting[want].push({ bytes, grant });
      this.#serve();
    });
  }

  #serve(): void {
    for (const want of ['picture', 'file'] as const) {
      const waiting = this.#waiting[want];
      for (let next = waiting[0]; next !== undefined && this.#hasRoom(want, next.bytes); next = waiting[0]) {
        waiting.shift();
        const { bytes } = next;
        this.#used[want] += bytes;
        let isTaken = true;
        next.grant(() => {
          if (!isTaken) return;
          isTaken = false;
          this.#used[want] -= bytes;
          this.#serve();
        });
      }
    }
  }

  #hasRoom(want: Want, bytes: number): boolean {
    const { file, picture } = this.#used;
    // A file larger than that comes alone, and so does a picture that leaves no room for others.
    if (want === 'file') return file + bytes <= FILES || file + picture === 0;
    return file + picture + bytes <= this.#total || picture === 0;
  }
}

/**
 * The one budget of this engine, whatever number of models it runs. Computers with much memory have room for several of the
 * largest pictures at once.
 */
export const memoryBudget = new MemoryBudget(Math.max(MOST_PICTURE_BYTES, totalmem() / 32));
