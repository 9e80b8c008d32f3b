import { TimeExceeded, withinTime } from '../../base/deadline.ts';
import { XmpTooLarge } from './xmp.ts';

/** Where something is said of a photo. */
export interface Source<T> {
  /** As the person is told. */
  readonly name: string;
  /** Characters that are read. */
  readonly length: number;
  /** @param leaveOut is told why, when only a part of it is read */
  readonly read: (leaveOut: (why: string) => void) => T;
}

/** A thousand times as long as it takes. */
const MOST_MS = 5000;
/** What is no longer is read without a watch, which costs more than the reading. */
const SHORT = 100_000;

/** Reads sources of metadata one after the other. What passes the limits is left out and named; what is broken says nothing. */
export class SourceReader {
  readonly #leftOut = new Map<string, string>();

  /** @returns what each says; undefined where that is nothing */
  readAll<T>(sources: readonly Source<T>[]): (T | undefined)[] {
    const readAll = (): (T | undefined)[] => sources.map((source) => this.#read(source));
    if (sources.reduce((sum, { length }) => sum + length, 0) < SHORT) return readAll();
    try {
      return withinTime(MOST_MS, readAll);
    } catch (error) {
      if (!(error instanceof TimeExceeded)) throw error;
    }
    // One of them takes too long: each by itself tells which.
    return sources.map((source) => {
      try {
        return withinTime(MOST_MS, () => this.#read(source));
      } catch (error) {
        if (!(error instanceof TimeExceeded)) throw error;
        this.leaveOut(source.name, `reading it takes longer than ${MOST_MS / 1000} s`);
        return undefined;
      }
    });
  }

  leaveOut(name: string, why: string): void {
    this.#leftOut.set(name, why);
  }

  /** What the person is told of what was left out. */
  get leftOut(): string | null {
    if (this.#leftOut.size === 0) return null;
    const parts = Array.from(this.#leftOut, ([name, why]) => `${name} (${why})`);
    return `Indexed without ${parts.join(' and ')}. Save it anew in the program that wrote it, and scan again.`;
  }

  #read<T>({ name, read }: Source<T>): T | undefined {
    try {
      return read((why) => this.leaveOut(name, why));
    } catch (error) {
      if (error instanceof XmpTooLarge) this.leaveOut(name, error.message);
      return undefined;
    }
  }
}
