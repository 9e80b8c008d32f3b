import { Tokenizer as BaseTokenizer } from '@huggingface/tokenizers';
import { z } from 'zod';
import { AfterimageError } from '../contract/index.ts';
import { MAX_SETTINGS_BYTES, readModelJson } from './model-folder.ts';
import { MAX_TOKENIZER_BYTES, tokenizerFileSchema } from './tokenizer-file.ts';
import type { Model, TextRules } from './model.ts';

/** Token ids of several texts, `[count × length]` row-major; `mask` is 1 where a text has a token and 0 where it is filled up. */
export interface Tokens {
  readonly ids: Int32Array;
  readonly mask: Int32Array;
  readonly count: number;
  readonly length: number;
}

/** Texts to token ids, exactly as the model's text tower was trained. */
export class Tokenizer {
  readonly #base: BaseTokenizer;
  readonly #file: string;
  readonly #rules: TextRules;
  readonly #bos: readonly number[];
  readonly #eos: readonly number[];
  readonly #pad: number;

  private constructor(base: BaseTokenizer, rules: TextRules, file: string) {
    const idOf = (token: string | null): readonly number[] => {
      if (token === null) return [];
      const id = base.token_to_id(token);
      if (id === undefined)
        throw new AfterimageError(
          'model-invalid',
          `${file} has no token “${token}”, which its tokenizer_config.json names.`,
        );
      return [id];
    };
    this.#base = base;
    this.#file = file;
    this.#rules = rules;
    this.#bos = idOf(rules.bos);
    this.#eos = idOf(rules.eos);
    this.#pad = idOf(rules.pad)[0] ?? this.#eos[0] ?? 0;
  }

  /** @throws AfterimageError `model-invalid` */
  static async load({ tokenizer, tokenizerConfig, textRules }: Model): Promise<Tokenizer> {
    const json = await readModelJson(tokenizer, tokenizerFileSchema, MAX_TOKENIZER_BYTES);
    const config = await readModelJson(tokenizerConfig, z.looseObject({}), MAX_SETTINGS_BYTES);
    let base: BaseTokenizer;
    try {
      // The library looks through both objects itself and throws at what it does not know.
      base = new BaseTokenizer(json, config);
    } catch (error) {
      throw new AfterimageError('model-invalid', `${tokenizer} cannot be used: ${String(error)}`, { cause: error });
    }
    return new Tokenizer(base, textRules, tokenizer);
  }

  /**
   * Every row is as long as the longest text's, or as the context where the tower wants that.
   *
   * @throws AfterimageError `model-invalid` for a file that is found to be broken only now
   */
  encode(texts: readonly string[]): Tokens {
    const rows = texts.map((text) => this.#encodeOne(text));
    const length = this.#rules.padToContext ? this.#rules.contextLength : Math.max(...rows.map((row) => row.length));
    const ids = new Int32Array(rows.length * length).fill(this.#pad);
    const mask = new Int32Array(ids.length);
    for (const [index, row] of rows.entries()) {
      ids.set(row, index * length);
      mask.fill(1, index * length, index * length + row.length);
    }
    return { ids, mask, count: rows.length, length };
  }

  #encodeOne(text: string): number[] {
    // Special tokens are ours to add: a text that is too long loses its end, never its last special token.
    const ids = this.#idsOf(clean(text, this.#rules.clean));
    const room = this.#rules.contextLength - this.#bos.length - this.#eos.length;
    return [...this.#bos, ...ids.slice(0, room), ...this.#eos];
  }

  #idsOf(text: string): readonly number[] {
    try {
      return this.#base.encode(text, { add_special_tokens: false }).ids;
    } catch (error) {
      throw new AfterimageError('model-invalid', `${this.#file} cannot be used: ${String(error)}`, { cause: error });
    }
  }
}

const clean = (text: string, how: TextRules['clean']): string => {
  switch (how) {
    case 'none':
      return text;
    case 'lowercase':
      return text.toLowerCase();
    case 'canonicalize':
      // As in big_vision and open_clip: no ASCII punctuation, lower case, single spaces.
      return text
        .replaceAll('_', ' ')
        .replaceAll(/[!-/:-@[-`{-~]/gu, '')
        .toLowerCase()
        .replaceAll(/\s+/gu, ' ')
        .trim();
  }
};
