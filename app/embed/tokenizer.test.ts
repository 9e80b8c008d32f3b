import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changedModel, starterModel } from '../../test/support/model-folders.ts';
import { describeModel, type Model } from './model.ts';
import { Tokenizer } from './tokenizer.ts';

const vocabulary = ['<pad>', '<eos>', '<bos>', '<unk>', 'a', 'dog', 'dogs', "dog's", 'A', 'snow'];
const tokenizerJson = JSON.stringify({
  version: '1.0',
  added_tokens: [],
  normalizer: null,
  pre_tokenizer: { type: 'WhitespaceSplit' },
  // Adds nothing: which special tokens a tower wants is not left to this file.
  post_processor: null,
  decoder: null,
  model: {
    type: 'WordLevel',
    vocab: Object.fromEntries(vocabulary.map((token, id) => [token, id])),
    unk_token: '<unk>',
  },
});
const special = { bos_token: '<bos>', eos_token: '<eos>', pad_token: '<pad>', unk_token: '<unk>' };

let folder: string;
const load = async (name: string, config: object, tokenizerConfig: object): Promise<Tokenizer> => {
  const model: Model = await describeModel(
    await changedModel(join(folder, name), {
      'config.json': JSON.stringify(config),
      'tokenizer.json': tokenizerJson,
      'tokenizer_config.json': JSON.stringify({ ...special, ...tokenizerConfig }),
    }),
  );
  return Tokenizer.load(model);
};
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'afterimage-tokens-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('a CLIP tokenizer', () => {
  it('puts texts between their special tokens and fills the shorter ones up', async () => {
    const tokenizer = await load(
      'clip',
      { model_type: 'clip' },
      { tokenizer_class: 'CLIPTokenizer', model_max_length: 77 },
    );
    const { ids, mask, count, length } = tokenizer.encode(['a dog', 'snow', '']);
    expect([count, length]).toEqual([3, 4]);
    expect([...ids]).toEqual([2, 4, 5, 1, 2, 9, 1, 0, 2, 1, 0, 0]);
    expect([...mask]).toEqual([1, 1, 1, 1, 1, 1, 1, 0, 1, 1, 0, 0]);
  });

  it('cuts a long text before its last special token', async () => {
    const tokenizer = await load(
      'short',
      { model_type: 'clip', text_config: { max_position_embeddings: 5 } },
      { tokenizer_class: 'CLIPTokenizer' },
    );
    expect([...tokenizer.encode(['dog dogs a snow a snow']).ids]).toEqual([2, 5, 6, 4, 1]);
  });
});

describe('a SigLIP tokenizer', () => {
  it('always fills up to the context, begins with the text, and ends with the last special token', async () => {
    const tokenizer = await load('siglip', { model_type: 'siglip' }, { tokenizer_class: 'SiglipTokenizer' });
    const { ids, length } = tokenizer.encode(['a dog']);
    expect(length).toBe(64);
    expect([...ids.subarray(0, 4)]).toEqual([4, 5, 1, 0]);
    const long = tokenizer.encode([Array.from({ length: 100 }, () => 'snow').join(' ')]).ids;
    expect([...long]).toEqual([...Array.from({ length: 63 }, () => 9), 1]);
  });

  it('reads the words as its kind was trained', async () => {
    const first = await load('first', { model_type: 'siglip' }, { tokenizer_class: 'SiglipTokenizer' });
    expect([...first.encode([" A  Dog's_SNOW! "]).ids.subarray(0, 4)]).toEqual([4, 6, 9, 1]);
    const second = await load('second', { model_type: 'siglip' }, { tokenizer_class: 'GemmaTokenizer' });
    expect([...second.encode([" A  Dog's SNOW"]).ids.subarray(0, 4)]).toEqual([4, 7, 9, 1]);
  });
});

describe('the starter model’s tokenizer', () => {
  it('knows words, and gives something for those it does not know', async () => {
    const tokenizer = await Tokenizer.load(await describeModel(starterModel));
    const { ids, length } = tokenizer.encode(['red', 'xyzzy']);
    expect(length).toBe(3);
    expect(ids[1]).not.toBe(ids[4]);
  });
});

describe('a tokenizer of a stranger', () => {
  const nested = (depth: number): object =>
    depth === 0 ? { type: 'WhitespaceSplit' } : { type: 'Sequence', pretokenizers: [nested(depth - 1)] };

  it.each<[what: string, change: object, says: RegExp]>([
    [
      'a million words too many',
      {
        model: {
          type: 'WordLevel',
          vocab: Object.fromEntries(Array.from({ length: 1_000_001 }, (_, id) => [`w${String(id)}`, id])),
        },
      },
      /Too many words/u,
    ],
    ['too many added words', { added_tokens: Array.from({ length: 50_001 }, () => ({})) }, /50000/u],
    ['steps in steps without end', { pre_tokenizer: nested(100) }, /Nested too deeply/u],
    [
      'a pattern without end',
      { normalizer: { type: 'Replace', pattern: { Regex: 'a'.repeat(100_001) } } },
      /longer rules/u,
    ],
    ['no words at all', { model: {} }, /vocab/u],
  ])('is refused with %s', async (_, change, says) => {
    const file = JSON.stringify({ ...(JSON.parse(tokenizerJson) as object), ...change });
    const model = await changedModel(join(folder, 'stranger'), { 'tokenizer.json': file });
    await expect(Tokenizer.load(await describeModel(model))).rejects.toMatchObject({
      kind: 'model-invalid',
      message: expect.stringMatching(says),
    });
  });

  it('is named when only a text shows that it is broken', async () => {
    const post_processor = { type: 'TemplateProcessing', 'sin=gle': [], pair: [], special_tokens: {} };
    const file = JSON.stringify({ ...(JSON.parse(tokenizerJson) as object), post_processor });
    const files = { 'tokenizer.json': file, 'tokenizer_config.json': JSON.stringify(special) };
    const tokenizer = await Tokenizer.load(await describeModel(await changedModel(join(folder, 'broken'), files)));
    expect(() => tokenizer.encode(['a dog'])).toThrow(
      expect.objectContaining({ kind: 'model-invalid', message: expect.stringContaining('tokenizer.json') }),
    );
  });
});
