import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { hold } from './lock.ts';

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lock-'));
  path = join(folder, 'a.lock');
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const soon = (): AbortSignal => AbortSignal.timeout(700);
const never = new AbortController().signal;

it('is held by one at a time', async () => {
  let holders = 0;
  const turns = Array.from({ length: 4 }, async () => {
    const release = await hold(path, never);
    expect(++holders).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 10));
    holders--;
    await release();
  });
  await Promise.all(turns);
  expect(existsSync(path)).toBe(false);
});

it('of a process that has ended is taken over', async () => {
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  await writeFile(path, JSON.stringify({ pid: child.pid, host: hostname(), token: 'dead' }));
  await (
    await hold(path, soon())
  )();
});

it('on another machine is left alone until it has been silent for long', async () => {
  await writeFile(path, JSON.stringify({ pid: 1, host: 'elsewhere', token: 'far' }));
  let waits = 0;
  const onWait = async (): Promise<void> => {
    await Promise.resolve(waits++);
  };
  await expect(hold(path, soon(), onWait)).rejects.toThrow();
  expect(waits).toBeGreaterThan(0);
  const longAgo = new Date(Date.now() - 60_000);
  await utimes(path, longAgo, longAgo);
  await (
    await hold(path, soon())
  )();
});
