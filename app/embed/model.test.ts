import { mkdtemp, rm } from 'node:fs/promises';
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
