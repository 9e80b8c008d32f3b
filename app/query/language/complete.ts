import { ASKED, NAME_CHOICES, VALUE_CHOICES, type AskedField } from './choices.ts';
import { isKnown } from './names.ts';
import { printName, printValue } from './print.ts';

/** One way to go on. */
interface Choice {
  /** What is written: a name with its colon, or a value. */
  readonly value: string;
  readonly about: string;
}

/** What the cursor stands in. `from` and `to` are UTF-16 offsets of what a choice replaces. */
export interface Completion {
  /** Whether a name before a colon is being written, a value behind it, or neither. */
  readonly kind: 'field' | 'value' | 'none';
  readonly from: number;
  readonly to: number;
  /** The name before the colon, for a value. */
  readonly field: string | null;
  /** What is written up to the cursor, without quotes. */
  readonly prefix: string;
  /** Those that begin with the prefix and are known without the library. */
  readonly choices: readonly Choice[];
  /** The library knows more: `search.values` is to be asked for this field and the prefix. */
  readonly ask: AskedField | null;
}

const NOTHING = { kind: 'none', field: null, prefix: '', choices: [], ask: null } as const;

const choicesOf = (known: Readonly<Record<string, string>>, prefix: string, end = ''): Choice[] =>
  Object.entries(known)
    .filter(([value]) => value.startsWith(prefix.toLowerCase()))
    .map(([value, about]) => ({ value: `${value}${end}`, about }));

/** Where the piece begins that the cursor stands in, and the state of a quote in it. */
const pieceAt = (
  text: string,
  cursor: number,
): { start: number; quote: 'none' | 'open' | 'closed'; inSlide: boolean } => {
  let start = 0;
  let slides = 0;
  let quote: 'none' | 'open' | 'closed' = 'none';
  for (let at = 0; at < cursor; at++) {
    const character = text.charAt(at);
    if (quote === 'open') {
      if (character === '\\') at++;
      else if ('"“”'.includes(character)) quote = 'closed';
    } else if (/\s/u.test(character) || (slides > 0 && ',)'.includes(character))) {
      if (character === ')') slides--;
      [start, quote] = [at + 1, 'none'];
    } else if (character === '(' && text.endsWith('slide:', at)) {
      slides++;
      start = at + 1;
    } else if ('"“„'.includes(character) && (at === start || ':+-−!'.includes(text.charAt(at - 1)))) {
      quote = 'open';
    }
  }
  return { start, quote, inSlide: slides > 0 };
};

/**
 * What can be written where the cursor stands, in a text that need not be readable yet.
 *
 * @param cursor UTF-16 offset
 */
export const completionAt = (text: string, cursor: number): Completion => {
  const { start, quote, inSlide } = pieceAt(text, cursor);
  const none = { ...NOTHING, from: cursor, to: cursor };
  const written = /^[+\-−!]*(?:(?<field>[a-z]+):)?(?<value>.*)$/su.exec(text.slice(start, cursor))?.groups;
  const { field, value = '' } = written ?? {};
  const after = text.slice(cursor);
  const from = cursor - value.length;
  const reach = (pattern: RegExp): number => cursor + (pattern.exec(after)?.[0].length ?? 0);
  if (quote === 'closed') return none;
  if (field === undefined) {
    if (!/^[a-z]*$/u.test(value) || !/^[a-z]*(?::|\s|$)/u.test(after)) return none;
    const choices = choicesOf(NAME_CHOICES, value, ':');
    if (choices.length === 0) return none;
    return { kind: 'field', from, to: reach(/^[a-z]*:?/u), field: null, prefix: value, choices, ask: null };
  }
  if (!isKnown(field)) return none;
  if (field === 'photo' && quote === 'none' && /[~#^]/u.test(value)) return none;
  const rest = field === 'photo' ? /^[^\s~#^,)]*/u : inSlide ? /^[^\s,)]*/u : /^\S*/u;
  // A quote that is not closed yet would reach to whatever quote comes next.
  const to = reach(quote === 'open' ? /^[^"“”:]*["“”](?=[\s,)]|$)/u : rest);
  const prefix = quote === 'open' ? value.slice(1).replace(/\\(["“”„\\])/gu, '$1') : value;
  const choices = choicesOf(VALUE_CHOICES.get(field) ?? {}, prefix);
  return { kind: 'value', from, to, field, prefix, choices, ask: ASKED.get(field) ?? null };
};

/** The text with a choice taken, quoted where it needs to be, and the cursor behind it. */
export const complete = (
  text: string,
  { kind, from, to, field }: Completion,
  value: string,
): { readonly text: string; readonly cursor: number } => {
  const written = kind === 'field' ? value : field === 'photo' ? printName(value) : printValue(value);
  return { text: `${text.slice(0, from)}${written}${text.slice(to)}`, cursor: from + written.length };
};
