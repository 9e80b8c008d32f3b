import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import { readHolder } from '../../../main/engine/lock.ts';
import { connectBuilt } from '../built.ts';
import { watchMemory } from '../processes.ts';
import type { Bomb } from './bombs.ts';

/** What engine and workers may take together. */
const MOST_BYTES = 3e9;
const GIGABYTE = 1e9;

/** Writes bombs into a folder. */
export const plant = async (photos: string, bombs: readonly Bomb[]): Promise<void> => {
  for (const { name, write } of bombs) {
    const path = join(photos, name);
    await mkdir(dirname(path), { recursive: true });
    await write(path);
  }
};

/**
 * Lets the built program index a folder of bombs, and looks whether it is alive and well afterwards: the same engine, each file
 * a photo or named with a reason (or both, where one of its sources was left out), and never more memory than it may have.
 *
 * @returns seconds that it took
 */
export const indexBombs = async (library: string, photos: string, bombs: readonly Bomb[]): Promise<number> => {
  const connection = await connectBuilt(library);
  const { client } = connection;
  try {
    const engine = await readHolder(library);
    if (engine === null) throw new Error('No engine has the library.');
    await client.call('models.use', { id: 'starter' });
    await client.call('roots.add', { path: photos });
    const memoryOfAll = watchMemory(engine.pid, 100);
    const report = await client.call('index.run', {});
    const most = memoryOfAll();
    const { failures, total } = await client.call('index.failures', {});
    console.info(
      `${report.indexed} photos, ${report.copied} copies, ${report.failed} refused in ${report.seconds.toFixed(0)} s; ` +
        `${(most / GIGABYTE).toFixed(2)} GB at most.`,
    );
    const told = new Map(failures.map((failure) => [failure.path, failure]));
    expect(told.size).toBe(total);
    const untold: string[] = [];
    for (const { name, fate } of bombs) {
      const path = join(photos, name);
      const { id } = await client.call('photos.find', { photo: path });
      if ((id !== null || told.has(path)) !== (fate === 'told')) untold.push(name);
    }
    expect.soft(untold).toEqual([]);
    expect.soft(failures.filter(({ message }) => message.length < 20)).toEqual([]);
    expect.soft(most).toBeLessThan(MOST_BYTES);
    // The same one, which answers.
    expect(await readHolder(library)).toEqual(engine);
    expect((await client.call('search', { query: 'red' })).total).toBeGreaterThan(0);
    return report.seconds;
  } finally {
    await connection.close();
  }
};
