import { Worker } from 'node:worker_threads';

/** How often it is looked; a process can take about a gigabyte in that time. */
const LOOK_MS = 100;

/** Code of the thread: it depends on nothing, as bundles have no files of their own for it. */
const CODE = `
  const { workerData } = require('node:worker_threads');
  setInterval(() => {
    if (process.memoryUsage.rss() > workerData.bytes) process.kill(process.pid, 'SIGKILL');
  }, workerData.everyMs);
`;

/**
 * Ends this process as soon as it holds more memory than that, whatever it is busy with: ONNX Runtime keeps the main thread
 * to itself, so a thread of its own looks.
 *
 * @param bytes resident memory of the whole process
 */
export const limitMemory = (bytes: number): void => {
  new Worker(CODE, { eval: true, workerData: { bytes, everyMs: LOOK_MS } }).unref();
};
