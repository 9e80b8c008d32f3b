import { z } from 'zod';

/** The largest tokenizers of published models have 256,000 words and take 35 MB. */
export const MAX_TOKENIZER_BYTES = 64e6;
const MAX_WORDS = 1_000_000;
const MAX_ADDED = 50_000;
/** Of rules, nested into each other. */
const MAX_DEPTH = 32;
const MAX_RULES = 10_000;
/** Characters of a pattern; that of the starter model lists its phrases in 16,000. */
const MAX_PATTERN = 100_000;
/** Characters of a table that normalizes Unicode, as SentencePiece writes it. */
const MAX_TABLE = 2_000_000;

const list = (most: number): z.ZodArray => z.array(z.unknown()).max(most);
/** Words with their numbers, or with their logarithms of probability. */
const words = z.union([
  list(MAX_WORDS),
  z.record(z.string(), z.unknown()).refine((all) => Object.keys(all).length <= MAX_WORDS, {
    message: `Too many words: there may be ${String(MAX_WORDS)}`,
  }),
]);

/** Whether what describes steps of the tokenizer is no more than such a description needs. */
const isModest = (value: unknown): boolean => {
  let rules = 0;
  const look = (part: unknown, key: string, depth: number): boolean => {
    if (typeof part === 'string') return part.length <= (key === 'precompiled_charsmap' ? MAX_TABLE : MAX_PATTERN);
    if (typeof part !== 'object' || part === null) return true;
    if (depth > MAX_DEPTH || ++rules > MAX_RULES) return false;
    return Object.entries(part).every(([name, inner]) => look(inner, name, depth + 1));
  };
  return look(value, '', 0);
};
const steps = z
  .unknown()
  .refine(isModest, { message: 'Nested too deeply, or more or longer rules than any tokenizer has' });

/** Bounds of `tokenizer.json`; the library that runs it looks through everything else. */
export const tokenizerFileSchema = z.looseObject({
  model: z.looseObject({ vocab: words, merges: list(MAX_WORDS).nullish() }),
  added_tokens: list(MAX_ADDED).nullish(),
  normalizer: steps.optional(),
  pre_tokenizer: steps.optional(),
  post_processor: steps.optional(),
  decoder: steps.optional(),
});
