import { setMaxListeners } from 'node:events';
import type { IndexReport } from '../contract/index.ts';
import type { WalkStart } from '../library/walk.ts';
import type { RootRecord } from '../store/manifest.ts';
import { PauseGate } from '../base/pause-gate.ts';
import { Pass, type PassHost } from './pass.ts';
import { ProgressMeter } from './progress.ts';
import { Tally } from './tally.ts';

/** What broke off a run. */
export interface RunFailure {
  readonly error: unknown;
  /** Folders of the library that it was to look at. */
  readonly rootIds: ReadonlySet<string>;
}

export interface IndexerHost extends PassHost {
  /** Folders that the person has yet to approve, or to approve again. */
  waitingRoots(): readonly RootRecord[];
  /** All that is found has been indexed: a run of everything that was asked for, or of a few changes. */
  finish(isWhole: boolean): Promise<void>;
  /** Resolves when nobody tidies up any more. */
  ready(): Promise<void>;
  onProgress(): void;
  /**
   * A run is over.
   *
   * @param looked folders of the library that it has looked at as a whole, to its end
   * @param failure what broke it off, if that was nobody's wish
   */
  onEnd(looked: ReadonlySet<string>, failure: RunFailure | null): void;
}

/** What is to be looked at: by folder of the library, the parts of it, or all of it where there are none. */
type Wanted = Map<string, readonly WalkStart[] | undefined>;

/** Turns folders into photos. One run at a time: what is asked for meanwhile extends it. */
export class Indexer {
  readonly meter = new ProgressMeter();
  readonly #host: IndexerHost;
  readonly #gate = new PauseGate();
  /** Closed while something goes on that nothing may be indexed beside, so many things deep. */
  readonly #rest = new PauseGate();
  #held = 0;
  #running: Promise<IndexReport> | null = null;
  #abort = new AbortController();
  #wanted: Wanted = new Map();
  /** What the run is looking at. */
  #inHand: Wanted = new Map();
  #looked = new Set<string>();
  #failure: RunFailure | null = null;

  constructor(host: IndexerHost) {
    this.#host = host;
  }

  /** Indexes the folders, or all that are not paused. */
  run(rootIds?: readonly string[]): Promise<IndexReport> {
    const all = [...this.#host.roots(), ...this.#host.waitingRoots()];
    const ids = rootIds ?? all.flatMap(({ id, paused }) => (paused ? [] : id));
    for (const id of ids) this.#want(id, undefined);
    return this.#start();
  }

  /** Looks again at parts of a folder. */
  look(rootId: string, starts: readonly WalkStart[]): Promise<IndexReport> {
    this.#want(rootId, starts);
    return this.#start();
  }

  get isRunning(): boolean {
    return this.#running !== null;
  }

  /** Whether photos are being indexed, or something goes on that nothing may be indexed beside. */
  get isBusy(): boolean {
    return this.isRunning || this.#held > 0;
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

  /**
   * Does what nothing may be indexed beside. A run under way ends, and goes on afterwards with all that is asked for
   * meanwhile.
   */
  async hold<T>(work: () => Promise<T>): Promise<T> {
    this.#held += 1;
    this.#rest.close();
    try {
      await this.#interrupt();
      return await work();
    } finally {
      this.#held -= 1;
      if (this.#held === 0) {
        this.#rest.open();
        // Whoever asked for it is told at another place: where runs end.
        if (this.#wanted.size > 0) this.#start().catch(() => undefined);
      }
    }
  }

  async #interrupt(): Promise<void> {
    if (this.#running === null) return;
    const cut = [...this.#inHand, ...this.#wanted];
    await this.cancel();
    for (const [rootId, starts] of cut) this.#want(rootId, starts);
  }

  #want(rootId: string, starts: readonly WalkStart[] | undefined): void {
    const before = this.#wanted.has(rootId) ? this.#wanted.get(rootId) : [];
    this.#wanted.set(rootId, before === undefined || starts === undefined ? undefined : [...before, ...starts]);
  }

  #start(): Promise<IndexReport> {
    if (this.#held > 0) return this.#rest.passed().then(() => this.#start());
    this.#running ??= this.#runAll().finally(() => {
      this.#running = null;
      this.#host.onEnd(this.#looked, this.#failure);
    });
    return this.#running;
  }

  async #runAll(): Promise<IndexReport> {
    const tally = new Tally(this.meter);
    const began = performance.now();
    this.#abort = new AbortController();
    this.#looked = new Set();
    this.#failure = null;
    // Every file that is watched for its end listens.
    setMaxListeners(0, this.#abort.signal);
    this.meter.start();
    // Calls of the same moment belong together.
    await Promise.resolve();
    try {
      while (this.#wanted.size > 0 && !this.#isCancelled()) {
        const wanted = this.#wanted;
        this.#wanted = new Map();
        this.#inHand = wanted;
        const isWhole = [...wanted.values()].includes(undefined);
        // A look at a few changes is over before anybody could read of it.
        if (!isWhole) this.meter.phase = 'idle';
        await this.#host.ready();
        for (const { id, path } of this.#host.waitingRoots())
          if (wanted.has(id)) tally.wait(path, this.#host.catalogue, (file) => file.rootId === id);
        const pass = new Pass(this.#host, this.meter, this.#gate, tally, this.#abort.signal);
        await pass.run(wanted);
        if (isWhole) this.meter.phase = 'finishing';
        this.#host.onProgress();
        await this.#host.finish(isWhole);
        for (const [rootId, starts] of wanted)
          if (starts === undefined && !this.#isCancelled()) this.#looked.add(rootId);
      }
    } catch (error) {
      if (!this.#isCancelled())
        this.#failure = { error, rootIds: new Set([...this.#inHand.keys(), ...this.#wanted.keys()]) };
      throw error;
    } finally {
      // What was asked for since it was told to rest is done afterwards.
      if (this.#held === 0) this.#wanted = new Map();
      this.#inHand = new Map();
      this.#gate.open();
      this.meter.finish();
      this.#host.onProgress();
    }
    return tally.report((performance.now() - began) / 1000, this.#isCancelled());
  }

  #isCancelled(): boolean {
    return this.#abort.signal.aborted;
  }
}
