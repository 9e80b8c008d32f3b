import { cp, mkdir, readdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Client } from '../../app/contract/index.ts';
import { connectBuilt } from '../support/built.ts';
import { temporaryFolder } from '../support/command-line.ts';
import { needsShared, sharedDir } from '../support/shared.ts';

const PHOTOS = 300;
/** Of whole seconds, so that a file can be given it again. */
const TAKEN = new Date('2021-07-03T12:30:00Z');
const shared = sharedDir ?? '';
const modelNamed = (name: string): string => join(shared, 'models', name);
/** A good map leads from mini-b to mini-a, and none to one that was never trained. */
const [better, random] = [modelNamed('mini-a'), modelNamed('tiny-clip-layout')];

describe.skipIf(sharedDir === undefined)(`a change of models${needsShared}`, () => {
  let folder = '';
  let photos = '';
  let old = '';
  let names: string[] = [];
  /** Photos that are not in the library yet. */
  let further: string[] = [];
  let remove: () => Promise<void>;

  const within = async <T>(library: string, work: (client: Client) => Promise<T>): Promise<T> => {
    const connection = await connectBuilt(library);
    try {
      return await work(connection.client);
    } finally {
      await connection.close();
    }
  };
  /** The library as mini-b left it, to be changed. */
  const inCopy = async <T>(name: string, work: (client: Client, library: string) => Promise<T>): Promise<T> => {
    const library = join(folder, name);
    await cp(old, library, { recursive: true });
    return within(library, (client) => work(client, library));
  };
  /** While a photo is as large and as old as it was, and nothing but zeros. */
  const whileDamaged = async (name: string, work: () => Promise<void>): Promise<void> => {
    const path = join(photos, name);
    const bytes = await readFile(path);
    const write = async (content: Buffer): Promise<void> => {
      await writeFile(path, content);
      await utimes(path, TAKEN, TAKEN);
    };
    await write(Buffer.alloc(bytes.length));
    try {
      await work();
    } finally {
      await write(bytes);
    }
  };
  const add = async (client: Client, path: string): Promise<string> => (await client.call('models.add', { path })).id;

  beforeAll(async () => {
    [folder, remove] = await temporaryFolder();
    [photos, old] = [join(folder, 'photos'), join(folder, 'old')];
    const from = join(shared, 'photos', 'flickr8k-dev');
    const all = (await readdir(from)).filter((name) => name.endsWith('.jpg'));
    [names, further] = [all.slice(0, PHOTOS), all.slice(PHOTOS, PHOTOS + 20)];
    await mkdir(photos);
    for (const name of names) {
      await cp(join(from, name), join(photos, name));
      await utimes(join(photos, name), TAKEN, TAKEN);
    }
    await within(old, async (client) => {
      await client.call('models.use', { id: await add(client, modelNamed('mini-b')) });
      await client.call('roots.add', { path: photos });
      expect(await client.call('index.run', {})).toMatchObject({ indexed: PHOTOS });
    });
  });
  afterAll(() => remove());

  it('leaves no search without an answer', async () => {
    await inCopy('searched', async (client) => {
      const ids = [await add(client, better), (await client.call('status', {})).model?.id ?? ''];
      let isOver = false;
      let answers = 0;
      const ask = async (person: string): Promise<void> => {
        for (; !isOver; answers++)
          await client.call('search', { query: `a dog for ${person} ${String(answers)}`, limit: 5 });
      };
      const asking = Promise.all(['one', 'another', 'a third'].map(ask));
      for (const id of [...ids, ...ids, ...ids]) {
        await client.call('models.use', { id });
        await pause(500);
      }
      isOver = true;
      await asking;
      expect(answers).toBeGreaterThan(3);
    });
  });

  it('writes no photo twice when it is tried again with more anchors', async () => {
    await inCopy('tried again', async (client) => {
      const id = await add(client, random);
      for (const anchors of [50, 120])
        expect(await client.call('models.upgrade', { id, anchors })).toMatchObject({ outcome: 'below-floor', anchors });
      await client.call('index.run', {});
      expect((await client.call('status', {})).model).toMatchObject({ id, photos: PHOTOS });
    });
  });

  it('is over though a photo cannot be read any more, and the old model may go', async () => {
    await whileDamaged(names[7] ?? '', () =>
      inCopy('damaged', async (client) => {
        const from = (await client.call('status', {})).model?.id ?? '';
        const id = await add(client, random);
        expect(await client.call('models.upgrade', { id, anchors: 50 })).toMatchObject({ outcome: 'below-floor' });
        expect(await client.call('index.run', {})).toMatchObject({ failed: 1 });
        expect((await client.call('status', {})).model).toMatchObject({ id, photos: PHOTOS - 1 });
        await client.call('models.remove', { id: from });
        expect((await client.call('status', {})).upgrade).toBeNull();
      }),
    );
  });

  it('through a map is over though a photo cannot be read any more, and stays so when the engine is started anew', async () => {
    await whileDamaged(names[7] ?? '', async () => {
      const library = await inCopy('damaged, mapped', async (client, path) => {
        const id = await add(client, better);
        expect(await client.call('models.upgrade', { id, anchors: 150 })).toMatchObject({ outcome: 'mapped' });
        expect((await client.call('status', {})).upgrade).toMatchObject({ phase: 'mapped' });
        expect(await client.call('index.run', {})).toMatchObject({ failed: 1 });
        return path;
      });
      const another = join(folder, 'damaged, and on to a third');
      await cp(library, another, { recursive: true });
      await within(library, async (client) => {
        const { upgrade } = await client.call('status', {});
        expect(upgrade).toMatchObject({ phase: 'done', done: PHOTOS - 1, total: PHOTOS });
        expect(await client.call('search', { query: 'a dog', limit: 5 })).toMatchObject({ total: PHOTOS });
        await client.call('models.remove', { id: upgrade?.from.id ?? '' });
        expect((await client.call('status', {})).upgrade).toBeNull();
      });
      await within(another, async (client) => {
        const id = await add(client, random);
        expect(await client.call('models.upgrade', { id, anchors: 50 })).toMatchObject({ outcome: 'below-floor' });
      });
    });
  });

  it.each([
    ['below the floor', random, 'embedding'],
    ['through a map', better, 'mapped'],
  ])('%s is over though a folder is paused', async (name, wanted, phase) => {
    const more = join(folder, `more, ${name}`);
    await mkdir(more);
    for (const photo of further) await cp(join(shared, 'photos', 'flickr8k-dev', photo), join(more, photo));
    await inCopy(`paused, ${name}`, async (client) => {
      const root = await client.call('roots.add', { path: more });
      expect(await client.call('index.run', {})).toMatchObject({ indexed: further.length });
      await client.call('roots.change', { id: root.id, paused: true });
      const id = await add(client, wanted);
      await client.call('models.upgrade', { id, anchors: 150 });
      expect((await client.call('status', {})).upgrade).toMatchObject({ phase });
      await client.call('index.run', {});
      const { model, upgrade } = await client.call('status', {});
      expect([model?.id, upgrade?.phase]).toEqual([id, 'done']);
      expect(upgrade?.done).toBeLessThan(PHOTOS + further.length);
      // Nothing is lost: they are seen when the folder is no longer paused.
      await client.call('roots.change', { id: root.id, paused: false });
      await client.call('index.run', {});
      expect((await client.call('status', {})).model).toMatchObject({ id, photos: PHOTOS + further.length });
    });
  });

  it('does not take photos whose drive is away for such that cannot be seen', async () => {
    await inCopy('away for a while', async (client) => {
      const id = await add(client, better);
      expect(await client.call('models.upgrade', { id, anchors: 150 })).toMatchObject({ outcome: 'mapped' });
      await rename(photos, join(folder, 'on the drive'));
      try {
        await client.call('index.run', {});
        expect((await client.call('status', {})).upgrade).toMatchObject({ phase: 'mapped' });
      } finally {
        await rename(join(folder, 'on the drive'), photos);
      }
      await client.call('index.run', {});
      expect((await client.call('status', {})).upgrade).toMatchObject({ phase: 'done', done: PHOTOS });
    });
  });

  it('leaves the old model to answer while the new one, which is not ready, is away', async () => {
    const own = join(folder, 'one that goes');
    await cp(random, own, { recursive: true });
    const library = await inCopy('away', async (client, path) => {
      await client.call('models.upgrade', { id: await add(client, own), anchors: 50 });
      return path;
    });
    await rm(own, { recursive: true });
    await within(library, async (client) => {
      const { model, modelProblem, upgrade } = await client.call('status', {});
      expect(model).toMatchObject({ name: 'mini-b', photos: PHOTOS });
      expect(modelProblem).toContain('one that goes');
      expect(upgrade).toMatchObject({ phase: 'embedding', done: 0 });
      expect(await client.call('search', { query: 'a dog', limit: 5 })).toMatchObject({ total: PHOTOS });
      expect(await client.call('index.run', {})).toMatchObject({ indexed: 0, failed: 0 });
      expect((await client.call('status', {})).model).toMatchObject({ name: 'mini-b' });
      await client.call('models.rollback', {});
      expect(await client.call('status', {})).toMatchObject({ modelProblem: null, upgrade: null });
    });
  });

  it('waits for drives without which most photos could not be found', async () => {
    await rename(photos, join(folder, 'elsewhere'));
    try {
      await inCopy('offline', async (client) => {
        await client.call('index.run', {});
        const upgrading = client.call('models.upgrade', { id: await add(client, better) });
        await expect(upgrading).rejects.toMatchObject({
          kind: 'invalid-request',
          message: expect.stringContaining(`0 of ${String(PHOTOS)}`),
        });
        expect(await client.call('search', { query: 'a dog', limit: 5 })).toMatchObject({ total: PHOTOS });
      });
    } finally {
      await rename(join(folder, 'elsewhere'), photos);
    }
  });

  it('makes no map where nearly all photos are looked at anyway', async () => {
    await inCopy('nearly all', async (client) => {
      const id = await add(client, random);
      expect(await client.call('models.upgrade', { id, anchors: 290 })).toMatchObject({ outcome: 'embedded' });
      const { model, upgrade } = await client.call('status', {});
      expect([model?.photos, upgrade?.phase]).toEqual([PHOTOS, 'done']);
    });
  });

  it('can follow on another, though a photo has gone meanwhile; no map outlives its own', async () => {
    const path = join(photos, names[8] ?? '');
    await rename(path, join(folder, 'gone'));
    try {
      await inCopy('chain', async (client, library) => {
        const maps = (): Promise<string[]> => readdir(join(library, 'bridges'));
        await client.call('index.run', {});
        expect(await client.call('models.upgrade', { id: await add(client, better), anchors: 150 })).toMatchObject({
          outcome: 'mapped',
        });
        expect(await maps()).toHaveLength(2);
        await client.call('index.run', {});
        const id = await add(client, random);
        expect(await client.call('models.upgrade', { id, anchors: 50 })).toMatchObject({ outcome: 'below-floor' });
        expect(await maps()).toEqual([]);
      });
    } finally {
      await rename(join(folder, 'gone'), path);
    }
  });

  it('of the provider does not end the run that it interrupts', async () => {
    const library = join(folder, 'provider', 'library');
    await within(library, async (client) => {
      await client.call('models.use', { id: await add(client, better) });
      await client.call('roots.add', { path: photos });
      const running = client.call('index.run', {});
      await expect.poll(async () => (await client.call('status', {})).progress.done).toBeGreaterThan(0);
      await client.call('settings.change', { provider: 'cpu' });
      expect((await running).cancelled).toBe(true);
      await expect.poll(async () => (await client.call('status', {})).model?.photos, { timeout: 90_000 }).toBe(PHOTOS);
    });
  });

  it('can be stopped while it is found out how the new model runs', async () => {
    await within(join(folder, 'measured', 'library'), async (client) => {
      await client.call('models.use', { id: await add(client, better) });
      await client.call('roots.add', { path: photos });
      client.on('progress', ({ current }) => {
        if (current?.startsWith('Finding out') === true) void client.call('index.cancel', {});
      });
      expect(await client.call('index.run', {})).toMatchObject({ indexed: 0, cancelled: true });
    });
  });

  it('finds out how the new model runs before many photos are looked at, and can be stopped meanwhile', async () => {
    // With nothing beside it that would know of earlier runs.
    const library = join(folder, 'not measured', 'library');
    await cp(old, library, { recursive: true });
    await within(library, async (client) => {
      const id = await add(client, better);
      const stop = new AbortController();
      const end = client.on('upgrade', ({ upgrade }) => {
        if (upgrade?.phase === 'anchors' && upgrade.total === 0) stop.abort();
      });
      const upgrading = client.call('models.upgrade', { id, anchors: 200 }, stop.signal);
      await expect(upgrading).rejects.toMatchObject({ kind: 'cancelled' });
      end();
      const stopped = { model: { name: 'mini-b' }, upgrade: null };
      await expect.poll(() => client.call('status', {}), { timeout: 60_000 }).toMatchObject(stopped);
      await client.call('models.upgrade', { id, anchors: 200 });
      const { models } = await client.call('models.list', {});
      expect(models.find((model) => model.id === id)?.photosPerSecond).toBeGreaterThan(0);
    });
  });
});
