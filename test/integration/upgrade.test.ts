import { appendFile, cp, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import {
  evaluationSchema,
  indexReportSchema,
  modelsListSchema,
  upgradeReportSchema,
  type Client,
  type Status,
} from '../../app/contract/index.ts';
import { engineOptions } from '../../main/paths.ts';
import { connectBuilt } from '../support/built.ts';
import { finished, run, runJson, start, temporaryFolder } from '../support/command-line.ts';
import { killEngine } from '../support/engine-process.ts';
import { keepDataIn } from '../support/own-data.ts';
import { needsShared, sharedDir } from '../support/shared.ts';

const PHOTOS = 500;
const QUERIES = ['two dogs running in snow', 'a man on a bicycle', 'children -snow', 'red +beach'];
const shared = sharedDir ?? '';
const [miniA, miniB] = [join(shared, 'models', 'mini-a'), join(shared, 'models', 'mini-b')];

let folder = '';
let photos = '';
let remove: () => Promise<void>;

const at = (name: string): string => join(folder, name);
const index = async (library: string, ...args: readonly string[]) =>
  indexReportSchema.parse(await runJson('index', photos, '--library', library, ...args));
/** Speaks to the library's engine, as the application does. */
const inEngine = async <T>(library: string, work: (client: Client) => Promise<T>): Promise<T> => {
  const connection = await connectBuilt(library, { models: engineOptions(library).models });
  try {
    return await work(connection.client);
  } finally {
    await connection.close();
  }
};
const status = (library: string): Promise<Status> => inEngine(library, (client) => client.call('status', {}));
/** What a person sees: every photo of every answer, with its score and match to the last digit. */
const answers = (library: string) =>
  inEngine(library, async (client) => {
    const all = [];
    for (const query of QUERIES) {
      const { total, results } = await client.call('search', { query, limit: PHOTOS });
      all.push({ query, total, results: results.map(({ path, score, match }) => ({ path, score, match })) });
    }
    return all;
  });
/** A library as one of those below, to be changed. */
const copyOf = async (library: string, name: string): Promise<string> => {
  await cp(library, at(name), { recursive: true });
  await runJson('status', '--trust', '--library', at(name));
  return at(name);
};
const upgrade = (library: string, model: string, ...args: readonly string[]): Promise<unknown> =>
  runJson('models', 'upgrade', model, '--library', library, ...args);
/** Files that the run of indexing that is under way is done with. */
const doneOf = async (client: Client): Promise<number> => (await client.call('status', {})).progress.done;
const both = z.object({ upgrade: upgradeReportSchema.nullable(), index: indexReportSchema });

describe.skipIf(sharedDir === undefined)(`an upgrade to a better model${needsShared}`, () => {
  /** As mini-b left it; as mini-a would have made it; between the two, with the map fitted. */
  let [old, fresh, bridged] = ['', '', ''];
  let oldAnswers: Awaited<ReturnType<typeof answers>>;
  let freshAnswers: typeof oldAnswers;

  beforeAll(async () => {
    [folder, remove] = await temporaryFolder();
    keepDataIn(folder);
    // Photos of our own can be taken away.
    photos = at('photos');
    await cp(join(shared, 'photos', 'flickr8k-dev'), photos, { recursive: true });
    [old, fresh, bridged] = [at('old'), at('fresh'), at('bridged')];
    await index(old, '--model', miniB);
    await index(fresh, '--model', miniA);
    oldAnswers = await answers(old);
    freshAnswers = await answers(fresh);
    expect(freshAnswers).not.toEqual(oldAnswers);
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await remove();
  });

  it('answers in the new space at once, through a map', async () => {
    await copyOf(old, 'bridged');
    const bridge = await upgrade(bridged, miniA, '--anchors', '200', '--bridge-only');
    // Exactly these, for programs that read them.
    expect(Object.keys(z.record(z.string(), z.unknown()).parse(bridge))).toEqual([
      'anchors',
      'retention',
      'seconds',
      'dimOld',
      'dimNew',
    ]);
    expect(bridge).toMatchObject({ anchors: 200, dimOld: 192, dimNew: 256 });
    const { model, upgrade: state } = await status(bridged);
    expect(model).toMatchObject({ name: 'mini-a', active: true });
    expect(state).toMatchObject({ phase: 'mapped', anchors: 200, total: PHOTOS, from: { name: 'mini-b' } });
    expect(state?.done).toBeLessThan(PHOTOS);
    const [first] = await answers(bridged);
    expect(first?.total).toBe(PHOTOS);
    const captions = join(photos, 'captions.json');
    const { textToImage } = evaluationSchema.parse(await runJson('eval', captions, '--library', bridged));
    expect(textToImage.r10).toBeGreaterThanOrEqual(0.56);
  });

  it('equals a library that never knew another model, once all photos are embedded', async () => {
    const library = await copyOf(bridged, 'whole');
    const { done = 0 } = (await status(library)).upgrade ?? {};
    expect(await index(library)).toMatchObject({ indexed: PHOTOS - done, failed: 0 });
    expect((await status(library)).upgrade).toMatchObject({ phase: 'done', done: PHOTOS });
    expect(await answers(library)).toEqual(freshAnswers);
    expect(await index(library)).toMatchObject({ indexed: 0, unchanged: PHOTOS });
  });

  it('goes back exactly to where it was without looking at a photo, and then lets go of the new model', async () => {
    const library = await copyOf(at('whole'), 'back');
    await rename(photos, at('photos away'));
    try {
      await runJson('models', 'rollback', '--library', library);
      expect(await status(library)).toMatchObject({ model: { name: 'mini-b', photos: PHOTOS }, upgrade: null });
    } finally {
      await rename(at('photos away'), photos);
    }
    expect(await answers(library)).toEqual(oldAnswers);
    expect(await index(library)).toMatchObject({ indexed: 0, unchanged: PHOTOS });
    await runJson('models', 'remove', 'mini-a', '--library', library);
    const { models } = modelsListSchema.parse(await runJson('models', 'list', '--library', library));
    expect(models.map(({ name }) => name)).not.toContain('mini-a');
    expect(await answers(library)).toEqual(oldAnswers);
    expect(await run('models', 'rollback', '--library', library)).toMatchObject({ code: 1 });
  });

  it('lets go of the old model when the new one has seen everything, and not before', async () => {
    const early = await run('models', 'remove', 'mini-b', '--library', bridged);
    expect(early).toMatchObject({ code: 1, stderr: expect.stringContaining('mini-b') });
    const library = await copyOf(at('whole'), 'forward');
    await runJson('models', 'remove', 'mini-b', '--library', library);
    expect(await status(library)).toMatchObject({ model: { name: 'mini-a', photos: PHOTOS }, upgrade: null });
    expect(await answers(library)).toEqual(freshAnswers);
  });

  it('goes on where it was after a kill, and ends up the same', async () => {
    const library = await copyOf(bridged, 'killed');
    await inEngine(library, async (client) => {
      const running = finished(start('index', photos, '--library', library, '--json'));
      await expect.poll(() => doneOf(client), { timeout: 60_000, interval: 20 }).toBeGreaterThan(20);
      await killEngine(library);
      expect(await running).toMatchObject({ code: 1, stderr: expect.stringMatching(/engine/u) });
    });
    expect(await answers(library)).toMatchObject(QUERIES.map((query) => ({ query, total: PHOTOS })));
    const { upgrade: state } = await status(library);
    expect(state?.phase).toBe('mapped');
    expect(await index(library)).toMatchObject({ indexed: PHOTOS - (state?.done ?? 0), failed: 0 });
    expect(await answers(library)).toEqual(freshAnswers);
  });

  it.runIf(process.platform !== 'win32')('stops cleanly on Ctrl+C, and goes on when it is asked again', async () => {
    const library = await copyOf(old, 'stopped');
    await inEngine(library, async (client) => {
      const child = start('models', 'upgrade', miniA, '--anchors', '100', '--library', library);
      const running = finished(child);
      await expect.poll(() => doneOf(client), { timeout: 120_000, interval: 20 }).toBeGreaterThan(20);
      child.kill('SIGINT');
      const { code, stdout } = await running;
      expect(code).toBe(1);
      expect(stdout).toMatch(/mini-a answers through it.*Search works all the same.*models upgrade/su);
    });
    const [first] = await answers(library);
    expect(first?.total).toBe(PHOTOS);
    const rest = both.parse(await upgrade(library, miniA));
    expect(rest).toMatchObject({ upgrade: null, index: { failed: 0, cancelled: false } });
    expect(rest.index.indexed).toBeGreaterThan(0);
    expect(await answers(library)).toEqual(freshAnswers);
  });

  it('recognises another text tower for the same pictures, and embeds nothing', async () => {
    const library = await copyOf(fresh, 'texts');
    const swapped = at('mini-a, other texts');
    await cp(miniA, swapped, { recursive: true });
    // A note in the graph's own format (field 6, its length, its text): another file that does the same arithmetic.
    const note = Buffer.from('saved anew');
    await appendFile(join(swapped, 'onnx', 'text_model.onnx'), Buffer.from([(6 << 3) | 2, note.length, ...note]));
    const report = both.parse(await upgrade(library, swapped));
    expect(report).toMatchObject({
      upgrade: { outcome: 'same-space', anchors: 0, dimOld: 256, dimNew: 256 },
      index: { indexed: 0, unchanged: PHOTOS },
    });
    const { model } = await status(library);
    expect(model).toMatchObject({ photos: PHOTOS, active: true });
    expect(model?.id).not.toBe((await status(fresh)).model?.id);
    expect(await answers(library)).toEqual(freshAnswers);
  });

  it('lets the old model answer while a map would be too poor', async () => {
    const library = await copyOf(old, 'poor');
    const random = join(shared, 'models', 'tiny-clip-layout');
    const { stdout } = await run('models', 'upgrade', random, '--bridge-only', '--library', library);
    expect(stdout).toContain('the old model answers');
    expect(await status(library)).toMatchObject({ model: { name: 'mini-b' }, upgrade: { phase: 'embedding' } });
    expect(await answers(library)).toEqual(oldAnswers);
    expect(both.parse(await upgrade(library, random))).toMatchObject({
      upgrade: { outcome: 'below-floor', dimOld: 192, dimNew: 48 },
      index: { failed: 0 },
    });
    expect(await status(library)).toMatchObject({ model: { name: 'tiny-clip-layout', photos: PHOTOS } });
    expect(await answers(library)).not.toEqual(oldAnswers);
    await runJson('models', 'rollback', '--library', library);
    expect(await answers(library)).toEqual(oldAnswers);
  });
});
