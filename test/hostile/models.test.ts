import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, realpath, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { checkSchema, modelInfoSchema, modelsListSchema, statusSchema } from '../../app/contract/index.ts';
import { GraphBuilder, type Value } from '../../models/generate/onnx.ts';
import { tarOf } from '../support/archives.ts';
import { run, runJson, temporaryFolder, type Outcome } from '../support/command-line.ts';
import { changedModel } from '../support/model-folders.ts';
import { keepDataIn } from '../support/own-data.ts';
import { writePaintings } from '../support/paintings.ts';

const SIDE = 64;
const DIMENSION = 112;

let folder = '';
let library = '';
let remove: () => Promise<void>;

const afterimage = (...args: readonly string[]): Promise<Outcome> => run(...args, '--library', library);
const json = (...args: readonly string[]): Promise<unknown> => runJson(...args, '--library', library);
const status = async () => statusSchema.parse(await json('status'));
const models = (): string => join(folder, 'afterimage', 'models');

/** An image graph that takes what the starter's takes; `twist` changes what comes out, `[batch × 112]`. */
const imageGraph = (twist: (graph: GraphBuilder, vectors: Value) => Value): Uint8Array => {
  const graph = new GraphBuilder('twisted');
  const inputs = 3 * SIDE * SIDE;
  const pixels = graph.input('pixel_values', 'float32', ['batch', 3, SIDE, SIDE]);
  const flat = graph.op('Reshape', [pixels, graph.integers([0, inputs])]);
  const weights = Array.from({ length: inputs * DIMENSION }, (_, index) => Math.sin(index));
  const vectors = graph.op('MatMul', [flat, graph.constant(weights, [inputs, DIMENSION])]);
  graph.output(twist(graph, vectors), 'image_embeds', 'float32', ['batch', DIMENSION]);
  return graph.toBytes();
};

beforeAll(async () => {
  [folder, remove] = await temporaryFolder();
  keepDataIn(folder);
  library = join(folder, 'library');
  await writePaintings(join(folder, 'photos'));
  await json('index', join(folder, 'photos'));
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await remove();
});

describe('a model of a stranger', () => {
  it('is refused when it is added, if its numbers are absurd', async () => {
    const model = await changedModel(join(folder, 'absurd'), {
      'config.json': (config) => ({ ...config, projection_dim: 2_147_483_647 }),
    });
    const { code, stderr } = await afterimage('models', 'add', model);
    expect(code).toBe(1);
    expect(stderr).toMatch(/config\.json describes something this program cannot run.*8192.*projection_dim/su);
  });

  it.each<[what: string, twist: (graph: GraphBuilder, vectors: Value) => Value, says: RegExp]>([
    [
      'gives no numbers',
      (graph, vectors) => graph.op('Sqrt', [graph.op('Sub', [graph.op('Abs', [vectors]), 1e9])]),
      /not finite or all zero/u,
    ],
    [
      'takes 16 GB of memory',
      (graph, vectors) => {
        const huge = graph.op('Expand', [graph.constant([0], [1]), graph.integers([4_000_000_000])]);
        return graph.op('Add', [vectors, graph.op('Gather', [huge, graph.integers([0])])]);
      },
      /cannot be used: .* with 2\.\d GB of memory at most/su,
    ],
  ])('that %s is tried before it is used, and the one in use stays', async (what, twist, says) => {
    const model = await changedModel(join(folder, what.replaceAll(' ', '-')), {
      'onnx/vision_model.onnx': imageGraph(twist),
    });
    const { code, stderr } = await afterimage('models', 'use', model, '--anew');
    expect(code).toBe(1);
    expect(stderr).toMatch(says);
    expect(await status()).toMatchObject({ model: { name: 'starter', photos: 10 }, modelProblem: null });
  });

  it('is no model of the catalogue, whatever it says of itself', async () => {
    const { offers } = modelsListSchema.parse(await json('models', 'list'));
    const [offer] = offers;
    const claim = {
      version: 1,
      id: offer?.id,
      name: offer?.name,
      repository: 'someone/else',
      revision: 'd1114256522a37ffa257a0a58017348ab0058db2',
      licence: {
        spdx: 'MIT',
        name: 'Anything goes',
        url: 'https://evil.example/licence',
        notice: 'Log in there.',
        tokenizer: null,
      },
      logitScale: null,
      logitBias: null,
      files: [],
    };
    const model = await changedModel(join(folder, 'claims', offer?.id ?? ''), {
      'afterimage-model.json': JSON.stringify(claim),
    });
    const added = modelInfoSchema.parse(await json('models', 'add', model));
    expect(added).toMatchObject({ catalogue: null, name: offer?.id });
    expect(added.licence?.name).toBe('MIT, as the folder says');
    expect(JSON.stringify(added)).not.toMatch(/evil|Log in/u);
    const used = await afterimage('models', 'use', offer?.id ?? '');
    expect(used).toMatchObject({ code: 1, stderr: expect.stringContaining('is not on this computer yet') });
  });
});

describe('an archive of a stranger', () => {
  it('that grows two hundredfold is refused before anything is written', async () => {
    const content = Buffer.concat([randomBytes(1e6), Buffer.alloc(200e6)]);
    const bomb = gzipSync(
      tarOf([
        { path: 'config.json', content: Buffer.from('{}') },
        { path: 'x.onnx', content },
      ]),
    );
    const path = join(folder, 'bomb.tar.gz');
    await writeFile(path, bomb);
    const { code, stderr } = await afterimage('models', 'add', path);
    expect(code).toBe(1);
    expect(stderr).toMatch(/would take more than \d\d MB/u);
    expect(await readdir(join(models(), '.downloads'))).toEqual([]);
  });

  it('leaves nothing behind after a kill: the next start clears it away', async () => {
    await mkdir(join(models(), '.downloads', 'unpacked-0123456789ab', 'onnx'), { recursive: true });
    await writeFile(join(models(), '.downloads', 'unpacked-0123456789ab', 'onnx', 'x'), 'half');
    await status();
    expect(await readdir(join(models(), '.downloads'))).toEqual([]);
  });
});

/** What the last starts left that ended in a step. */
const leaveDeaths = async (deaths: Readonly<Record<string, number>>): Promise<string> => {
  const name = createHash('sha256')
    .update(await realpath(library))
    .digest('hex');
  await mkdir(join(models(), '.starts'), { recursive: true });
  const path = join(models(), '.starts', `${name.slice(0, 32)}.json`);
  await writeFile(path, JSON.stringify(deaths));
  return path;
};
const doctor = async (): Promise<{ readonly code: number | null; readonly names: string[]; readonly text: string }> => {
  const { code, stdout } = await afterimage('doctor', '--json');
  const { checks } = z.object({ checks: z.array(checkSchema) }).parse(JSON.parse(stdout));
  return { code, names: checks.map(({ name }) => name), text: checks.map(({ message }) => message).join('\n') };
};

describe('what ended the last starts', () => {
  it('is a model that is left out, with words on what to do, until it is asked for again', async () => {
    const { activeModel } = z
      .object({ activeModel: z.string() })
      .parse(JSON.parse(await readFile(join(library, 'library.json'), 'utf8')));
    await leaveDeaths({ [`model ${activeModel}`]: 2 });
    expect((await status()).modelProblem).toMatch(/ended 2 times in a row while it opened the model starter-/u);
    const { code, names, text } = await doctor();
    expect(code).toBe(1);
    expect(names).toEqual(expect.arrayContaining(['Runtime', 'Model', 'Database', 'Disk']));
    expect(text).toMatch(/afterimage models use starter/u);
    expect((await afterimage('models', 'use', 'starter')).code).toBe(0);
    expect(await status()).toMatchObject({ model: { name: 'starter', photos: 10 }, modelProblem: null });
    expect((await doctor()).code).toBe(0);
  });

  it('is a database that is not opened, and “doctor” says so', async () => {
    const path = await leaveDeaths({ database: 2 });
    const { code, stderr } = await afterimage('status');
    expect(code).toBe(1);
    expect(stderr).toContain(`delete ${path}`);
    const found = await doctor();
    expect(found).toMatchObject({ code: 1, names: ['Runtime', 'Library'] });
    await writeFile(path, '{}');
    expect(await status()).toMatchObject({ model: { name: 'starter' } });
  });
});

describe('a library whose model is absurd', () => {
  it.each([
    ['in its folder', 16],
    ['in the library’s own file', 2_147_483_647],
  ])('%s opens without it, and takes another one', async (_, dimension) => {
    const place = await changedModel(join(folder, 'planted'), {
      'config.json': (config) => ({ ...config, projection_dim: 2_147_483_647 }),
    });
    const path = join(library, 'library.json');
    const before = z.looseObject({ models: z.array(z.unknown()) }).parse(JSON.parse(await readFile(path, 'utf8')));
    const planted = {
      ...{ id: 'planted-00000000', name: 'planted', directory: place, kind: 'full', layout: 'transformers' },
      ...{ dimension, fingerprint: '0'.repeat(64), vectors: null },
    };
    await writeFile(path, JSON.stringify({ ...before, models: [planted], activeModel: planted.id }));
    // Also when the person has approved all that the library names.
    for (const trust of [[], ['--trust']]) {
      const found = statusSchema.parse(await json('status', ...trust));
      expect(found).toMatchObject({ model: null, modelProblem: expect.stringContaining('planted') });
    }
    expect((await afterimage('models', 'list')).code).toBe(0);
    const { code, names } = await doctor();
    expect(code).toBe(1);
    expect(names).toEqual(expect.arrayContaining(['Runtime', 'Model', 'Database', 'Disk']));
    expect((await afterimage('models', 'use', 'starter')).code).toBe(0);
    expect(await status()).toMatchObject({ model: { name: 'starter', photos: 10 }, modelProblem: null });
    expect((await doctor()).code).toBe(0);
  });
});
