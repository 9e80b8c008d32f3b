import type { ImageTower } from './image-tower.ts';

interface Waiting {
  readonly picture: Uint8Array;
  readonly resolve: (vector: Float32Array<ArrayBuffer>) => void;
  readonly reject: (error: unknown) => void;
}

/** Puts pictures that are ready at the same time into one run of the tower. It never waits for a batch to fill. */
export class Batcher {
  readonly #tower: ImageTower;
  readonly #waiting: Waiting[] = [];
  #isRunning = false;

  constructor(tower: ImageTower) {
    this.#tower = tower;
  }

  /**
   * @param picture interleaved 8-bit sRGB, as large as the tower's input
   * @param isUrgent goes before all that wait
   * @returns the unit vector, `[d]`
   */
  embed(picture: Uint8Array, isUrgent: boolean): Promise<Float32Array<ArrayBuffer>> {
    return new Promise((resolve, reject) => {
      const waiting = { picture, resolve, reject };
      if (isUrgent) this.#waiting.unshift(waiting);
      else this.#waiting.push(waiting);
      if (!this.#isRunning) void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    for (let batch = this.#take(); batch.length > 0; batch = this.#take()) {
      try {
        const vectors = await this.#tower.embed(batch.map(({ picture }) => picture));
        const dimension = vectors.length / batch.length;
        for (const [row, { resolve }] of batch.entries())
          resolve(vectors.slice(row * dimension, (row + 1) * dimension));
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.#isRunning = false;
  }

  #take(): Waiting[] {
    return this.#waiting.splice(0, this.#tower.batch);
  }
}
