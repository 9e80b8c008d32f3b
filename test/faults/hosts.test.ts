import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { indexReportSchema, searchOutputSchema, statusSchema } from '../../app/contract/index.ts';
import { readHolder } from '../../main/engine/lock.ts';
import { connectBuilt } from '../support/built.ts';
import { runJson, temporaryFolder } from '../support/command-line.ts';
import { killEngine } from '../support/engine-process.ts';
import { fetchLocal } from '../support/local-names.ts';
import { writeMany } from '../support/paintings.ts';
import { startWeb, type RunningWeb } from '../support/web.ts';

const PHOTOS = 80;
let folder = '';
let photos = '';
let library = '';
let remove: () => Promise<void>;
const webs: RunningWeb[] = [];

beforeEach(async () => {
  [folder, remove] = await temporaryFolder();
  photos = join(folder, 'photos');
  library = join(folder, 'library');
  await writeMany(photos, PHOTOS);
});
afterEach(async () => {
  await Promise.all(webs.splice(0).map((web) => web.stop()));
  await remove();
});

const serve = async (): Promise<RunningWeb> => {
  const web = await startWeb(library, { folders: [photos] });
  webs.push(web);
  return web;
};
const indexByCommand = async () => indexReportSchema.parse(await runJson('index', photos, '--library', library));
const found = async () =>
  searchOutputSchema.parse(await runJson('search', 'red', '--library', library, '--limit', '1000')).results;

describe('a library that two hosts and a command line open at once', () => {
  it('has one engine, in which all see the same', async () => {
    const [, connection, report] = await Promise.all([serve(), connectBuilt(library), indexByCommand()]);
    const { client } = connection;
    try {
      expect(report).toMatchObject({ failed: 0 });
      const engine = await readHolder(library);
      const [mine, theirs, again] = await Promise.all([
        client.call('search', { query: 'red', limit: 1000 }),
        found(),
        indexByCommand(),
        serve(),
      ]);
      expect(theirs).toHaveLength(PHOTOS);
      expect(mine.results.map(({ id }) => id)).toEqual(theirs.map(({ id }) => id));
      expect(again).toMatchObject({ indexed: 0, unchanged: PHOTOS });
      // The folder that all of them added is one.
      expect(statusSchema.parse(await runJson('status', '--library', library)).roots).toHaveLength(1);
      expect(await readHolder(library)).toEqual(engine);
      // What one of them says is seen by the next.
      const ids = [theirs[0]?.id ?? ''];
      await client.call('photos.mark', { ids, favourite: true });
      const favourites = searchOutputSchema.parse(await runJson('search', 'is:favourite', '--library', library));
      expect(favourites.results.map(({ id }) => id)).toEqual(ids);
    } finally {
      await connection.close();
    }
  });

  it.runIf(process.platform !== 'win32')('outlives the host that opened it, and the engine that had it', async () => {
    const first = await serve();
    expect((await indexByCommand()).failed).toBe(0);
    const engine = await readHolder(library);
    const connection = await connectBuilt(library);
    const second = await serve();
    try {
      expect(connection.own).toBe(false);
      first.process.kill('SIGKILL');
      await once(first.process, 'exit');
      expect(await found()).toHaveLength(PHOTOS);
      // It answers; without its token, that nobody is to know.
      expect((await fetchLocal(second.origin)).status).toBe(401);
      expect(await readHolder(library)).toEqual(engine);

      const ended = once(second.process, 'exit');
      await killEngine(library);
      await expect(connection.client.call('status', {})).rejects.toMatchObject({ kind: 'engine-stopped' });
      expect(await ended).toEqual([1, null]);
      expect(await found()).toHaveLength(PHOTOS);
      expect(await indexByCommand()).toMatchObject({ indexed: 0, unchanged: PHOTOS });
    } finally {
      await connection.close();
    }
  });
});
