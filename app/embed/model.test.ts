import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { changedModel, starterModel } from '../../test/support/model-folders.ts';
import { describeModel, modelSchema } from './model.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'afterimage-models-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('describeModel', () => {
  it('describes the starter model as data that any channel can carry', async () => {
    const model = await describeModel(starterModel);
    expect(model).toMatchObject({ name: 'starter', kind: 'starter', layout: 'transformers', directory: starterModel });
    expect(model.id).toBe(`starter-${model.fingerprint.slice(0, 8)}`);
    expect(modelSchema.parse(JSON.parse(JSON.stringify(model)))).toEqual(model);
  });

  it('gives one fingerprint to equal files wherever they lie, and another to another preprocessing', async () => {
    const { fingerprint } = await describeModel(starterModel);
    const copy = await changedModel(join(folder, 'a copy (2)'), {});
    expect(await describeModel(copy)).toMatchObject({ fingerprint, id: `a_copy_2_-${fingerprint.slice(0, 8)}` });
    const words = await changedModel(join(folder, 'words'), { 'tokenizer.json': '{}' });
    expect((await describeModel(words)).fingerprint).toBe(fingerprint);
    const pixels = await changedModel(join(folder, 'pixels'), {
      'preprocessor_config.json': (json) => ({ ...json, resample: 2 }),
    });
    expect((await describeModel(pixels)).fingerprint).not.toBe(fingerprint);
    const weights = await changedModel(join(folder, 'weights'), { 'onnx/vision_model.onnx': Buffer.from('other') });
    expect((await describeModel(weights)).fingerprint).not.toBe(fingerprint);
  });

  it('reads what Hugging Face’s configurations leave to their defaults', async () => {
    const siglip = await changedModel(join(folder, 'siglip'), {
      'config.json': JSON.stringify({
        model_type: 'siglip',
        text_config: { model_type: 'siglip_text_model' },
        vision_config: {},
      }),
      'tokenizer_config.json': JSON.stringify({
        tokenizer_class: 'GemmaTokenizer',
        bos_token: '<bos>',
        eos_token: { content: '<eos>', special: true },
        pad_token: '<pad>',
        model_max_length: 1e30,
      }),
    });
    expect(await describeModel(siglip)).toMatchObject({
      kind: 'full',
      dimension: 768,
      textRules: { contextLength: 64, padToContext: true, bos: null, eos: '<eos>', pad: '<pad>', clean: 'lowercase' },
    });
    const clip = await changedModel(join(folder, 'clip'), {
      'config.json': JSON.stringify({ model_type: 'clip', logit_scale: 21.5 }),
    });
    expect(await describeModel(clip)).toMatchObject({
      dimension: 512,
      logitScale: 21.5,
      logitBias: null,
      textRules: { contextLength: 77, padToContext: false },
    });
  });

  it('takes the best graphs that are there', async () => {
    const bytes = await readFile(join(starterModel, 'onnx/vision_model.onnx'));
    const [vision, text] = ['onnx/vision_model', 'onnx/text_model'] as const;
    const both = await describeModel(await changedModel(join(folder, 'both'), { [`${vision}_fp16.onnx`]: bytes }));
    expect(both.imageGraph).toBe(join(folder, 'both', `${vision}.onnx`));
    expect(both.imageGraphHalf).toBe(join(folder, 'both', `${vision}_fp16.onnx`));
    const starter = await describeModel(starterModel);
    expect(both.fingerprint).toBe(starter.fingerprint);
    // The same graph in both places.
    expect([both.halfFingerprint, starter.halfFingerprint]).toEqual([both.fingerprint, null]);
    const half = await describeModel(
      await changedModel(join(folder, 'half only'), {
        [`${vision}.onnx`]: null,
        [`${vision}_fp16.onnx`]: bytes,
        [`${vision}_q4f16.onnx`]: bytes,
        [`${text}.onnx`]: null,
        [`${text}_int8.onnx`]: 'a graph',
        [`${text}_q4f16.onnx`]: 'a graph',
      }),
    );
    expect(half).toMatchObject({
      imageGraph: join(folder, 'half only', `${vision}_fp16.onnx`),
      imageGraphHalf: null,
      textGraph: join(folder, 'half only', `${text}_q4f16.onnx`),
    });
  });

  it('refuses a folder whose only image graph has 8 bits, and says why', async () => {
    const eight = await changedModel(join(folder, 'eight'), {
      'onnx/vision_model.onnx': null,
      'onnx/vision_model_quantized.onnx': 'a graph',
    });
    await expect(describeModel(eight)).rejects.toMatchObject({
      kind: 'model-invalid',
      message: expect.stringMatching(/8-bit.*same batch.*fp16/su),
    });
  });

  it('counts the weights that lie beside a graph', async () => {
    const parts = { 'onnx/vision_model.onnx_data': 'one', 'onnx/vision_model.onnx_data_1': 'two' };
    const large = await describeModel(await changedModel(join(folder, 'large'), parts));
    const other = await describeModel(
      await changedModel(join(folder, 'other'), { ...parts, 'onnx/vision_model.onnx_data_1': 'owt' }),
    );
    const { imageGraphBytes } = await describeModel(starterModel);
    expect([large.imageGraphBytes, other.imageGraphBytes]).toEqual([imageGraphBytes + 6, imageGraphBytes + 6]);
    expect(large.fingerprint).not.toBe(other.fingerprint);
  });

  it('takes scale and bias from the record of a download where the configuration has none', async () => {
    const pins = JSON.stringify({ version: 1, logitScale: 112.67, logitBias: -16.77, files: [] });
    const pinned = await changedModel(join(folder, 'pinned'), { 'afterimage-model.json': pins });
    expect(await describeModel(pinned)).toMatchObject({ logitScale: 112.67, logitBias: -16.77 });
    const own = await changedModel(join(folder, 'own'), {
      'afterimage-model.json': pins,
      'config.json': (json) => ({ ...json, logit_scale: 21 }),
    });
    expect(await describeModel(own)).toMatchObject({ logitScale: 21, logitBias: -16.77 });
  });

  it.each([
    ['SiglipTokenizer', 'canonicalize'],
    ['Siglip2Tokenizer', 'lowercase'],
    ['GemmaTokenizerFast', 'lowercase'],
  ])('cleans texts for a %s as its tower learned them', async (tokenizer_class, clean) => {
    const siglip = await changedModel(join(folder, 'siglip'), {
      'config.json': JSON.stringify({ model_type: 'siglip' }),
      'tokenizer_config.json': (json) => ({ ...json, tokenizer_class }),
    });
    expect((await describeModel(siglip)).textRules).toMatchObject({ clean, bos: null, padToContext: true });
  });

  it.each([
    'config.json',
    'preprocessor_config.json',
    'tokenizer.json',
    'tokenizer_config.json',
    'onnx/vision_model.onnx',
    'onnx/text_model.onnx',
  ])('names a missing %s', async (file) => {
    const broken = await changedModel(join(folder, 'broken'), { [file]: null });
    await expect(describeModel(broken)).rejects.toMatchObject({
      kind: 'model-invalid',
      message: expect.stringContaining(join(broken, file)),
    });
  });

  it('names a file that is no JSON, or says what cannot be run', async () => {
    const half = await changedModel(join(folder, 'half'), { 'config.json': '{"model_type": ' });
    await expect(describeModel(half)).rejects.toMatchObject({
      kind: 'model-invalid',
      message: expect.stringContaining(join(half, 'config.json')),
    });
    const other = await changedModel(join(folder, 'other'), {
      'config.json': (json) => ({ ...json, model_type: 'bert' }),
    });
    await expect(describeModel(other)).rejects.toMatchObject({
      kind: 'model-invalid',
      message: expect.stringMatching(/config\.json.*model_type/su),
    });
    const lanczos = await changedModel(join(folder, 'lanczos'), {
      'preprocessor_config.json': (json) => ({ ...json, resample: 1 }),
    });
    await expect(describeModel(lanczos)).rejects.toMatchObject({
      kind: 'model-invalid',
      message: expect.stringMatching(/preprocessor_config\.json.*bicubic.*resample/su),
    });
  });

  it('says so when there is no such folder', async () => {
    const nowhere = join(folder, 'nowhere');
    await expect(describeModel(nowhere)).rejects.toMatchObject({
      kind: 'model-invalid',
      message: expect.stringContaining(nowhere),
    });
  });
});
