import { constants, setPriority } from 'node:os';
import { AfterimageError } from '../contract/index.ts';
import { goldenPictures } from './golden-pictures.ts';
import { ImageTower } from './image-tower.ts';
import { limitMemory } from './memory-watch.ts';
import type { Init, Result } from './protocol.ts';
import { TextTower } from './text-tower.ts';

const A_TEXT = 'a photo';
/** What makes patterns backtrack that are not made with care: long runs of one kind, and then something else. */
const HARD_TEXTS: readonly string[] = ['a', 'ab', ' ', '1', '-', "'s", 'é', '_ '].map((run) => `${run.repeat(200)}!`);

/** What a worker process does that looks whether a model can be used at all: both towers run once when it starts. */
export class VetRole {
  /** @throws AfterimageError `model-invalid` */
  static async start({ model, threads, maxBytes }: Extract<Init, { role: 'vet' }>): Promise<VetRole> {
    setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
    limitMemory(maxBytes);
    const images = await ImageTower.load(model, threads);
    const [first = new Uint8Array()] = goldenPictures(model.preprocessing.crop);
    needVectors(model.imageGraph, await images.embed([first]), model.dimension);
    await images.release();
    const texts = await TextTower.load(model, threads);
    needVectors(model.textGraph, await texts.embed([A_TEXT]), model.dimension);
    for (const text of HARD_TEXTS) await texts.embed([text]);
    await texts.release();
    return new VetRole();
  }

  handle(): Promise<Result> {
    return Promise.reject(new TypeError('This worker takes no tasks.'));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** @throws AfterimageError `model-invalid` for vectors that are not finite or have no direction */
const needVectors = (graph: string, vectors: Float32Array, dimension: number): void => {
  for (let start = 0; start < vectors.length; start += dimension) {
    const length = Math.hypot(...vectors.subarray(start, start + dimension));
    // Written so that a length that is no number fails, too.
    if (!(Math.abs(length - 1) <= 1e-3))
      throw new AfterimageError('model-invalid', `${graph} gives vectors that are not finite or all zero`);
  }
};
