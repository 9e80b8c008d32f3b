import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const program = `
  import { readdirSync, readFileSync } from 'node:fs';
  import { readFile } from 'node:fs/promises';
  import { giveWay } from ${JSON.stringify(new URL('priority.ts', import.meta.url).href)};
  // Threads of the pool from before, and what is started afterwards.
  await readFile('/proc/self/stat');
  await giveWay();
  await Promise.all(Array.from({ length: 8 }, () => readFile('/proc/self/stat')));
  for (const thread of readdirSync('/proc/self/task')) {
    const stat = readFileSync('/proc/self/task/' + thread + '/stat', 'utf8');
    // The name of a thread may hold spaces; what follows it begins with the third field.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    console.log('nice', fields[19 - 3], 'policy', fields[41 - 3]);
  }`;

it.runIf(process.platform === 'linux')('lets everything else on the machine go first, with every thread', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--import',
    'tsx',
    '--input-type=module',
    '-e',
    program,
  ]);
  const threads = stdout.trim().split('\n');
  expect(threads.length).toBeGreaterThan(6);
  // SCHED_IDLE is 5.
  expect(new Set(threads)).toEqual(new Set(['nice 19 policy 5']));
});
