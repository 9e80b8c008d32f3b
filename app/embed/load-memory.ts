import { totalmem } from 'node:os';
import type { Model } from './model.ts';

/** A process without a model takes 0.2 GB; ONNX Runtime holds weights twice while it loads, and halves as floats. */
const MEMORY = 2e9;
const MEMORY_PER_BYTE = 6;
/** A driver of a GPU brings libraries of its own, of several gigabytes. */
const MEMORY_OF_DRIVER = 6e9;
/** The rest is for the system, the engine and everything else that runs. */
const MOST_OF_COMPUTER = 0.75;

/**
 * Memory that a process may hold until a model is ready, in bytes: it grows with what the model takes on the disk, and stays
 * below what the computer has.
 *
 * @param provider that runs it
 */
export const memoryToLoad = (
  { bytesOnDisk }: Pick<Model, 'bytesOnDisk'>,
  provider = 'cpu',
  total = totalmem(),
): number => {
  const wanted = MEMORY + MEMORY_PER_BYTE * bytesOnDisk + (provider === 'cpu' ? 0 : MEMORY_OF_DRIVER);
  return Math.round(Math.min(wanted, MOST_OF_COMPUTER * total));
};
