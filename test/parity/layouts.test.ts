import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ImageTower } from '../../app/embed/image-tower.ts';
import { describeModel } from '../../app/embed/model.ts';
import { TextTower } from '../../app/embed/text-tower.ts';
import { relayForImmich } from '../support/immich-layout.ts';
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

/** Real weights: what is measured is that the other layout means the same vectors. */
describe.skipIf(sharedDir === undefined)(`a real model in Immich's layout${needsShared}`, () => {
  const models = join(sharedDir ?? '', 'models');
  const goldenSchema = z.object({
    texts: z.array(z.object({ text: z.string(), vector: z.array(z.number()) })),
    images: z.array(z.object({ file: z.string(), vector: z.array(z.number()) })),
  });
  let folder: string;
  let golden: z.infer<typeof goldenSchema>;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'afterimage-immich-'));
    await relayForImmich(join(models, 'mini-a'), folder);
    golden = goldenSchema.parse(JSON.parse(await readFile(join(models, 'mini-a/golden.json'), 'utf8')));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('gives texts the vectors it gives them in its own', async () => {
    const model = await describeModel(folder);
    expect(model).toMatchObject({ layout: 'immich', dimension: 256, textRules: { contextLength: 77 } });
    const tower = await TextTower.load(model, 1);
    const vectors = await tower.embed(golden.texts.map(({ text }) => text));
    for (const [row, { vector }] of golden.texts.entries())
      expect(cosine(vectors.subarray(row * 256, (row + 1) * 256), vector)).toBeGreaterThanOrEqual(0.9999);
    await tower.release();
  });

  it('gives pictures the vectors it gives them in its own', async () => {
    const model = await describeModel(folder);
    const tower = await ImageTower.load(model, 2);
    expect(tower.batch).toBe(1);
    for (const { file, vector } of golden.images) {
      const bytes = await readFile(join(models, file));
      expect(cosine(await pictureVector(bytes, model, tower), vector)).toBeGreaterThanOrEqual(0.9999);
    }
    await tower.release();
  });
});
