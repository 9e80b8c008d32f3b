import { LEXICON } from './lexicon/index.ts';

/** Tokens without a meaning; their ids are their places. */
export const SPECIAL_TOKENS = ['<|pad|>', '<|startoftext|>', '<|endoftext|>', '<|unknown|>'] as const;
const [PAD, START, END, UNKNOWN] = SPECIAL_TOKENS;

/** Longest sequence the configuration promises, as CLIP's; the graph itself takes any. */
export const MAX_LENGTH = 77;

export const VOCABULARY_SIZE = SPECIAL_TOKENS.length + LEXICON.length;

/** Ids by token; all ways of writing a lexeme share its id, which is its row in the text tower's table. */
const vocabulary = new Map<string, number>([
  ...SPECIAL_TOKENS.map((token, id) => [token, id] as const),
  ...LEXICON.flatMap(({ forms }, index) => forms.map((form) => [form, SPECIAL_TOKENS.length + index] as const)),
]);

/** The id of a special token. */
export function idOf(token: (typeof SPECIAL_TOKENS)[number]): number {
  return SPECIAL_TOKENS.indexOf(token);
}

/**
 * `tokenizer.json`: lower case, no accents, hyphens and apostrophes as spaces, then words and known phrases. The
 * pre-tokenizer matches the longest phrase that ends with a word, else the word; it always stands at the start of one.
 * Added tokens would not do, for `@huggingface/tokenizers` finds them inside words too ("dark red" in "dark redoubt").
 */
export function tokenizerJson(): object {
  const phrases = [...vocabulary.keys()].filter((token) => token.includes(' ')).sort(longestFirst);
  const letter = '[\\p{L}\\p{N}]';
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: SPECIAL_TOKENS.map((content, id) => ({
      id,
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    })),
    normalizer: {
      type: 'Sequence',
      normalizers: [
        { type: 'NFKD' },
        { type: 'StripAccents' },
        { type: 'Lowercase' },
        { type: 'Replace', pattern: { String: '&' }, content: ' and ' },
        { type: 'Replace', pattern: { Regex: "[\\s\\-\u2010-\u2015_/'\u2019]+" }, content: ' ' },
      ],
    },
    pre_tokenizer: {
      type: 'Split',
      pattern: { Regex: `(?:${phrases.join('|')})(?!${letter})|${letter}+` },
      behavior: 'Removed',
      invert: true,
    },
    post_processor: {
      type: 'TemplateProcessing',
      single: [place(START), { Sequence: { id: 'A', type_id: 0 } }, place(END)],
      pair: [place(START), { Sequence: { id: 'A', type_id: 0 } }, { Sequence: { id: 'B', type_id: 0 } }, place(END)],
      special_tokens: Object.fromEntries(
        [START, END].map((token) => [token, { id: token, ids: [idOf(token)], tokens: [token] }]),
      ),
    },
    decoder: null,
    model: { type: 'WordLevel', vocab: Object.fromEntries(vocabulary), unk_token: UNKNOWN },
  };
}

export function tokenizerConfig(): object {
  return {
    bos_token: START,
    eos_token: END,
    pad_token: PAD,
    unk_token: UNKNOWN,
    model_max_length: MAX_LENGTH,
    do_lower_case: true,
    tokenizer_class: 'PreTrainedTokenizerFast',
  };
}

function place(token: string): object {
  return { SpecialToken: { id: token, type_id: 0 } };
}

function longestFirst(a: string, b: string): number {
  return b.length - a.length || (a < b ? -1 : 1);
}
