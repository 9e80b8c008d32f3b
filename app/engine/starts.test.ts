import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Starts, StepLeftOut } from './starts.ts';

let models = '';
beforeEach(async () => {
  models = await mkdtemp(join(tmpdir(), 'afterimage-starts-'));
});
afterEach(() => rm(models, { recursive: true }));

const open = (): Promise<Starts> => Starts.open(models, '/a/library');
const fine = (): Promise<string> => Promise.resolve('done');
/** What a start leaves that ends in the middle of a step: the work never comes back. */
const dieIn = async (step: string, isWanted = false): Promise<void> => {
  const starts = await open();
  await new Promise<void>((resolve) => {
    void starts.run(
      step,
      () => {
        resolve();
        return new Promise(() => undefined);
      },
      isWanted,
    );
  });
};

it('leaves nothing behind of steps that end well, or that fail in good order', async () => {
  const starts = await open();
  expect(await starts.run('a', fine)).toBe('done');
  await expect(starts.run('b', () => Promise.reject(new RangeError('no')))).rejects.toThrow(RangeError);
  expect(await readdir(join(models, '.starts'))).toEqual([]);
});

it('leaves a step out that has ended two starts in a row, and does the others', async () => {
  await dieIn('model');
  const second = await open();
  // Steps before it end well, and do not hide what ended the start before.
  expect(await second.run('database', fine)).toBe('done');
  await dieIn('model');
  const third = await open();
  expect(await third.run('database', fine)).toBe('done');
  await expect(third.run('model', fine)).rejects.toThrow(StepLeftOut);
  await expect((await open()).run('model', fine)).rejects.toMatchObject({ deaths: 2 });
  expect(await (await open()).run('another model', fine)).toBe('done');
});

it('counts anew after a start that went well: one kill now and then is nothing', async () => {
  for (let round = 0; round < 3; round++) {
    await dieIn('model');
    expect(await (await open()).run('model', fine)).toBe('done');
  }
});

it('tries a step again when the person asks for it, and is content when it goes well', async () => {
  await dieIn('model');
  await dieIn('model');
  await dieIn('model', true);
  await expect((await open()).run('model', fine)).rejects.toMatchObject({ deaths: 3 });
  expect(await (await open()).run('model', fine, true)).toBe('done');
  expect(await (await open()).run('model', fine)).toBe('done');
});

it('tries everything again when its file is deleted, or damaged', async () => {
  await dieIn('model');
  await dieIn('model');
  const starts = await open();
  expect(JSON.parse(await readFile(starts.file, 'utf8'))).toEqual({ model: 2 });
  await writeFile(starts.file, '{"model": ');
  expect(await (await open()).run('model', fine)).toBe('done');
});

it('keeps libraries apart', async () => {
  await dieIn('model');
  await dieIn('model');
  expect(await (await Starts.open(models, '/another/library')).run('model', fine)).toBe('done');
});
