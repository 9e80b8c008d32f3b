import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { modelInfoSchema, modelsListSchema } from '../../app/contract/index.ts';
import { LibraryForModels } from '../support/hostile/untrusted-models.ts';
import { changedModel } from '../support/model-folders.ts';
import { isWhole } from '../support/hostile/whole.ts';

const library = LibraryForModels.inThisFile();

describe('a model of a stranger', () => {
  it('is refused when it is added, if its numbers are absurd', async () => {
    const model = await changedModel(join(library.folder, 'absurd'), {
      'config.json': (config) => ({ ...config, projection_dim: 2_147_483_647 }),
    });
    const says = /config\.json describes something this program cannot run.*8192.*projection_dim/su;
    await library.expectRefused(says, 'models', 'add', model);
  });

  it('that gives no numbers is tried before it is used, and the one in use stays', async () => {
    const model = await library.modelThat('gives no numbers', (graph, vectors) =>
      graph.op('Sqrt', [graph.op('Sub', [graph.op('Abs', [vectors]), 1e9])]),
    );
    await library.expectRefused(/not finite or all zero/u, 'models', 'use', model, '--anew');
  });

  if (isWhole)
    it('is no model of the catalogue, whatever it says of itself', async () => {
      const { offers } = modelsListSchema.parse(await library.json('models', 'list'));
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
      const model = await changedModel(join(library.folder, 'claims', offer?.id ?? ''), {
        'afterimage-model.json': JSON.stringify(claim),
      });
      const added = modelInfoSchema.parse(await library.json('models', 'add', model));
      expect(added).toMatchObject({ catalogue: null, name: offer?.id });
      expect(added.licence?.name).toBe('MIT, as the folder says');
      expect(JSON.stringify(added)).not.toMatch(/evil|Log in/u);
      const used = await library.afterimage('models', 'use', offer?.id ?? '');
      expect(used).toMatchObject({ code: 1, stderr: expect.stringContaining('is not on this computer yet') });
    });
});
