import { mkdir, rename, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { readHolder } from '../../main/engine/lock.ts';
import type { Client } from '../../app/contract/index.ts';
import { connectBuilt } from '../support/built.ts';
import { temporaryFolder } from '../support/command-line.ts';
import { plain } from '../support/image-files.ts';
import { makeLibrary } from './made-library.ts';
import { median, memoryOf, report, timed } from './measure.ts';

const PHOTOS = 10_000;
const RECONCILES = 20;
const ARRIVALS = 20;

/** Small photos that all differ, as old as they would be in a library. */
const writePhotos = async (folder: string, count: number): Promise<void> => {
  await mkdir(folder, { recursive: true });
  const when = new Date('2020-05-17T12:00:00Z');
  for (let number = 0; number < count; number++) {
    const colour = `rgb(${String(number % 251)}, ${String((number >> 4) % 253)}, ${String((number >> 6) % 255)})`;
    const path = join(folder, `${String(number)}.jpg`);
    await plain(colour, 64 + (number % 97), 64 + (number % 89))
      .jpeg()
      .toFile(path);
    await utimes(path, when, when);
  }
};

const idle = async (client: Client): Promise<void> => {
  while ((await client.call('status', {})).progress.phase !== 'idle') await pause(20);
};

/** A folder of 10,000 photos renamed, then moved with its root, beside what it takes to index it anew. */
const moves = async (): Promise<void> => {
  const [folder, remove] = await temporaryFolder();
  const photos = join(folder, 'photos');
  await writePhotos(join(photos, 'before'), PHOTOS);
  const connection = await connectBuilt(join(folder, 'library'));
  const { client } = connection;
  await client.call('models.use', { id: 'starter' });
  const { id } = await client.call('roots.add', { path: photos });
  const anew = await client.call('index.run', {});
  if (anew.indexed + anew.copied !== PHOTOS) throw new Error(`${String(anew.indexed)} photos were indexed.`);
  await rename(join(photos, 'before'), join(photos, 'after'));
  const renamed = await client.call('index.run', {});
  if (renamed.moved !== PHOTOS || renamed.indexed > 0) throw new Error(`${String(renamed.moved)} photos were moved.`);
  report(
    'sub-folder of 10,000 photos renamed (indexed anew)',
    `${renamed.seconds.toFixed(1)} s (${anew.seconds.toFixed(0)} s)`,
    '≤ 5 s',
    renamed.seconds <= 5,
  );
  const there = join(folder, 'elsewhere');
  await rename(photos, there);
  const seconds = await timed(async () => {
    await client.call('roots.relink', { id, path: there });
    await idle(client);
  });
  const after = await client.call('index.run', {});
  if (after.unchanged !== PHOTOS || after.indexed > 0) throw new Error(`${String(after.unchanged)} photos are known.`);
  report('moved root of 10,000 photos linked again', `${seconds.toFixed(1)} s`, '≤ 5 s', seconds <= 5);
  await connection.close();
  await remove();
};

/** From the end of writing a file to finding it. */
const arrivals = async (): Promise<void> => {
  const [folder, remove] = await temporaryFolder();
  const photos = join(folder, 'photos');
  await writePhotos(photos, 50);
  const connection = await connectBuilt(join(folder, 'library'));
  const { client } = connection;
  await client.call('models.use', { id: 'starter' });
  await client.call('roots.add', { path: photos });
  await client.call('index.run', {});
  await client.call('library.follow', {});
  await pause(2000);
  await idle(client);
  const took: number[] = [];
  for (let number = 0; number < ARRIVALS; number++) {
    const path = join(photos, `new ${String(number)}.jpg`);
    await plain(`hsl(${String(number * 17)}, 90%, 40%)`, 800, 600 + number)
      .jpeg()
      .toFile(path);
    const found = async (): Promise<boolean> => (await client.call('photos.find', { photo: path })).id !== null;
    took.push(
      await timed(async () => {
        while (!(await found())) await pause(10);
        await client.call('search', { query: 'red' });
      }),
    );
    await pause(500);
  }
  const worst = Math.max(...took);
  report(
    'new file to searchable, worst of 20 (median)',
    `${worst.toFixed(2)} s (${median(took).toFixed(2)} s)`,
    '≤ 2 s',
    worst <= 2,
  );
  await connection.close();
  await remove();
};

/** Milliseconds after which an engine that rests has given back what it does not need. */
const REST_MS = 65_000;

/** 100,000 unchanged files looked through again and again by one engine, which rests in between as it would for a person. */
const reconciles = async (): Promise<void> => {
  const [folder, remove] = await temporaryFolder();
  const { library } = await makeLibrary(folder, 100_000, { dimension: 512 });
  const connection = await connectBuilt(library);
  const { client } = connection;
  const holder = process.platform === 'linux' ? await readHolder(library) : null;
  const seconds: number[] = [];
  const atWork: number[] = [];
  const atRest: number[] = [];
  for (let round = 0; round < RECONCILES; round++) {
    const run = await client.call('index.run', {});
    if (run.unchanged !== 100_000) throw new Error(`The scan found ${String(run.unchanged)} unchanged files.`);
    seconds.push(run.seconds);
    if (holder === null) continue;
    atWork.push(memoryOf(holder.pid).now);
    await pause(REST_MS);
    atRest.push(memoryOf(holder.pid).now);
  }
  report('reconcile of 100,000 unchanged files', `${median(seconds).toFixed(1)} s`, '≤ 10 s', median(seconds) <= 10);
  if (holder !== null) {
    const [lowest, highest] = [Math.min(...atRest), Math.max(...atRest)];
    report(
      'engine memory at rest after each of 20 reconciles, lowest to highest (at their ends)',
      `${lowest.toFixed(0)} to ${highest.toFixed(0)} MB (${Math.min(...atWork).toFixed(0)} to ${Math.max(...atWork).toFixed(0)} MB)`,
      '≤ 1.05 ×',
      highest <= 1.05 * lowest,
    );
  }
  await connection.close();
  await remove();
};

export const benchFollowing = async (): Promise<void> => {
  await moves();
  await arrivals();
  await reconciles();
};
