import type { ValueCount } from '../../contract/index.ts';

const END = '\n';
const WORD_SIGN = /[\p{L}\p{N}]/u;

const isWordSign = (code: number, sign: string): boolean =>
  code < 128
    ? (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || (code >= 65 && code <= 90)
    : WORD_SIGN.test(sign);

/** Values of a field, those of most photos first, as one long text: a million of them are looked through in a few milliseconds. */
export class ValueList {
  readonly #values: readonly ValueCount[];
  /** In small letters, an end before and after each. */
  readonly #text: string;
  /** Where each value begins in the text. */
  readonly #starts: Uint32Array;

  constructor(tally: ReadonlyMap<string, number>) {
    this.#values = Array.from(tally, ([value, photos]) => ({ value, photos })).sort((a, b) => b.photos - a.photos);
    this.#starts = new Uint32Array(this.#values.length);
    let start = END.length;
    const texts = this.#values.map(({ value }, index) => {
      const text = value.toLowerCase().replaceAll(END, ' ');
      this.#starts[index] = start;
      start += text.length + END.length;
      return text;
    });
    this.#text = `${END}${texts.join(END)}${END}`;
  }

  /** Values that begin with the prefix, or have a word in them that does. */
  find(prefix: string, limit: number): ValueCount[] {
    const wanted = prefix.toLowerCase().replaceAll(END, ' ');
    if (wanted === '') return this.#values.slice(0, limit);
    const found: ValueCount[] = [];
    const startsInWord = isWordSign(wanted.charCodeAt(0), wanted[0] ?? '');
    for (
      let at = this.#text.indexOf(wanted);
      at >= 0 && found.length < limit;
      at = this.#text.indexOf(wanted, at + 1)
    ) {
      if (startsInWord && isWordSign(this.#text.charCodeAt(at - 1), this.#text[at - 1] ?? '')) continue;
      const index = this.#indexAt(at);
      const value = this.#values[index];
      if (value === undefined) continue;
      found.push(value);
      at = (this.#starts[index + 1] ?? this.#text.length) - END.length;
    }
    return found;
  }

  /** Which value stands at a place in the text. */
  #indexAt(at: number): number {
    let [low, high] = [0, this.#starts.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#starts[middle] ?? 0) <= at) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
