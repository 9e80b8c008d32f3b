import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, realpath, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { tarOf } from '../../support/archives.ts';
import { LibraryForModels } from '../../support/hostile/untrusted-models.ts';
import { changedModel } from '../../support/model-folders.ts';

const library = LibraryForModels.inThisFile();
const models = (): string => join(library.folder, 'afterimage', 'models');

describe('a model of a stranger', () => {
  it('that takes 16 GB of memory is tried before it is used, and the one in use stays', async () => {
    const model = await library.modelThat('takes much memory', (graph, vectors) => {
      const huge = graph.op('Expand', [graph.constant([0], [1]), graph.integers([4_000_000_000])]);
      return graph.op('Add', [vectors, graph.op('Gather', [huge, graph.integers([0])])]);
    });
    // Weights that no graph uses and that are nothing but a hole: they entitle it to no more memory.
    const hole = join(model, 'onnx', 'vision_model.onnx_data');
    await writeFile(hole, '');
    await truncate(hole, 2.5e9);
    const says = /cannot be used: .* with 2\.\d GB of memory at most/su;
    await library.expectRefused(says, 'models', 'use', model, '--anew');
  });
});

describe('a tokenizer of a stranger', () => {
  it('with a pattern that backtracks for ever is found out before it is used', async () => {
    const pattern = { Regex: '(?:a|a)*b' };
    const model = await changedModel(join(library.folder, 'backtracking'), {
      'tokenizer.json': (tokenizer) => ({
        ...tokenizer,
        pre_tokenizer: { type: 'Split', pattern, behavior: 'Isolated', invert: false },
      }),
    });
    const says = /cannot be used: it gave no answer within \d+(?:\.\d+)? seconds/u;
    await library.expectRefused(says, 'models', 'use', model, '--anew');
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
    const path = join(library.folder, 'bomb.tar.gz');
    await writeFile(path, bomb);
    const { code, stderr } = await library.afterimage('models', 'add', path);
    expect(code).toBe(1);
    expect(stderr).toMatch(/would take more than \d\d MB/u);
    expect(await readdir(join(models(), '.downloads'))).toEqual([]);
  });

  it('leaves nothing behind after a kill: the next start clears it away', async () => {
    await mkdir(join(models(), '.downloads', 'unpacked-0123456789ab', 'onnx'), { recursive: true });
    await writeFile(join(models(), '.downloads', 'unpacked-0123456789ab', 'onnx', 'x'), 'half');
    await library.status();
    expect(await readdir(join(models(), '.downloads'))).toEqual([]);
  });
});

/** What the last starts left that ended in a step. */
const leaveDeaths = async (deaths: Readonly<Record<string, number>>): Promise<string> => {
  const name = createHash('sha256')
    .update(await realpath(library.directory))
    .digest('hex');
  await mkdir(join(models(), '.starts'), { recursive: true });
  const path = join(models(), '.starts', `${name.slice(0, 32)}.json`);
  await writeFile(path, JSON.stringify(deaths));
  return path;
};

describe('what ended the last starts', () => {
  it('is a model that is left out, with words on what to do, until it is asked for again', async () => {
    const { activeModel } = z
      .object({ activeModel: z.string() })
      .parse(JSON.parse(await readFile(join(library.directory, 'library.json'), 'utf8')));
    await leaveDeaths({ [`model ${activeModel}`]: 2 });
    expect((await library.status()).modelProblem).toMatch(/ended 2 times in a row while it opened the model starter-/u);
    const { code, names, text } = await library.doctor();
    expect(code).toBe(1);
    expect(names).toEqual(expect.arrayContaining(['Runtime', 'Model', 'Database', 'Disk']));
    expect(text).toMatch(/afterimage models use starter/u);
    expect((await library.afterimage('models', 'use', 'starter')).code).toBe(0);
    await library.expectUnharmed();
    expect((await library.doctor()).code).toBe(0);
  });

  it('is a database that is not opened, and “doctor” says so', async () => {
    const path = await leaveDeaths({ database: 2 });
    const { code, stderr } = await library.afterimage('status');
    expect(code).toBe(1);
    expect(stderr).toContain(`delete ${path}`);
    const found = await library.doctor();
    expect(found).toMatchObject({ code: 1, names: ['Runtime', 'Library'] });
    await writeFile(path, '{}');
    await library.expectUnharmed();
  });
});

describe('a library whose model is absurd', () => {
  it.each([
    ['in its folder', 16],
    ['in the library’s own file', 2_147_483_647],
  ])('%s opens without it, and takes another one', (_, dimension) => library.expectOpensWithoutPlanted(dimension));
});
