import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { checkSchema, modelInfoSchema, modelsListSchema, statusSchema } from '../../app/contract/index.ts';
import type { GraphBuilder, Value } from '../../models/generate/onnx.ts';
import { run, runJson, temporaryFolder, type Outcome } from '../support/command-line.ts';
import { changedModel } from '../support/model-folders.ts';
import { keepDataIn } from '../support/own-data.ts';
import { writePaintings } from '../support/paintings.ts';
import { imageGraph } from '../support/hostile/image-graph.ts';

let folder = '';
let library = '';
let remove: () => Promise<void>;

const afterimage = (...args: readonly string[]): Promise<Outcome> => run(...args, '--library', library);
const json = (...args: readonly string[]): Promise<unknown> => runJson(...args, '--library', library);
const status = async () => statusSchema.parse(await json('status'));

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

const doctor = async (): Promise<{ readonly code: number | null; readonly names: string[]; readonly text: string }> => {
  const { code, stdout } = await afterimage('doctor', '--json');
  const { checks } = z.object({ checks: z.array(checkSchema) }).parse(JSON.parse(stdout));
  return { code, names: checks.map(({ name }) => name), text: checks.map(({ message }) => message).join('\n') };
};

describe('a library whose model is absurd', () => {
  it.each([['in the library’s own file', 2_147_483_647]])(
    '%s opens without it, and takes another one',
    async (_, dimension) => {
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
    },
  );
});
