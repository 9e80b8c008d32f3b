import { constants, setPriority } from 'node:os';
import { goldenPictures } from './golden-pictures.ts';
import { ImageTower } from './image-tower.ts';
import type { Init, Result, Task } from './protocol.ts';

/** What a worker process does that tries a provider out. */
export class ProbeRole {
  readonly #tower: ImageTower;
  readonly #golden: readonly Uint8Array[];
  readonly #dimension: number;

  private constructor(tower: ImageTower, golden: readonly Uint8Array[], dimension: number) {
    this.#tower = tower;
    this.#golden = golden;
    this.#dimension = dimension;
  }

  /** @throws AfterimageError `model-invalid` */
  static async start(init: Extract<Init, { role: 'probe' }>): Promise<ProbeRole> {
    const { model, threads } = init;
    setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
    const tower = await ImageTower.load(model, threads, init);
    return new ProbeRole(tower, goldenPictures(model.preprocessing.crop), model.dimension);
  }

  async handle(task: Task): Promise<Result> {
    if (task.kind !== 'probe') throw new TypeError('This worker takes probes.');
    const batch = Math.min(task.batch, this.#tower.batch);
    const runs = Math.ceil(this.#golden.length / batch);
    const vectors = new Float32Array(runs * batch * this.#dimension);
    const seconds: number[] = [];
    const began = performance.now();
    for (let run = 0; run < Math.max(runs, 2) || performance.now() - began < task.ms; run++) {
      const first = (run % runs) * batch;
      const pictures = Array.from({ length: batch }, (_, row) => this.#golden[(first + row) % this.#golden.length]!);
      const start = performance.now();
      vectors.set(await this.#tower.embed(pictures), first * this.#dimension);
      // A GPU compiles what a batch of this size needs when it first comes.
      if (run > 0) seconds.push((performance.now() - start) / 1000);
    }
    return {
      kind: 'probed',
      vectors,
      batch: Math.min(batch, this.#tower.batch),
      photosPerSecond: batch / median(seconds),
    };
  }

  close(): Promise<void> {
    return this.#tower.release();
  }
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Infinity;
