import { mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Client, Progress } from '../../../app/contract/index.ts';
import type { Connection } from '../../../main/engine/connect.ts';
import { makeLibrary, starter } from '../../bench/made-library.ts';
import { connectBuilt } from '../../support/built.ts';
import { temporaryFolder } from '../../support/command-line.ts';

const PHOTOS = 10_000;
/** A stride through all files: some of each folder. */
const SAMPLE = Array.from({ length: 40 }, (_, index) => index * 251 + 7);
const nameOf = (number: number): string => join(`album ${String(Math.floor(number / 1000))}`, `${String(number)}.jpg`);

let photos = '';
let remove: () => Promise<void>;
let connection: Connection;
let client: Client;
/** What was heard of runs: phases one after the other, and how often photos were said to have changed. */
const phases: Progress['phase'][] = [];
let changes = 0;

beforeEach(async () => {
  let folder: string;
  let library: string;
  [folder, remove] = await temporaryFolder();
  // The files are empty: whoever reads one finds no picture.
  ({ photos, library } = await makeLibrary(folder, PHOTOS, { model: starter }));
  connection = await connectBuilt(library);
  ({ client } = connection);
  client.on('progress', ({ phase }) => {
    if (phases.at(-1) !== phase) phases.push(phase);
  });
  client.on('changed', ({ what }) => (changes += Number(what === 'photos')));
  await client.call('library.follow', {});
  await expect.poll(async () => (await client.call('status', {})).roots[0]?.watching).toBe('events');
  expect(await client.call('index.run', {})).toMatchObject({ unchanged: PHOTOS, indexed: 0, failed: 0 });
});
afterEach(async () => {
  await connection.close();
  await remove();
});

const idOf = async (path: string): Promise<string | null> =>
  (await client.call('photos.find', { photo: join(photos, path) })).id;
const total = async (): Promise<number> => (await client.call('photos.page', { limit: 1 })).total;

/** Renames all files, and waits until the library has found all of them, unread. */
const follow = async (renameAll: () => void, now: (number: number) => string): Promise<void> => {
  const ids = await Promise.all(SAMPLE.map((number) => idOf(nameOf(number))));
  expect(ids).not.toContain(null);
  phases.length = 0;
  changes = 0;
  const begun = performance.now();
  renameAll();
  const renamed = performance.now();
  const isFound = async (): Promise<boolean> => (await idOf(now(PHOTOS - 1))) !== null && (await idOf(now(0))) !== null;
  while (!(await isFound())) {
    // At no time is any of them taken to be gone.
    expect(await total()).toBe(PHOTOS);
    expect(performance.now() - renamed).toBeLessThan(60_000);
  }
  const found = performance.now();
  await expect.poll(async () => (await client.call('status', {})).progress.phase).toBe('idle');
  expect(await Promise.all(SAMPLE.map((number) => idOf(now(number))))).toEqual(ids);
  // Everything is known already, and nothing was read for it.
  const report = await client.call('index.run', {});
  expect(report).toMatchObject({ unchanged: PHOTOS, moved: 0, indexed: 0, copied: 0, removed: 0, failed: 0 });
  expect(await total()).toBe(PHOTOS);
  expect((await client.call('index.failures', {})).total).toBe(0);
  console.info(
    `${String(PHOTOS)} renames in ${((renamed - begun) / 1000).toFixed(2)} s, all found ${((found - renamed) / 1000).toFixed(1)} s ` +
      `after the last; ${String(runs())} runs, ${String(changes)} times “changed”.`,
  );
  // No storm: a few looks, not one for each file.
  expect(runs()).toBeLessThanOrEqual(8);
  expect(changes).toBeLessThanOrEqual(40);
};
const runs = (): number => phases.filter((phase) => phase === 'idle').length;

describe('10,000 renames in one second', () => {
  it('are followed without reading a file: each renamed in its folder', async () => {
    const now = (number: number): string => nameOf(number).replace('.jpg', ' of the sea.JPG');
    await follow(() => {
      for (let number = 0; number < PHOTOS; number++)
        renameSync(join(photos, nameOf(number)), join(photos, now(number)));
    }, now);
  });

  it('are followed without reading a file: each moved into new folders, and twice', async () => {
    const between = (number: number): string => join('inbox', `${String(number)}.part.jpg`);
    const now = (number: number): string => join(`year ${String(number % 12)}`, 'sorted', `${String(number)}.jpg`);
    await follow(() => {
      mkdirSync(join(photos, 'inbox'));
      for (let year = 0; year < 12; year++)
        mkdirSync(join(photos, `year ${String(year)}`, 'sorted'), { recursive: true });
      for (let number = 0; number < PHOTOS; number++) {
        renameSync(join(photos, nameOf(number)), join(photos, between(number)));
        renameSync(join(photos, between(number)), join(photos, now(number)));
      }
    }, now);
  });
});
