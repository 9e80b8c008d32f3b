import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { withLock } from './lock.mjs';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'afterimage-lock-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A process that takes the lock, writes a line on entering and one on leaving, and ends with `last`. */
function contender(last = ''): Promise<unknown> {
  const script = `
    import { appendFileSync } from 'node:fs';
    import { setTimeout as delay } from 'node:timers/promises';
    import { withLock } from ${JSON.stringify(pathToFileURL(join(import.meta.dirname, 'lock.mjs')).href)};
    const [folder] = process.argv.slice(1);
    await withLock(folder + '/lock', async () => {
      appendFileSync(folder + '/log', 'in\\n');
      await delay(60);
      appendFileSync(folder + '/log', 'out\\n');
      ${last}
    }, () => undefined);`;
  return once(spawn(process.execPath, ['--input-type=module', '-e', script, folder], { stdio: 'inherit' }), 'exit');
}

/** Leaves a lock as a process does that died this long ago. */
function leaveBehind(secondsAgo: number): void {
  const file = join(folder, 'lock', 'a-dead-process');
  mkdirSync(join(folder, 'lock'));
  writeFileSync(file, '');
  const then = new Date(Date.now() - secondsAgo * 1000);
  utimesSync(file, then, then);
}

const log = (): string => readFileSync(join(folder, 'log'), 'utf8');

it('lets processes in one at a time', async () => {
  await Promise.all(Array.from({ length: 4 }, () => contender()));
  expect(log()).toBe('in\nout\n'.repeat(4));
  expect(readdirSync(folder)).toEqual(['log']);
});

it('clears a lock whose holder is gone, and still lets in one at a time', async () => {
  leaveBehind(60);
  await Promise.all([contender(), contender(), contender()]);
  expect(log()).toBe('in\nout\n'.repeat(3));
});

it('waits for a holder that lives', async () => {
  leaveBehind(0);
  const work = vi.fn(() => Promise.resolve('done'));
  const waiting = vi.fn();
  const result = withLock(join(folder, 'lock'), work, waiting);
  await vi.waitFor(() => expect(waiting).toHaveBeenCalledOnce());
  expect(work).not.toHaveBeenCalled();
  rmSync(join(folder, 'lock'), { recursive: true });
  expect(await result).toBe('done');
});

it('gives the lock back when the work fails or the process exits', async () => {
  const failing = withLock(join(folder, 'lock'), () => Promise.reject(new Error('no')), vi.fn());
  await expect(failing).rejects.toThrow('no');
  await contender('process.exit(3);');
  expect(readdirSync(folder)).toEqual(['log']);
});
