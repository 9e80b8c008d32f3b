import { readFileSync } from 'node:fs';
import { Tokenizer } from '@huggingface/tokenizers';
import { expect, test } from 'vitest';
import { LEXICON } from './lexicon/index.ts';
import { idOf, SPECIAL_TOKENS } from './tokenizer.ts';

const read = (name: string): object =>
  JSON.parse(readFileSync(new URL(`../starter/${name}`, import.meta.url), 'utf8')) as object; // both files are objects
const tokenizer = new Tokenizer(read('tokenizer.json'), read('tokenizer_config.json'));

const unknown = idOf('<|unknown|>');
const ids = (text: string): readonly number[] => tokenizer.encode(text, { add_special_tokens: false }).ids;
const headwords = (text: string): readonly string[] =>
  ids(text).map((id) => (id === unknown ? '?' : LEXICON[id - SPECIAL_TOKENS.length]!.forms[0]!));

test('no way of writing belongs to two lexemes', () => {
  const forms = LEXICON.flatMap((lexeme) => lexeme.forms);
  const twice = forms.filter((form, index) => forms.indexOf(form) !== index);
  expect(twice).toEqual([]);
});

test('every way of writing, phrases too, is one token: its own lexeme', () => {
  for (const [index, { forms }] of LEXICON.entries()) {
    for (const form of forms) expect(ids(form), form).toEqual([SPECIAL_TOKENS.length + index]);
  }
});

test.each([
  ['black and white', ['black and white']],
  ['Black & White', ['black and white']],
  ['b&w', ['black and white']],
  ['black cat, white cat', ['black dog', '?', 'polar bear']],
  ['close-up', ['close up']],
  ['a close‑up of a red rose', ['?', 'close up', '?', '?', 'rose']],
  ['bird’s-eye view', ['wide angle']],
  ['blue sky', ['blue sky']],
  ['sky blue', ['light blue']],
  ['blue, sky', ['blue', 'sky']],
  ['light\n blue  skies', ['light blue', 'sky']],
  ['GRAY', ['grey']],
  ['colorful', ['colourful']],
  ['Cafés at dusk', ['bar', '?', 'dusk']],
  ['branches', ['tree']],
  ['berries', ['fruit']],
])('%s', (text, expected) => {
  expect(headwords(text).filter((word) => word !== '?')).toEqual(expected.filter((word) => word !== '?'));
});

test('words are not found inside other words', () => {
  expect(headwords('bored')).toEqual(['?']);
  expect(headwords('dark redoubt')).toEqual(['dark', '?']);
  expect(headwords('infrared skyline2')).toEqual(['?', '?']);
});

test('a text stands between the tokens of start and end', () => {
  const { ids: all, attention_mask } = tokenizer.encode('snow zyzzyva');
  expect(all).toEqual([idOf('<|startoftext|>'), ...ids('snow'), unknown, idOf('<|endoftext|>')]);
  expect(attention_mask).toEqual([1, 1, 1, 1]);
});
