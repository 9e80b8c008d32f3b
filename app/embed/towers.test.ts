import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { linearModel } from '../../test/support/linear-model.ts';
import { changedModel, starterModel } from '../../test/support/model-folders.ts';
import { cosine } from '../../test/support/picture-vector.ts';
import { ImageTower } from './image-tower.ts';
import { describeModel, type Model } from './model.ts';
import { TextTower } from './text-tower.ts';

let folder: string;
let model: Model;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'afterimage-towers-'));
  model = await describeModel(starterModel);
});
afterAll(() => rm(folder, { recursive: true }));

const checkers = (seed: number): Uint8Array => {
  const { width, height } = model.preprocessing.crop;
  return Uint8Array.from({ length: width * height * 3 }, (_, index) => (Math.floor(index / seed) * 97) & 255);
};

describe('ImageTower', () => {
  it('gives unit vectors, and the same ones in a batch as alone', async () => {
    const tower = await ImageTower.load(model, 4);
    const pictures = [3, 50, 1000].map(checkers);
    expect(tower.batch).toBeGreaterThanOrEqual(pictures.length);
    const together = await tower.embed(pictures);
    for (const [row, picture] of pictures.entries()) {
      const vector = together.subarray(row * model.dimension, (row + 1) * model.dimension);
      expect(cosine(vector, vector)).toBeCloseTo(1, 5);
      expect(cosine(await tower.embed([picture]), vector)).toBeCloseTo(1, 5);
    }
    await tower.release();
  });

  it('goes on in smaller batches where there is no memory for large ones', async () => {
    const seat = { provider: 'cpu', graph: 'full', batch: 8 } as const;
    const roomy = await ImageTower.load(await describeModel(await linearModel(join(folder, 'roomy'))), 1, seat);
    const small = await ImageTower.load(
      await describeModel(await linearModel(join(folder, 'small'), { largestBatch: 3 })),
      1,
      seat,
    );
    const pictures = Array.from({ length: 8 }, (_, index) =>
      new Uint8Array(8 * 8 * 3).map((__, i) => (i * (index + 3)) & 255),
    );
    const expected = await roomy.embed(pictures);
    expect([roomy.batch, small.batch]).toEqual([8, 8]);
    expect(await small.embed(pictures)).toEqual(expected);
    expect(small.batch).toBe(2);
    await Promise.all([roomy.release(), small.release()]);
  });

  it('runs the graph in half precision where it is told to', async () => {
    const model = await describeModel(await linearModel(join(folder, 'halves'), {}, { noise: 0.5 }));
    const pictures = [new Uint8Array(8 * 8 * 3).map((_, i) => (i * 7) & 255)];
    const vectors = [];
    for (const graph of ['full', 'half'] as const) {
      const tower = await ImageTower.load(model, 1, { provider: 'cpu', graph, batch: 1 });
      vectors.push(await tower.embed(pictures));
      await tower.release();
    }
    expect(cosine(vectors[0]!, vectors[1]!)).toBeLessThan(0.99);
  });
});

describe('TextTower', () => {
  it('gives the reference vectors of the starter model, whatever else is asked with them', async () => {
    const golden = z
      .object({ texts: z.array(z.object({ text: z.string(), vector: z.array(z.number()) })) })
      .parse(JSON.parse(await readFile(join(starterModel, 'golden.json'), 'utf8')));
    const tower = await TextTower.load(model, 1);
    const many = Array.from({ length: 7 }, () => golden.texts).flat();
    const vectors = await tower.embed(many.map(({ text }) => text));
    for (const [row, { vector }] of many.entries()) {
      expect(
        cosine(vectors.subarray(row * model.dimension, (row + 1) * model.dimension), vector),
      ).toBeGreaterThanOrEqual(0.9999);
    }
    await tower.release();
  });
});

describe('a model that does not fit', () => {
  const error = (file: string, ...words: readonly string[]): object => ({
    kind: 'model-invalid',
    message: expect.stringMatching(new RegExp([file.replaceAll('.', '\\.'), ...words].join('.*'), 'su')),
  });

  it('is refused when a graph is none', async () => {
    const broken = await describeModel(
      await changedModel(join(folder, 'broken'), {
        'onnx/vision_model.onnx': Buffer.from('no graph'),
        'onnx/text_model.onnx': Buffer.from('no graph'),
      }),
    );
    await expect(ImageTower.load(broken, 1)).rejects.toMatchObject(error('vision_model.onnx'));
    await expect(TextTower.load(broken, 1)).rejects.toMatchObject(error('text_model.onnx'));
  });

  it('is refused when the towers are exchanged', async () => {
    const [image, text] = await Promise.all(
      ['onnx/vision_model.onnx', 'onnx/text_model.onnx'].map((file) => readFile(join(starterModel, file))),
    );
    const exchanged = await describeModel(
      await changedModel(join(folder, 'exchanged'), {
        'onnx/vision_model.onnx': text!,
        'onnx/text_model.onnx': image!,
      }),
    );
    await expect(ImageTower.load(exchanged, 1)).rejects.toMatchObject(
      error('vision_model.onnx', 'float32 \\[batch, 3, 64, 64\\]', 'input_ids int64'),
    );
    await expect(TextTower.load(exchanged, 1)).rejects.toMatchObject(
      error('text_model.onnx', 'token ids', 'pixel_values float32'),
    );
  });

  it('is refused when pictures are prepared in another size', async () => {
    const large = await describeModel(
      await changedModel(join(folder, 'large'), {
        'preprocessor_config.json': (json) => ({ ...json, size: { width: 96, height: 96 } }),
      }),
    );
    await expect(ImageTower.load(large, 1)).rejects.toMatchObject(error('vision_model.onnx', '96, 96', '64, 64'));
  });

  it('is refused when its configuration promises another dimension', async () => {
    const wide = await describeModel(
      await changedModel(join(folder, 'wide'), { 'config.json': (json) => ({ ...json, projection_dim: 999 }) }),
    );
    await expect(ImageTower.load(wide, 1)).rejects.toMatchObject(
      error('vision_model.onnx', '999', String(model.dimension)),
    );
    await expect(TextTower.load(wide, 1)).rejects.toMatchObject(
      error('text_model.onnx', '999', String(model.dimension)),
    );
  });

  it('is refused when its tokenizer is broken or lacks a token it names', async () => {
    const broken = await describeModel(await changedModel(join(folder, 'words'), { 'tokenizer.json': '{"model":' }));
    await expect(TextTower.load(broken, 1)).rejects.toMatchObject(error('tokenizer.json'));
    const lacking = await describeModel(
      await changedModel(join(folder, 'lacking'), {
        'tokenizer_config.json': (json) => ({ ...json, eos_token: '<nowhere>' }),
      }),
    );
    await expect(TextTower.load(lacking, 1)).rejects.toMatchObject(error('tokenizer.json', '<nowhere>'));
  });
});
