import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { describeModel } from '../../app/embed/model.ts';
import { Tokenizer } from '../../app/embed/tokenizer.ts';
import { changedModel } from '../support/model-folders.ts';
import { needsShared, sharedDir } from '../support/shared.ts';

const folder = join(sharedDir ?? '', 'models/clip-tokenizer');
const vectors = z.array(
  z.object({ tokenizer: z.string(), name: z.string(), text: z.string(), ids: z.array(z.number()) }),
);
const references =
  sharedDir === undefined
    ? []
    : vectors.parse(JSON.parse(readFileSync(join(folder, 'clip_tokenizer_vectors.json'), 'utf8')));

/** Made with a CLIP tokenizer of other rules, which takes `!!` apart. */
const OF_ANOTHER_TOKENIZER = 'PUNCTUATION';

describe.skipIf(sharedDir === undefined)(`the CLIP tokenizer against reference ids${needsShared}`, () => {
  let models: string;
  let tokenizer: Tokenizer;
  beforeAll(async () => {
    models = await mkdtemp(join(tmpdir(), 'afterimage-clip-'));
    tokenizer = await Tokenizer.load(
      await describeModel(
        await changedModel(join(models, 'clip'), {
          // Longer than a text tower reads, as the references are not cut.
          'config.json': JSON.stringify({ model_type: 'clip', text_config: { max_position_embeddings: 512 } }),
          'tokenizer.json': readFileSync(join(folder, 'tokenizer.json')),
          'tokenizer_config.json': JSON.stringify({
            tokenizer_class: 'CLIPTokenizer',
            bos_token: '<|startoftext|>',
            eos_token: '<|endoftext|>',
            pad_token: '<|endoftext|>',
            unk_token: '<|endoftext|>',
            model_max_length: 512,
          }),
        }),
      ),
    );
  });
  afterAll(() => rm(models, { recursive: true }));

  const matches = ({ text, ids }: (typeof references)[number]): boolean =>
    [...tokenizer.encode([text]).ids].join() === ids.join();

  it('agrees on every text but the one of another tokenizer', () => {
    expect(references).toHaveLength(26);
    const differing = references.filter((reference) => !matches(reference));
    expect(differing.map(({ name, text }) => [name, text])).toEqual([
      [OF_ANOTHER_TOKENIZER, "A\n'll !!to?'d''d of, can't."],
    ]);
  });
});
