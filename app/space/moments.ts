/** Mean and standard deviation (over N, not N − 1). */
export interface Moments {
  readonly mean: number;
  readonly deviation: number;
}

/** Moments of numbers as they come; of none they are 0 and 0. */
export class Tally {
  #count = 0;
  #sum = 0;
  #squares = 0;

  add(value: number): void {
    this.#count += 1;
    this.#sum += value;
    this.#squares += value * value;
  }

  get moments(): Moments {
    if (this.#count === 0) return { mean: 0, deviation: 0 };
    const mean = this.#sum / this.#count;
    return { mean, deviation: Math.sqrt(Math.max(0, this.#squares / this.#count - mean * mean)) };
  }
}
