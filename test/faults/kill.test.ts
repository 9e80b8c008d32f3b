import { execFileSync } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { indexReportSchema, searchOutputSchema } from '../../app/contract/index.ts';
import { readHolder } from '../../main/engine/lock.ts';
import { connectBuilt } from '../support/built.ts';
import { finished, run, runJson, start, temporaryFolder } from '../support/command-line.ts';
import { canMount, needsMount } from '../support/drive.ts';
import { isRunning, killEngine } from '../support/engine-process.ts';
import { writeMany } from '../support/paintings.ts';
import { leaveRecord, recordOf } from '../support/runtime-record.ts';

const PHOTOS = 120;
let folder = '';
let photos = '';
let library = '';
let remove: () => Promise<void>;
beforeEach(async () => {
  [folder, remove] = await temporaryFolder();
  photos = join(folder, 'photos');
  library = join(folder, 'library');
  await writeMany(photos, PHOTOS);
});
afterEach(() => remove());

const enginePid = async (): Promise<number | null> => (await readHolder(library))?.pid ?? null;
const index = async (where = library) => indexReportSchema.parse(await runJson('index', photos, '--library', where));

/** Everything a person sees of a library: ids, paths and similarities. */
const contents = async (where: string) => {
  const { total, results } = searchOutputSchema.parse(
    await runJson('search', 'red', '--library', where, '--limit', '1000'),
  );
  return { total, results: results.map(({ id, path, score }) => ({ id, path, score: score.toFixed(4) })) };
};

describe.runIf(process.platform !== 'win32')('an engine that is killed', () => {
  it('leaves a library that is completed to the same as one never interrupted', async () => {
    for (const delay of [20, 150, 400, 800, 1400]) {
      const running = start('index', photos, '--library', library, '--json');
      const done = finished(running);
      await expect.poll(() => enginePid(), { timeout: 20_000, interval: 5 }).not.toBeNull();
      await pause(delay);
      const pid = await enginePid();
      if (pid !== null && isRunning(pid)) process.kill(pid, 'SIGKILL');
      const { code, stderr } = await done;
      if (code !== 0) expect(stderr).toMatch(/engine/iu);
    }
    const last = await index();
    expect(last.failed).toBe(0);
    expect(last.indexed + last.unchanged).toBe(PHOTOS);
    const whole = join(folder, 'uninterrupted');
    expect(await index(whole)).toMatchObject({ indexed: PHOTOS });
    expect(await contents(library)).toEqual(await contents(whole));
    expect(await index()).toMatchObject({ indexed: 0, unchanged: PHOTOS });
  });

  it('leaves no lock that keeps the next one out, even when another program has its number', async () => {
    await index();
    const opens = async (): Promise<void> =>
      expect(await runJson('status', '--library', library)).toMatchObject({ library: { photos: PHOTOS } });
    for (const pid of [2 ** 22 - 1, process.pid]) {
      const { client } = await connectBuilt(library);
      const holder = await readHolder(library);
      if (holder === null) throw new Error('Nobody holds the library.');
      const record = await recordOf(holder);
      await killEngine(library);
      client.close();
      await leaveRecord(record, { ...holder, pid });
      await opens();
    }
    await writeFile(join(library, 'engine.lock'), '');
    await opens();
    // As older programs wrote it: one that may live is not overrun.
    const older = { address: join(folder, 'gone.sock'), secret: 'x' };
    await writeFile(join(library, 'engine.lock'), JSON.stringify({ ...older, pid: 2 ** 22 - 1 }));
    await opens();
    await writeFile(join(library, 'engine.lock'), JSON.stringify({ ...older, pid: process.pid }));
    const { code, stderr } = await run('status', '--library', library);
    expect(code).toBe(1);
    expect(stderr).toContain(`process ${String(process.pid)}`);
  });

  it('ends its workers with it', async () => {
    const running = start('index', photos, '--library', library, '--json');
    const done = finished(running);
    await expect.poll(() => enginePid(), { timeout: 20_000, interval: 5 }).not.toBeNull();
    const pid = await enginePid();
    await expect
      .poll(() => execFileSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' }).trim(), {
        timeout: 20_000,
        interval: 20,
      })
      .not.toBe('');
    const workers = execFileSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' })
      .trim()
      .split('\n')
      .map(Number);
    process.kill(pid ?? 0, 'SIGKILL');
    await done;
    await expect.poll(() => workers.filter(isRunning)).toEqual([]);
  });
});

describe('a library that is open already', () => {
  it('answers every command through the engine that has it', async () => {
    await index();
    const serving = start('serve', '--no-open', '--library', library);
    const done = finished(serving);
    await expect.poll(() => enginePid(), { timeout: 20_000 }).not.toBeNull();
    const engine = await enginePid();
    expect((await contents(library)).total).toBe(PHOTOS);
    expect(await index()).toMatchObject({ unchanged: PHOTOS });
    expect((await run('doctor', '--library', library)).code).toBe(0);
    expect(await enginePid()).toBe(engine);
    serving.kill('SIGTERM');
    expect((await done).code).toBe(0);
    expect(await enginePid()).toBeNull();
  });

  it('is named with the other computer that has it', async () => {
    await mkdir(library);
    const gone = { pid: 2 ** 22 - 1, address: join(folder, 'gone.sock'), secret: 'x', computer: 'attic' };
    const lock = join(library, 'engine.lock');
    await writeFile(lock, JSON.stringify(gone));
    const { code, stderr } = await run('status', '--library', library);
    expect(code).toBe(1);
    expect(stderr).toContain('another computer, attic');
    expect(stderr).toContain(lock);
    expect(JSON.parse(await readFile(lock, 'utf8'))).toEqual(gone);
    expect(await readHolder(library)).toBeNull();
  });

  it('lets many commands start at once', async () => {
    const outcomes = await Promise.all(Array.from({ length: 5 }, () => run('status', '--library', library, '--json')));
    expect(outcomes.map((outcome) => outcome.code)).toEqual([0, 0, 0, 0, 0]);
    await rm(library, { recursive: true });
  });
});

describe.runIf(canMount)(`a full disk${needsMount}`, () => {
  it('is named, loses nothing, and is gone once there is space', async () => {
    await mkdir(library);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m,mode=700', 'tmpfs', library]);
    try {
      await writeMany(join(photos, 'more'), 400);
      const { code, stderr } = await run('index', photos, '--library', library);
      expect(code).toBe(1);
      expect(stderr).toMatch(/disk .*full.*free/isu);
      execFileSync('mount', ['-o', 'remount,size=200m', library]);
      const report = await index();
      expect(report.failed).toBe(0);
      // Photos may have been written before the disk was full, and their files not.
      expect(report.indexed + report.copied + report.unchanged).toBe(PHOTOS + 400);
    } finally {
      execFileSync('umount', ['-l', library]);
    }
  });
});
