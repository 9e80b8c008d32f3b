import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, realpath, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { checkSchema, statusSchema } from '../../../app/contract/index.ts';
import type { GraphBuilder, Value } from '../../../models/generate/onnx.ts';
import { tarOf } from '../../support/archives.ts';
import { run, runJson, temporaryFolder, type Outcome } from '../../support/command-line.ts';
import { changedModel } from '../../support/model-folders.ts';
import { keepDataIn } from '../../support/own-data.ts';
import { writePaintings } from '../../support/paintings.ts';
import { imageGraph } from '../../support/hostile/image-graph.ts';

let folder = '';
let library = '';
let remove: () => Promise<void>;

const afterimage = (...args: readonly string[]): Promise<Outcome> => run(...args, '--library', library);
const json = (...args: readonly string[]): Promise<unknown> => runJson(...args, '--library', library);
const status = async () => statusSchema.parse(await json('status'));
const models = (): string => join(folder, 'afterimage', 'models');

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
  it.each<[what: string, twist: (graph: GraphBuilder, vectors: Value) => Value, says: RegExp]>([
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
});

describe('a tokenizer of a stranger', () => {
  it('with a pattern that backtracks for ever is found out before it is used', async () => {
    const pattern = { Regex: '(?:a|a)*b' };
    const model = await changedModel(join(folder, 'backtracking'), {
      'tokenizer.json': (tokenizer) => ({
        ...tokenizer,
        pre_tokenizer: { type: 'Split', pattern, behavior: 'Isolated', invert: false },
      }),
    });
    const { code, stderr } = await afterimage('models', 'use', model, '--anew');
    expect(code).toBe(1);
    expect(stderr).toMatch(/cannot be used: it gave no answer within \d+(?:\.\d+)? seconds/u);
    expect(await status()).toMatchObject({ model: { name: 'starter', photos: 10 }, modelProblem: null });
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
  it.each([['in its folder', 16]])('%s opens without it, and takes another one', async (_, dimension) => {
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
