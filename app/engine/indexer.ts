import { setMaxListeners } from 'node:events';
import type { IndexReport } from '../contract/index.ts';
import type { WalkStart } from '../library/walk.ts';
import { Gate } from './gate.ts';
import { Pass, type PassHost } from './pass.ts';
import { ProgressMeter } from './progress.ts';
import { Tally } from './tally.ts';

export interface IndexerHost extends PassHost {
  /** All that is found has been indexed: a run of everything that was asked for, or of a few changes. */
  finish(isWhole: boolean): Promise<void>;
  /** Resolves when nobody tidies up any more. */
  ready(): Promise<void>;
  onProgress(): void;
  /** A run is over. */
  onEnd(): void;
}

/** What is to be looked at: by folder of the library, the parts of it, or all of it where there are none. */
type Wanted = Map<string, readonly WalkStart[] | undefined>;

/** Turns folders into photos. One run at a time: what is asked for meanwhile extends it. */
export class Indexer {
  readonly meter = new ProgressMeter();
  readonly #host: IndexerHost;
  readonly #gate = new Gate();
  #running: Promise<IndexReport> | null = null;
  #abort = new AbortController();
  #wanted: Wanted = new Map();

  constructor(host: IndexerHost) {
    this.#host = host;
  }

  /** Indexes the folders, or all that are not paused. */
  run(rootIds?: readonly string[]): Promise<IndexReport> {
    const ids = rootIds ?? this.#host.roots().flatMap(({ id, paused }) => (paused ? [] : id));
    for (const id of ids) this.#wanted.set(id, undefined);
    return this.#start();
  }

  /** Looks again at parts of a folder. */
  look(rootId: string, starts: readonly WalkStart[]): Promise<IndexReport> {
    const before = this.#wanted.get(rootId) ?? [];
    if (!this.#wanted.has(rootId) || before.length > 0) this.#wanted.set(rootId, [...before, ...starts]);
    return this.#start();
  }

  get isRunning(): boolean {
    return this.#running !== null;
  }

  pause(): void {
    if (this.#running === null) return;
    this.meter.pause();
    this.#gate.close();
    this.#host.onProgress();
  }

  resume(): void {
    this.meter.resume();
    this.#gate.open();
    this.#host.onProgress();
  }

  /** Ends the run after what is in hand; everything finished so far stays. */
  async cancel(): Promise<void> {
    this.#wanted = new Map();
    this.#abort.abort();
    this.#gate.open();
    await this.#running?.catch(() => undefined);
  }

  #start(): Promise<IndexReport> {
    this.#running ??= this.#runAll().finally(() => {
      this.#running = null;
      this.#host.onEnd();
    });
    return this.#running;
  }

  async #runAll(): Promise<IndexReport> {
    const tally = new Tally(this.meter);
    const began = performance.now();
    this.#abort = new AbortController();
    // Every file that is watched for its end listens.
    setMaxListeners(0, this.#abort.signal);
    this.meter.start();
    // Calls of the same moment belong together.
    await Promise.resolve();
    try {
      while (this.#wanted.size > 0 && !this.#abort.signal.aborted) {
        const wanted = this.#wanted;
        this.#wanted = new Map();
        const isWhole = [...wanted.values()].includes(undefined);
        // A look at a few changes is over before anybody could read of it.
        if (!isWhole) this.meter.phase = 'idle';
        await this.#host.ready();
        const pass = new Pass(this.#host, this.meter, this.#gate, tally, this.#abort.signal);
        await pass.run(wanted);
        if (isWhole) this.meter.phase = 'finishing';
        this.#host.onProgress();
        await this.#host.finish(isWhole);
      }
    } finally {
      this.#wanted = new Map();
      this.#gate.open();
      this.meter.finish();
      this.#host.onProgress();
    }
    return tally.report((performance.now() - began) / 1000, this.#abort.signal.aborted);
  }
}
