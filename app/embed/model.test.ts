import { execFileSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
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

describe('a model folder of a stranger', () => {
  const invalid = (text: RegExp): unknown =>
    expect.objectContaining({ kind: 'model-invalid', message: expect.stringMatching(text) });

  it.each<[what: string, file: string, change: Readonly<Record<string, unknown>>, says: RegExp]>([
    ['an absurd dimension', 'config.json', { projection_dim: 2_147_483_647 }, /config\.json.*8192.*projection_dim/su],
    ['a dimension of 8193', 'config.json', { projection_dim: 8193 }, /8192/u],
    ['a fractional dimension', 'config.json', { projection_dim: 1.5 }, /projection_dim/u],
    ['an endless context', 'config.json', { text_config: { max_position_embeddings: 1e9 } }, /4096/u],
    ['an absurd scale', 'config.json', { logit_scale: 1e300 }, /logit_scale/u],
    ['a huge input', 'preprocessor_config.json', { size: { width: 100_000, height: 100_000 } }, /2048.*size/su],
    ['a huge edge', 'preprocessor_config.json', { size: { shortest_edge: 2049 } }, /size/u],
    ['a huge crop', 'preprocessor_config.json', { do_center_crop: true, crop_size: 4096 }, /crop_size/u],
    ['a deviation of zero', 'preprocessor_config.json', { image_std: [0, 1, 1] }, /image_std/u],
    ['an infinite mean', 'preprocessor_config.json', { image_mean: [1e300, 0, 0] }, /image_mean/u],
    ['no factor', 'preprocessor_config.json', { rescale_factor: 0 }, /rescale_factor/u],
    ['a text of half a token', 'tokenizer_config.json', { model_max_length: 0.5 }, /model_max_length/u],
    ['an endless token', 'tokenizer_config.json', { eos_token: 'x'.repeat(5000) }, /eos_token/u],
  ])('is refused with %s', async (_, file, change, says) => {
    const model = await changedModel(join(folder, 'model'), { [file]: (json) => ({ ...json, ...change }) });
    await expect(describeModel(model)).rejects.toEqual(invalid(says));
  });

  it('is refused with settings of many megabytes, or nested without end', async () => {
    const large = await changedModel(join(folder, 'large'), { 'config.json': `{"x":"${'x'.repeat(9e6)}"}` });
    await expect(describeModel(large)).rejects.toEqual(invalid(/config\.json is too large/u));
    const deep = await changedModel(join(folder, 'deep'), { 'config.json': '['.repeat(1e6) });
    await expect(describeModel(deep)).rejects.toEqual(invalid(/config\.json/u));
  });

  it.skipIf(process.platform === 'win32')('is refused with links out of the folder, pipes and folders', async () => {
    const secret = join(folder, 'secret.json');
    await writeFile(secret, '{}');
    for (const file of ['config.json', 'tokenizer.json', 'onnx/vision_model.onnx', 'onnx/text_model.onnx_data']) {
      const linked = await changedModel(join(folder, `linked ${file.replace('/', ' ')}`), { [file]: null });
      await symlink(secret, join(linked, file));
      await expect(describeModel(linked)).rejects.toEqual(invalid(/is a link to .*outside of the model's folder/u));
      const piped = await changedModel(join(folder, `piped ${file.replace('/', ' ')}`), { [file]: null });
      execFileSync('mkfifo', [join(piped, file)]);
      if (file !== 'tokenizer.json') await expect(describeModel(piped)).rejects.toEqual(invalid(/not a regular file/u));
    }
  });

  it.skipIf(process.platform === 'win32')('may link within itself, and as the cache of Hugging Face does', async () => {
    const inside = await changedModel(join(folder, 'inside'), { 'config.json': null });
    await cp(join(starterModel, 'config.json'), join(inside, 'real.json'));
    await symlink('real.json', join(inside, 'config.json'));
    await expect(describeModel(inside)).resolves.toMatchObject({ kind: 'starter' });
    const snapshot = await changedModel(join(folder, 'models--x', 'snapshots', 'abc'), { 'config.json': null });
    await mkdir(join(folder, 'models--x', 'blobs'));
    await cp(join(starterModel, 'config.json'), join(folder, 'models--x', 'blobs', 'f00'));
    await symlink('../../blobs/f00', join(snapshot, 'config.json'));
    await expect(describeModel(snapshot)).resolves.toMatchObject({ kind: 'starter' });
  });

  it('is refused with a graph of unlikely size before that is read', async () => {
    const model = await changedModel(join(folder, 'sparse'), {});
    await truncate(join(model, 'onnx/vision_model.onnx'), 17e9);
    await expect(describeModel(model)).rejects.toEqual(invalid(/17\.0 GB.*limit is 16 GB/u));
  });
});
