import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Client, Download, ModelsList } from '../../app/contract/index.ts';
import { readCatalogue, type CatalogueEntry } from '../../app/hub/catalogue.ts';
import { engineOptions } from '../../main/paths.ts';
import { connectBuilt } from '../support/built.ts';
import { finished, programs, run, start, temporaryFolder } from '../support/command-line.ts';
import * as server from '../support/hub-server.ts';
import { changedModel } from '../support/model-folders.ts';
import { keepDataIn } from '../support/own-data.ts';
import { writePaintings } from '../support/paintings.ts';

const GRAPH = 'onnx/vision_model.onnx';
const ID = 'tried';

let folder = '';
let catalogue = '';
let files: Record<string, Buffer>;
let hub: server.HubServer;
let remove: () => Promise<void>;

beforeEach(async () => {
  [folder, remove] = await temporaryFolder();
  keepDataIn(folder);
  for (const name of ['http_proxy', 'https_proxy', 'all_proxy', 'no_proxy'])
    for (const variable of [name, name.toUpperCase()]) vi.stubEnv(variable, undefined);
  const model = await changedModel(join(folder, 'at the hub'), {
    'preprocessor_config.json': (preprocessing) => ({ ...preprocessing, resample: 2 }),
  });
  files = {};
  for (const entry of await readdir(model, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    files[path.slice(model.length + 1).replaceAll('\\', '/')] = await readFile(path);
  }
  hub = await server.startHub(files, [GRAPH]);
  vi.stubEnv('HF_ENDPOINT', hub.endpoint);
  catalogue = join(folder, 'catalogue.json');
  await writeFile(catalogue, JSON.stringify({ version: 1, entries: [entryOf(files)] }));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await hub.close();
  await remove();
});

const entryOf = (content: Readonly<Record<string, Buffer>>): CatalogueEntry => ({
  id: ID,
  name: 'Tried and found good',
  slot: 'small',
  goodAt: 'Being downloaded.',
  languages: 'english',
  repository: 'somewhere/tried-ONNX',
  revision: '0123456789abcdef0123456789abcdef01234567',
  layout: 'transformers',
  dimension: 112,
  logitScale: null,
  logitBias: null,
  licence: { spdx: 'MIT', name: 'MIT License', url: 'https://example.org/', notice: 'Made for this.', tokenizer: null },
  figures: { imagenet: null, cocoTextToImage: null, flickrTextToImage: null, xm3600: null },
  files: [
    { path: GRAPH, bytes: content[GRAPH]?.length ?? null, sha256: server.sha256(content[GRAPH] ?? Buffer.alloc(0)) },
    ...Object.keys(content)
      .filter((path) => path !== GRAPH)
      .map((path) => ({ path, bytes: null, sha256: null })),
  ],
});

/** Does something with an engine of its own that has this catalogue. */
const inEngine = async <T>(name: string, work: (client: Client) => Promise<T>): Promise<T> => {
  const connection = await connectBuilt(join(folder, name), { catalogue, models: join(folder, 'models') });
  try {
    return await work(connection.client);
  } finally {
    await connection.close();
  }
};
const list = (client: Client): Promise<ModelsList> => client.call('models.list', {});
/** Begins a download of which the hub sends 100,000 bytes and no more, and stops it when they have come. */
const pausedDownload = async (client: Client): Promise<void> => {
  hub.fail(GRAPH, server.stall(100_000));
  const part = join(folder, 'models', '.downloads', `${ID}@${entryOf(files).revision}`, `${GRAPH}.part`);
  const running = client.call('models.download', { id: ID });
  const stopped = expect(running).rejects.toMatchObject({ kind: 'cancelled' });
  await expect.poll(async () => (await stat(part)).size).toBe(100_000);
  await client.call('models.stopDownload', { id: ID });
  await stopped;
};

describe('downloading a model', () => {
  it('makes a model of it that works without the hub, in every library', async () => {
    await writePaintings(join(folder, 'photos'));
    const told: Download[] = [];
    hub.fail(GRAPH, server.throttle(150_000));
    await inEngine('library', async (client) => {
      client.on('downloads', ({ downloads }) => told.push(...downloads));
      const model = await client.call('models.download', { id: ID });
      expect(model).toMatchObject({
        name: 'Tried and found good',
        source: 'installed',
        catalogue: ID,
        licence: { spdx: 'MIT' },
      });
      expect(told.every(({ id, state }) => id === ID && state === 'running')).toBe(true);
      expect(told.some(({ done, total }) => done > 0 && done < total)).toBe(true);
      await hub.close();
      expect(await client.call('models.use', { id: ID })).toMatchObject({ id: model.id, active: true });
      await client.call('roots.add', { path: join(folder, 'photos') });
      expect(await client.call('index.run', {})).toMatchObject({ indexed: 10, failed: 0 });
      expect(await list(client)).toMatchObject({ downloads: [], offers: [{ id: ID, installed: model.id }] });
    });
    await inEngine('another', async (client) => {
      expect((await list(client)).offers).toMatchObject([{ id: ID, installed: expect.any(String) }]);
      expect(await client.call('models.use', { id: ID })).toMatchObject({ catalogue: ID, active: true });
    });
  });

  it('goes on where it was paused, after a restart, too', async () => {
    await inEngine('library', pausedDownload);
    await inEngine('library', async (client) => {
      const [download] = (await list(client)).downloads;
      expect(download).toMatchObject({ id: ID, state: 'paused', problem: null });
      expect(download?.done).toBeGreaterThanOrEqual(100_000);
      await client.call('models.download', { id: ID });
      expect((await list(client)).downloads).toEqual([]);
    });
    expect(hub.requests).toContainEqual(expect.stringMatching(new RegExp(`^${GRAPH} from \\d{6}`, 'u')));
  });

  it('drops what has come when it is told to', async () => {
    await inEngine('library', async (client) => {
      await pausedDownload(client);
      await client.call('models.stopDownload', { id: ID, drop: true });
      expect((await list(client)).downloads).toEqual([]);
    });
    expect(await readdir(join(folder, 'models', '.downloads'))).not.toContainEqual(expect.stringContaining(ID));
  });

  it('goes by what the model is there for, too, once it is here', async () => {
    const photos = join(folder, 'photos');
    await writePaintings(photos);
    await inEngine('library', async (client) => {
      const place = ['--library', join(folder, 'library')];
      const expectDone = async (...args: readonly string[]): Promise<void> => {
        expect(await run(...args, ...place)).toMatchObject({ code: 0, stderr: '' });
      };
      await expectDone('index', photos);
      await pausedDownload(client);
      await expectDone('models', 'remove', 'small');
      expect((await list(client)).downloads).toEqual([]);
      await expectDone('models', 'add', 'small');
      await expectDone('models', 'upgrade', 'small');
      await expectDone('index', photos, '--model', 'small');
      expect((await client.call('status', {})).model).toMatchObject({ catalogue: ID, photos: 10 });
      await expectDone('models', 'compare', 'starter', 'small', 'red');
      for (const model of ['starter', 'small', 'starter']) await expectDone('models', 'use', model);
      await expectDone('models', 'remove', 'small', '--yes');
      expect((await list(client)).offers).toMatchObject([{ id: ID, installed: null }]);
    });
  });

  it('is one download for all who ask for it', async () => {
    await inEngine('library', async (client) => {
      const [first, second] = await Promise.all([
        client.call('models.download', { id: ID }),
        client.call('models.download', { id: ID }),
      ]);
      expect(second).toEqual(first);
    });
    expect(hub.requests.filter((path) => path === GRAPH)).toHaveLength(1);
  });

  it.each([
    ['nothing is there', server.status(404), 'download-failed', /404|not/u],
    ['it must not be had', server.status(401), 'download-failed', /401|allow|sign/u],
    ['other bytes come', server.instead(Buffer.alloc(1000)), 'download-failed', /./u],
  ])('says what is wrong when %s, and keeps saying it', async (_what, fault, kind, why) => {
    hub.failAlways(GRAPH, fault);
    await inEngine('library', async (client) => {
      await expect(client.call('models.download', { id: ID })).rejects.toMatchObject({
        kind,
        message: expect.stringMatching(why),
      });
      const { downloads, models } = await list(client);
      expect(downloads).toMatchObject([{ id: ID, state: 'failed', problem: expect.stringMatching(why) }]);
      expect(models.map(({ kind: what }) => what)).toEqual(['starter']);
    });
  });

  it('knows only what is in the catalogue', async () => {
    await inEngine('library', async (client) => {
      await expect(client.call('models.download', { id: 'nonsense' })).rejects.toMatchObject({
        kind: 'not-found',
        message: expect.stringContaining(ID),
      });
    });
  });
});

describe('downloading on the command line', () => {
  const library = (): readonly string[] => ['--library', join(folder, 'library')];

  it('says where it could not be reached', async () => {
    await hub.close();
    const { code, stderr } = await run('models', 'add', 'clip-small', ...library());
    expect(code).toBe(1);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stderr).toMatch(/127\.0\.0\.1|network|connect/iu);
  });

  it.runIf(process.platform !== 'win32')('pauses on Ctrl+C, tells how to go on, and can be dropped', async () => {
    const offered = join(programs, '..', '..', 'models', 'catalogue.json');
    const entry = (await readCatalogue(offered)).find(({ id }) => id === 'clip-small');
    const large = entry?.files.find(({ path }) => path.startsWith('onnx/vision_model'));
    await hub.close();
    // A hub that sends the real files, but slowly, or not at all.
    hub = await server.startHub(Object.fromEntries((entry?.files ?? []).map(({ path }) => [path, Buffer.alloc(2e5)])));
    for (const { path, bytes } of entry?.files ?? [])
      hub.failAlways(path, (_request, response, content) => {
        response.writeHead(200, { 'content-length': bytes ?? content.length }).flushHeaders();
        if (path !== large?.path) return;
        const drip = setInterval(() => response.write(content), 50);
        response.once('close', () => {
          clearInterval(drip);
        });
      });
    vi.stubEnv('HF_ENDPOINT', hub.endpoint);
    const place = join(folder, 'library');
    const connection = await connectBuilt(place, { models: engineOptions(place).models });
    const child = start('models', 'add', 'clip-small', ...library());
    const running = finished(child);
    await expect
      .poll(async () => (await list(connection.client)).downloads[0]?.done ?? 0, { timeout: 60_000 })
      .toBeGreaterThan(1e6);
    child.kill('SIGINT');
    const { code, stdout, stderr } = await running;
    await connection.close();
    expect(code).toBe(1);
    expect(stdout).toContain('MIT License');
    expect(stderr).toMatch(/paused.*afterimage models add clip-small/u);
    const listed = await run('models', 'list', ...library());
    expect(listed.stdout).toMatch(/clip-small: [\d.]+ MB of [\d.]+ MB, paused/u);
    expect(await run('models', 'remove', 'clip-small', ...library())).toMatchObject({ code: 0 });
    expect((await run('models', 'list', ...library())).stdout).not.toContain('paused');
  });
});
