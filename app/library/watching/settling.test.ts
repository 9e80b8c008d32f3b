import { appendFileSync, utimesSync } from 'node:fs';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isSettled, waitUntilSettled, type FileStamp } from './settling.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'afterimage-settling-'));
  path = join(folder, 'film.mp4');
  await writeFile(path, 'x');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const stampOf = async (): Promise<FileStamp> => {
  const stats = await stat(path, { bigint: true });
  return { size: Number(stats.size), mtime: Number(stats.mtimeNs / 1000n) / 1000 };
};
const never = new AbortController().signal;

/**
 * Writes to the file every few milliseconds, in the same loop that looks at it: however late the machine is, what was to be
 * written before a look has been.
 *
 * @returns stops it
 */
const grow = (text: string, times = Infinity): (() => void) => {
  let written = 0;
  const writing = setInterval(() => {
    appendFileSync(path, text);
    if (++written === times) clearInterval(writing);
  }, 20);
  return () => clearInterval(writing);
};

describe('isSettled', () => {
  it('asks to wait for files that were written just now, whichever clock says so', () => {
    const at = (mtime: number): boolean => isSettled({ size: 1, mtime }, 1_000_000);
    expect([at(998_000), at(0), at(2_000_000)]).toEqual([true, true, true]);
    expect([at(999_500), at(1_000_000), at(1_030_000)]).toEqual([false, false, false]);
  });
});

describe('waitUntilSettled', () => {
  it('gives a file that has come to rest', async () => {
    const seen = await stampOf();
    expect(await waitUntilSettled(path, seen, never)).toEqual(seen);
  });

  it('waits for a file that grows, and gives all of it', async () => {
    const seen = await stampOf();
    grow('x'.repeat(1000), 40);
    const settled = await waitUntilSettled(path, seen, never);
    expect(settled).toEqual(await stampOf());
    expect(settled).toMatchObject({ size: 40_001 });
  });

  it('leaves a file that does not stop growing', async () => {
    const seen = await stampOf();
    const stop = grow('x');
    const outcome = await waitUntilSettled(path, seen, never, { quiet: 100, patience: 500 });
    stop();
    expect(outcome).toBe('growing');
  });

  it('sees a file that is written without growing', async () => {
    const seen = await stampOf();
    setTimeout(() => utimesSync(path, 5, 5), 50);
    const begun = performance.now();
    expect(await waitUntilSettled(path, seen, never, { quiet: 200 })).toMatchObject({ mtime: 5000 });
    expect(performance.now() - begun).toBeGreaterThan(390);
  });

  it('tells when the file goes, and when it is told to stop', async () => {
    const seen = await stampOf();
    const stopping = waitUntilSettled(path, seen, AbortSignal.timeout(50));
    await expect(stopping).rejects.toMatchObject({ name: 'AbortError' });
    await rm(path);
    expect(await waitUntilSettled(path, seen, never)).toBe('gone');
  });
});
