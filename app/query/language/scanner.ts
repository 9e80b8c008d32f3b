import { problem, shown } from './problem.ts';

const SPACE = /\s*/y;
const QUOTE = /["“”„]/y;
/** What may close a quote, by what opened it: typewriters write one mark, languages differ in the others. */
const CLOSING: Readonly<Record<string, string>> = { '“': '”"', '”': '”"', '„': '“”"' };
const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/iu;

/** A plain decimal number; null for anything else. It may be too large to be finite. */
export const decimal = (text: string): number | null => (NUMBER.test(text) ? Number(text) : null);

/** Range of a number in a query. */
export interface Limits {
  /** For example “weight”. */
  readonly what: string;
  readonly least: number;
  readonly most: number;
  /** The least itself is too little. */
  readonly above?: boolean;
}

/** Walks over the text of a query once, forwards. */
export class Scanner {
  readonly text: string;
  /** UTF-16 offset of what comes next. */
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  get ended(): boolean {
    return this.at >= this.text.length;
  }

  /** Whether an item may end here. */
  get atBreak(): boolean {
    return this.ended || /\s/u.test(this.text.charAt(this.at));
  }

  /** Looks at what a sticky expression finds here without moving. */
  peek(expression: RegExp): RegExpExecArray | null {
    expression.lastIndex = this.at;
    return expression.exec(this.text);
  }

  /** Takes what a sticky expression finds here; null, without moving, when it finds nothing. */
  take(expression: RegExp): string | null {
    const found = this.peek(expression)?.[0] ?? null;
    this.at += found?.length ?? 0;
    return found;
  }

  /** @returns whether anything is left */
  skipSpace(): boolean {
    this.take(SPACE);
    return !this.ended;
  }

  get atQuote(): boolean {
    return this.peek(QUOTE) !== null;
  }

  /**
   * Takes a quoted text, in which `\` stands before a quotation mark or another `\` that is meant literally.
   *
   * @throws AfterimageError `query-syntax` when the quote is not closed or holds nothing
   */
  quoted(): string {
    const start = this.at;
    const closing = CLOSING[this.text.charAt(start)] ?? '"';
    let value = '';
    for (let at = start + 1; at < this.text.length; at++) {
      const character = this.text.charAt(at);
      if (closing.includes(character)) {
        this.at = at + 1;
        if (value.trim() !== '') return value;
        throw problem(`There is nothing between the quotes at ${start + 1}.`, this.since(start));
      }
      const next = this.text.charAt(at + 1);
      const escapes = character === '\\' && next !== '' && '"“”„\\'.includes(next);
      value += escapes ? next : character;
      if (escapes) at++;
    }
    this.at = this.text.length;
    throw problem(`The quote that opens at ${start + 1} is not closed.`, this.since(start));
  }

  /**
   * Takes the number that a sticky expression finds here.
   *
   * @throws AfterimageError `query-syntax` when it is none, or lies outside of its limits
   */
  number(expression: RegExp, limits: Limits): number {
    const start = this.at;
    return readNumber(this.take(expression) ?? '', start, limits);
  }

  /** From there to here. */
  since(start: number): { at: number; length: number } {
    return { at: start, length: this.at - start };
  }
}

/** @throws AfterimageError `query-syntax` when the text is no number within the limits */
export const readNumber = (text: string, at: number, { what, least, most, above = false }: Limits): number => {
  const value = decimal(text);
  if (value !== null && (above ? value > least : value >= least) && value <= most) return value + 0;
  const range = above ? `above ${least} and at most ${most}` : `from ${least} to ${most}`;
  const said =
    text === '' ? `There is no ${what} at ${at + 1}` : `The ${what} \`${shown(text)}\` at ${at + 1} does not work`;
  throw problem(`${said}: write a number ${range}.`, { at, length: text.length });
};
