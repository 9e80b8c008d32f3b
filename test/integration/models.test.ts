import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { create } from 'tar';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import {
  checkSchema,
  comparisonSchema,
  executionSchema,
  modelInfoSchema,
  modelsListSchema,
  searchOutputSchema,
  statusSchema,
} from '../../app/contract/index.ts';
import type { Connection } from '../../main/engine/connect.ts';
import { engineOptions } from '../../main/paths.ts';
import { connectBuilt } from '../support/built.ts';
import { run, runJson, temporaryFolder, type Outcome } from '../support/command-line.ts';
import { changedModel } from '../support/model-folders.ts';
import { keepDataIn } from '../support/own-data.ts';
import { writeMany, writePaintings } from '../support/paintings.ts';

let folder = '';
let library = '';
/** The starter model, but for how pictures are made smaller: another space. */
let other = '';
let remove: () => Promise<void>;

const afterimage = (...args: readonly string[]): Promise<Outcome> => run(...args, '--library', library);
const json = (...args: readonly string[]): Promise<unknown> => runJson(...args, '--library', library);
const models = async () => modelsListSchema.parse(await json('models', 'list'));
const model = async () => statusSchema.parse(await json('status')).model;
const otherModel = (target: string, resample: number): Promise<string> =>
  changedModel(target, { 'preprocessor_config.json': (preprocessing) => ({ ...preprocessing, resample }) });

beforeAll(async () => {
  [folder, remove] = await temporaryFolder();
  keepDataIn(folder);
  library = join(folder, 'library');
  other = await otherModel(join(folder, 'other'), 2);
  await writePaintings(join(folder, 'photos'));
  await json('index', join(folder, 'photos'));
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await remove();
});

describe('models on the command line', () => {
  it('lists what is here and what can be had, for programs and for people', async () => {
    const list = await models();
    expect(list.models).toMatchObject([
      { name: 'starter', kind: 'starter', active: true, photos: 10, source: 'shipped' },
    ]);
    expect(list.models[0]?.bytes).toBeGreaterThan(0);
    expect(list.offers.map(({ slot }) => slot)).toEqual(expect.arrayContaining(['default', 'small', 'multilingual']));
    const { code, stdout } = await afterimage('models', 'list');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\* starter {2}.*\n.*10 photos embedded/mu);
    for (const { id, name, purpose, licence } of list.offers)
      for (const said of [id, name, purpose, licence.spdx]) expect(stdout).toContain(said);
  });

  it('adds a model from a folder, and leaves it there when it is removed', async () => {
    const added = modelInfoSchema.parse(await json('models', 'add', other));
    expect(added).toMatchObject({ name: 'other', source: 'folder', active: false, photos: 0 });
    expect((await models()).models.map(({ id }) => id)).toContain(added.id);
    expect(await json('models', 'remove', 'other')).toEqual({ id: added.id });
    expect((await models()).models.map(({ id }) => id)).not.toContain(added.id);
    expect((await stat(join(other, 'config.json'))).isFile()).toBe(true);
  });

  it('unpacks an archive, tells what to do next, and deletes its files only when that is meant', async () => {
    const archive = join(folder, 'packed.tar.gz');
    await create({ file: archive, cwd: folder, gzip: true }, ['other']);
    const { stdout } = await afterimage('models', 'add', archive);
    expect(stdout).toMatch(/is here.*\n.*afterimage models upgrade /u);
    const added = (await models()).models.find(({ source }) => source === 'installed');
    const place = join(folder, 'afterimage', 'models', 'packed');
    if (process.platform === 'linux') expect(await readdir(place)).toContain('config.json');
    expect(await afterimage('models', 'remove', added?.id ?? '')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('--yes'),
    });
    expect((await models()).models.map(({ id }) => id)).toContain(added?.id);
    expect(await json('models', 'remove', added?.id ?? '', '--yes')).toEqual({ id: added?.id });
    await expect(stat(place)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('does not change to a model that would find less, unless that is meant', async () => {
    const refused = await afterimage('models', 'use', other);
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('afterimage models upgrade') });
    expect(await model()).toMatchObject({ kind: 'starter', name: 'starter' });
    const anew = await afterimage('models', 'use', other, '--anew');
    expect(anew).toMatchObject({ code: 0, stdout: expect.stringContaining('10 photos will be embedded anew') });
    expect(await json('index', join(folder, 'photos'))).toMatchObject({ indexed: 10, failed: 0 });
    // Both have seen all photos: nothing is lost by changing.
    for (const name of ['starter', 'other', 'starter']) {
      expect(await json('models', 'use', name)).toMatchObject({ name, photos: 10 });
      expect(searchOutputSchema.parse(await json('search', 'red')).total).toBe(10);
    }
  });

  it('answers a query with two models, side by side', async () => {
    const { sides } = comparisonSchema.parse(await json('models', 'compare', 'starter', other, 'red', '--limit', '3'));
    expect(sides.map((side) => side.model.name)).toEqual(['starter', 'other']);
    for (const { results } of sides) expect(basename(results[0]?.path ?? '')).toBe('red.jpg');
    const { stdout } = await afterimage('models', 'compare', 'starter', other, 'red', '--limit', '3');
    const [head, first, ...rest] = stdout.trimEnd().split('\n');
    expect(head).toMatch(/^starter +\| other$/u);
    expect(first).toMatch(/% {2}red\.jpg +\| +\d+ % {2}red\.jpg$/u);
    expect(rest.filter((line) => line.includes(' | '))).toHaveLength(2);
    expect(stdout).not.toContain('has seen');
  });

  it('tells what a model runs on and why, and runs it on what it is told', async () => {
    expect(await json('settings', '--provider', 'cpu')).toMatchObject({ provider: 'cpu' });
    const execution = executionSchema.parse(await json('models', 'check', '--provider', 'auto'));
    expect(await json('settings')).toMatchObject({ provider: 'auto' });
    expect(execution.reason).not.toBe('');
    const said = await afterimage('models', 'check');
    expect(said).toMatchObject({ code: 0, stdout: expect.stringContaining(`Runs on ${execution.provider}`) });
    for (const { reason } of execution.trials) expect(said.stdout).toContain(reason);
    const { checks } = z.object({ checks: z.array(checkSchema) }).parse(await json('doctor'));
    expect(checks.filter(({ state }) => state === 'error')).toEqual([]);
    expect(checks.map(({ message }) => message).join('\n')).toMatch(/\bcpu\b/iu);
  });
});

describe('a change of models without a map, because there are few photos', () => {
  it('goes there and back, and lets go of the new one', async () => {
    const before = await json('search', 'red');
    const { stdout } = await afterimage('models', 'upgrade', other);
    expect(stdout).toContain('has seen all photos');
    expect(stdout).toContain('afterimage models rollback');
    expect(await model()).toMatchObject({ name: 'other', photos: 10 });
    expect(await afterimage('models', 'upgrade', 'other')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/in use/u),
    });
    expect(await afterimage('models', 'remove', 'other')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/in use/u),
    });
    expect(modelInfoSchema.parse(await json('models', 'rollback'))).toMatchObject({ name: 'starter', photos: 10 });
    const { results } = searchOutputSchema.parse(await json('search', 'red'));
    expect(results).toEqual(searchOutputSchema.parse(before).results);
    await json('models', 'remove', 'other');
    expect((await models()).models.map(({ name }) => name)).toEqual(['starter']);
  });

  it('says what the old model has not seen, after the way back and where models are compared', async () => {
    const photos = join(folder, 'growing');
    const grown = join(folder, 'grown');
    const there = (...args: readonly string[]): Promise<Outcome> => run(...args, '--library', grown);
    await writeMany(photos, 4);
    await runJson('index', photos, '--library', grown);
    await there('models', 'upgrade', other);
    await writeMany(photos, 6);
    await there('index', photos);
    const { stdout: compared } = await there('models', 'compare', 'starter', 'other', 'red');
    expect(compared).toContain('starter: It has seen 4 of 6 photos.');
    expect(compared).not.toContain('other: ');
    const { stdout } = await there('models', 'rollback');
    expect(stdout).toMatch(/answers again.*\n2 photos will be embedded anew/u);
  });
});

describe('what cannot be done', () => {
  let connection: Connection;
  // Commands speak to an engine that runs, which is quicker than starting one for each.
  beforeAll(async () => {
    connection = await connectBuilt(library, { models: engineOptions(library).models });
  });
  afterAll(() => connection.close());

  it.each([
    [['models', 'add', 'nonsense'], /no model “nonsense”.*siglip2-base/su],
    [['models', 'use', 'nonsense'], /no model “nonsense”.*starter.*siglip2-base/su],
    [['models', 'upgrade', 'nonsense'], /no model “nonsense”/u],
    [['models', 'remove', 'nonsense'], /no model “nonsense”/u],
    [['models', 'compare', 'starter', 'nonsense', 'red'], /no model “nonsense”/u],
    [['models', 'upgrade', 'siglip2-base'], /afterimage models add siglip2-base/u],
    [['models', 'use', 'default'], /afterimage models add siglip2-base/u],
    [['models', 'upgrade', 'starter'], /in use already/u],
    [['models', 'rollback'], /no change of models/u],
    [['models', 'remove', 'starter'], /in use/u],
  ])('says why, and what to do, after %j', async (args, why) => {
    const { code, stdout, stderr } = await afterimage(...args);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(why);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(await connection.client.call('status', {})).toMatchObject({ model: { kind: 'starter', photos: 10 } });
  });

  it.each([
    [['upgrade', 'other', '--anchors', '5']],
    [['check', '--provider', 'abacus']],
    [['remove']],
    [['frobnicate']],
  ])('knows a wrong usage: %j', async (args) => {
    expect(await afterimage('models', ...args)).toMatchObject({ code: 2 });
  });

  it('takes no folder and no file that is no model', async () => {
    expect(await afterimage('models', 'add', join(folder, 'photos'))).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('photos'),
    });
    expect(await afterimage('models', 'add', join(folder, 'photos', 'red.jpg'))).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('red.jpg'),
    });
    expect((await models()).models).toHaveLength(1);
  });

  it('upgrades no library that has no model, and says so', async () => {
    const { code, stderr } = await run('models', 'upgrade', other, '--library', join(folder, 'empty'));
    expect(code).toBe(1);
    expect(stderr).toMatch(/No model has been chosen/u);
  });
});

describe('changes at other times', () => {
  it('is a mere choice in a library without photos', async () => {
    const bare = join(folder, 'bare');
    await runJson('models', 'use', 'starter', '--library', bare);
    expect(await runJson('models', 'upgrade', other, '--library', bare)).toMatchObject({
      upgrade: { outcome: 'embedded', anchors: 0 },
      index: { indexed: 0, failed: 0 },
    });
    expect(await runJson('status', '--library', bare)).toMatchObject({ model: { name: 'other' } });
  });

  it('loses no photo while others are being indexed', async () => {
    const photos = join(folder, 'many');
    const busy = join(folder, 'busy');
    await writeMany(photos, 300);
    const connection = await connectBuilt(busy);
    const { client } = connection;
    await client.call('models.use', { id: 'starter' });
    await client.call('roots.add', { path: photos });
    const running = client.call('index.run', {});
    await expect.poll(async () => (await client.call('status', {})).progress.done).toBeGreaterThan(0);
    const bridge = await runJson('models', 'upgrade', other, '--bridge-only', '--library', busy);
    expect(bridge).toMatchObject({ dimOld: 112, dimNew: 112 });
    await running;
    const last = await client.call('index.run', {});
    expect(last).toMatchObject({ failed: 0, cancelled: false });
    const { total } = await client.call('search', { query: 'red' });
    expect(total).toBe(300);
    await connection.close();
  });
});
