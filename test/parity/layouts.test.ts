import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ImageTower } from '../../app/embed/image-tower.ts';
import { describeModel } from '../../app/embed/model.ts';
import { TextTower } from '../../app/embed/text-tower.ts';
import { noise } from '../support/image-files.ts';
import { cosine, pictureVector } from '../support/picture-vector.ts';
import { needsShared, sharedDir } from '../support/shared.ts';

const layouts = [
  [
    'tiny-clip-layout',
    {
      layout: 'transformers',
      dimension: 48,
      textRules: { contextLength: 77, padToContext: false, bos: '<|startoftext|>', eos: '<|endoftext|>' },
    },
  ],
  [
    'tiny-siglip-layout',
    {
      layout: 'transformers',
      dimension: 32,
      textRules: { contextLength: 64, padToContext: true, bos: null, eos: '</s>', clean: 'canonicalize' },
    },
  ],
  [
    'tiny-immich-layout',
    {
      layout: 'immich',
      dimension: 48,
      textRules: { contextLength: 77, padToContext: true, bos: '<|startoftext|>', eos: '<|endoftext|>' },
    },
  ],
] as const;

/** Random weights: what is measured is that every way of naming inputs and outputs is understood. */
describe.skipIf(sharedDir === undefined).each(layouts)(`the layout of %s${needsShared}`, (name, expected) => {
  const directory = join(sharedDir ?? '', 'models', name);

  it('is described', async () => {
    expect(await describeModel(directory)).toMatchObject(expected);
  });

  it('gives texts unit vectors that do not depend on their neighbours', async () => {
    const tower = await TextTower.load(await describeModel(directory), 1);
    const texts = ['a dog', 'two dogs running in deep snow under a clear sky', 'sea'];
    const together = await tower.embed(texts);
    expect(together).toHaveLength(texts.length * expected.dimension);
    for (const [row, text] of texts.entries()) {
      const vector = together.subarray(row * expected.dimension, (row + 1) * expected.dimension);
      expect(cosine(vector, vector)).toBeCloseTo(1, 5);
      expect(cosine(await tower.embed([text]), vector)).toBeCloseTo(1, 5);
    }
    await tower.release();
  });

  it('gives pictures unit vectors', async () => {
    const model = await describeModel(directory);
    const tower = await ImageTower.load(model, 4);
    expect(tower.batch).toBe(expected.layout === 'immich' ? 1 : 4);
    const vector = await pictureVector(Buffer.from(await noise(90, 60).png().toBuffer()), model, tower);
    expect(vector).toHaveLength(expected.dimension);
    expect(cosine(vector, vector)).toBeCloseTo(1, 5);
    await tower.release();
  });
});
