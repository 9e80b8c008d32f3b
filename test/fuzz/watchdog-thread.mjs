// @ts-check
// Runs beside a fuzzer, in a thread of its own and without any loader: see watchdog.ts.
import { writeFileSync } from 'node:fs';
import { workerData } from 'node:worker_threads';

const PATIENCE_MS = 60_000;

/** @type {{ input: SharedArrayBuffer, facts: Int32Array, path: string, pid: number }} */
const { input, facts, path, pid } = workerData;
let known = -1;
let since = Date.now();

setInterval(() => {
  const count = Atomics.load(facts, 0);
  if (count !== known) {
    known = count;
    since = Date.now();
  } else if (count > 0 && Date.now() - since > PATIENCE_MS) {
    writeFileSync(path, new Uint8Array(input).slice(0, Atomics.load(facts, 1)));
    process.stderr.write(`An input did not come to an end within ${PATIENCE_MS / 1000} s. It lies in ${path}.\n`);
    process.kill(pid, 'SIGKILL');
  }
}, 1000);
