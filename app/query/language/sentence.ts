import { MAX_WEIGHT } from './ast.ts';
import { nameAt } from './names.ts';
import { problem } from './problem.ts';
import { readNumber, type Limits, type Scanner } from './scanner.ts';

/** Signs that have something behind them; alone they are words. */
export const SIGNS = /[+\-−!]+(?=[^\s+\-−!])/y;
/** A caret begins a weight where a number stands behind it, or what a program writes for none; `^_^` is words. */
const WEIGHTED = /^(?<words>.*)\^(?<weight>[+-]?(?:\.?\d|nan|inf).*)$/isu;

/** Whether bare words end here because something else begins. */
const endsWords = (scan: Scanner): boolean =>
  scan.ended || scan.atQuote || scan.peek(SIGNS) !== null || nameAt(scan) !== null;

export const WEIGHT: Limits = { what: 'weight', least: 0, most: MAX_WEIGHT, above: true };

/**
 * Takes bare words up to whatever is none.
 *
 * @param piece what one word is made of, a sticky expression
 * @returns the words with single spaces, empty when there are none, and their weight where one is written
 * @throws AfterimageError `query-syntax` for a weight that is none
 */
export const readSentence = (scan: Scanner, piece: RegExp): { words: string; weight: number | null } => {
  const words: string[] = [];
  for (let end = scan.at; ; end = scan.at) {
    scan.skipSpace();
    const next = words.length > 0 && endsWords(scan) ? null : scan.take(piece);
    if (next === null) {
      scan.at = end;
      return { words: words.join(' '), weight: null };
    }
    const weighted = WEIGHTED.exec(next)?.groups;
    words.push(weighted?.words ?? next);
    if (weighted?.weight === undefined) continue;
    const at = scan.at - weighted.weight.length;
    if (weighted.words !== '') return { words: words.join(' '), weight: readNumber(weighted.weight, at, WEIGHT) };
    throw problem(`The weight at ${at} belongs right behind its term, without a space.`, scan.since(at - 1));
  }
};
