import { z } from 'zod';
import { providerSchema } from '../contract/index.ts';
import type { Model } from './model.ts';

const count = z.int().positive();

/** How a process runs an image tower. */
export const seatSchema = z.object({
  provider: providerSchema,
  /** `half`: the graph in half precision. */
  graph: z.enum(['full', 'half']),
  /** Pictures that one run takes at most. */
  batch: count,
  /** Cores to use, for the tower where it runs on them and for decoding. */
  threads: count,
});
export type Seat = Readonly<z.infer<typeof seatSchema>>;

/** How a computer runs an image tower: so many processes, each with `threads` cores. */
export const placementSchema = seatSchema.extend({ processes: count });
export type Placement = Readonly<z.infer<typeof placementSchema>>;

/** Memory that the processes may take together before their number is cut, and what each takes without its model. */
const MEMORY = 2e9;
const PROCESS_MEMORY = 220e6;
/** One picture per thread: on one thread, larger batches are slower (MobileNet: 3.5 ms a picture alone, 6.4 ms in sixteens). */
const MAX_BATCH = 16;

/** So many processes on the CPU, or fewer where memory or cores forbid it, and all cores between them. */
export const onCpu = (model: Pick<Model, 'imageGraphBytes'>, cores: number, wanted: number): Placement => {
  const affordable = Math.floor(MEMORY / (PROCESS_MEMORY + 2 * model.imageGraphBytes));
  const processes = Math.max(1, Math.min(cores, affordable, wanted));
  const threads = Math.ceil(cores / processes);
  return { provider: 'cpu', graph: 'full', batch: Math.min(threads, MAX_BATCH), threads, processes };
};

/**
 * The placement before anything is measured. One process per core is fastest, as nothing in it ever waits for anything;
 * a large model gets fewer processes with more threads each, because every process holds its own copy.
 */
export const firstPlacement = (model: Pick<Model, 'imageGraphBytes'>, cores: number): Placement =>
  onCpu(model, cores, cores);

/** A GPU has one owner, which takes large batches while all cores decode. */
export const onGpu = (seat: Omit<Seat, 'threads'>, cores: number): Placement => ({
  ...seat,
  threads: cores,
  processes: 1,
});
