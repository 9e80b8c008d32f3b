/** How far a download is. Bytes are those on the disk, former runs' included. */
export interface DownloadProgress {
  /** `waiting`: another process downloads the same model, and its progress is shown. */
  readonly state: 'waiting' | 'fetching';
  readonly done: number;
  readonly total: number;
  readonly bytesPerSecond: number | null;
  readonly secondsLeft: number | null;
  readonly filesDone: number;
  readonly files: number;
}

const WINDOW_MS = 5000;
const NEWS_MS = 250;

/** Adds up what several files report, and tells it at most four times a second. */
export class Meter {
  readonly #total: number;
  readonly #files: number;
  readonly #tell: (progress: DownloadProgress) => void;
  readonly #bytes = new Map<string, number>();
  #samples: { readonly at: number; readonly done: number }[] = [];
  #filesDone = 0;

  constructor(total: number, files: number, tell: (progress: DownloadProgress) => void) {
    this.#total = total;
    this.#files = files;
    this.#tell = tell;
  }

  /** @param bytes of a file that are there */
  at(path: string, bytes: number, state: DownloadProgress['state'] = 'fetching'): void {
    const isNew = !this.#bytes.has(path);
    this.#bytes.set(path, bytes);
    // What a former run left was not fetched just now.
    if (isNew) this.#samples = [];
    const last = this.#samples.at(-1);
    if (last === undefined || performance.now() - last.at >= NEWS_MS) this.#say(state);
  }

  fileDone(): void {
    this.#filesDone++;
    this.#say('fetching');
  }

  #say(state: DownloadProgress['state']): void {
    const at = performance.now();
    const done = [...this.#bytes.values()].reduce((sum, bytes) => sum + bytes, 0);
    this.#samples.push({ at, done });
    while (at - (this.#samples[0]?.at ?? at) > WINDOW_MS) this.#samples.shift();
    const [first] = this.#samples;
    const rate = first === undefined || done <= first.done ? null : ((done - first.done) / (at - first.at)) * 1000;
    this.#tell({
      state,
      done,
      // Settings of a few kilobytes may not be known beforehand.
      total: Math.max(this.#total, done),
      bytesPerSecond: rate,
      secondsLeft: rate === null ? null : Math.max(0, this.#total - done) / rate,
      filesDone: this.#filesDone,
      files: this.#files,
    });
  }
}
