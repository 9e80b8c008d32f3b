import {
  EMPTY_QUERY,
  isAvoided,
  MAX_TERMS,
  MODES,
  SORT_KEYS,
  type Atom,
  type Filter,
  type Query,
  type Term,
} from './ast.ts';
import { readFilter } from './filter-values.ts';
import { isAtomName, isField, nameAt, takeName, type AtomName, type Option } from './names.ts';
import { problem, shown, unknownWord, type Span } from './problem.ts';
import { readAtom } from './read-atom.ts';
import { decimal, readNumber, Scanner } from './scanner.ts';
import { readSentence, SIGNS, WEIGHT } from './sentence.ts';
import { nearest } from './suggest.ts';

const WORD = /\S+/y;
const VALUE = /\S*/y;
const SIGN_PAIR = /^(?:[+\-−]!?|![+\-−]?)$/u;

type Item = Span &
  (
    | { readonly kind: 'term'; readonly term: Term }
    | { readonly kind: 'filter'; readonly filter: Filter }
    | { readonly kind: 'option'; readonly name: Option; readonly set: Partial<Query> }
  );

const readSigns = (scan: Scanner): string => {
  const start = scan.at;
  const signs = scan.take(SIGNS) ?? '';
  if (signs === '' || SIGN_PAIR.test(signs)) return signs;
  throw problem(
    `There are too many signs at ${start + 1}. Write + or -, and ! where it has to match; put words that begin with signs in quotes.`,
    scan.since(start),
  );
};

const readOption = (name: Option, value: string, at: number): Partial<Query> => {
  switch (name) {
    case 'mode': {
      const mode = MODES.find((known) => known === value);
      if (mode === undefined) throw unknownWord('mode', value, at, MODES);
      return { mode };
    }
    case 'tolerance': {
      const percent = value.endsWith('%') ? decimal(value.slice(0, -1)) : null;
      const text = percent === null ? value : String(percent / 100);
      return { tolerance: readNumber(text, at, { what: 'tolerance', least: 0, most: 1 }) };
    }
    case 'sort': {
      const reversed = value.endsWith('-');
      const key = reversed ? value.slice(0, -1) : value;
      const by = SORT_KEYS.find((known) => known === key);
      if (by !== undefined) return { sort: { by, reversed } };
      const meant = nearest(key, SORT_KEYS);
      throw unknownWord('order', value, at, SORT_KEYS, meant === null || !reversed ? meant : `${meant}-`);
    }
  }
};

/** @throws AfterimageError when something else follows without a space */
const expectSpace = (scan: Scanner): void => {
  if (scan.atBreak) return;
  const { at } = scan;
  const piece = scan.take(WORD) ?? '';
  throw problem(`Put a space before \`${shown(piece)}\` at ${at + 1}.`, scan.since(at));
};

const readTerm = (scan: Scanner, name: AtomName | null): { readonly atom: Atom; readonly weight: number } => {
  if (name === null && !scan.atQuote) {
    const { words, weight } = readSentence(scan, WORD);
    return { atom: { kind: 'words', words }, weight: weight ?? 1 };
  }
  const atom: Atom = name === null ? { kind: 'words', words: scan.quoted() } : readAtom(scan, name);
  const weight = scan.take(/\^/y) === null ? 1 : scan.number(VALUE, WEIGHT);
  return { atom, weight };
};

/** Takes the next term, filter or option. */
const readItem = (scan: Scanner): Item => {
  const start = scan.at;
  const signs = readSigns(scan);
  const inner = scan.at;
  const written = nameAt(scan);
  const name = written === null ? null : takeName(scan, written);
  const avoid = /[-−]/u.test(signs);
  const required = signs.includes('!');
  if (name === null || isAtomName(name)) {
    const { atom, weight } = readTerm(scan, name);
    return { kind: 'term', term: { atom, avoid, required, weight }, ...scan.since(inner) };
  }
  if (required || (signs !== '' && !isField(name))) {
    throw problem(
      `\`${name}:\` at ${inner + 1} takes no ${required ? '!' : signs}: it always holds.`,
      scan.since(start),
    );
  }
  const at = scan.at + (scan.atQuote ? 1 : 0);
  const value = scan.atQuote ? scan.quoted() : (scan.take(WORD) ?? '');
  if (!isField(name)) return { kind: 'option', name, set: readOption(name, value, at), ...scan.since(inner) };
  readFilter({ field: name, value }, at);
  return { kind: 'filter', filter: { field: name, not: avoid, value }, ...scan.since(inner) };
};

/** What a term stands for, to see whether another stands for the same: a set does for each of its photos. */
const meanings = (atom: Atom): readonly string[] => {
  if (atom.kind === 'set') return atom.ids.map((id) => `marked ${id}`);
  return [atom.kind === 'words' ? `words ${atom.words.toLowerCase()}` : JSON.stringify(atom)];
};

/** @throws AfterimageError when a photo would have to be like something and unlike it */
const refuseContradictions = (text: string, items: readonly (Item & { kind: 'term' })[]): void => {
  const stances = new Map<string, boolean>();
  for (const { term, at, length } of items) {
    const avoided = isAvoided(term);
    for (const meaning of meanings(term.atom)) {
      if ((stances.get(meaning) ?? avoided) === avoided) {
        stances.set(meaning, avoided);
        continue;
      }
      const { atom } = term;
      const said = atom.kind === 'words' ? atom.words : text.slice(at, at + length);
      throw problem(`“${shown(said)}” is both wanted and avoided. Remove one of them.`, { at, length });
    }
  }
};

/**
 * Reads a query (docs/query-language.md). `parseQuery(printQuery(query))` gives the query back.
 *
 * @returns `EMPTY_QUERY` for an empty text
 * @throws AfterimageError `query-syntax`; its details say where (`at` and `length`, UTF-16 offsets) and, where something
 *   near is known, what may stand there instead (`suggestion`)
 */
export const parseQuery = (text: string): Query => {
  const scan = new Scanner(text);
  const terms: (Item & { kind: 'term' })[] = [];
  const filters: Filter[] = [];
  let options: Partial<Query> = {};
  while (scan.skipSpace()) {
    const item = readItem(scan);
    expectSpace(scan);
    switch (item.kind) {
      case 'term':
        terms.push(item);
        break;
      case 'filter':
        filters.push(item.filter);
        break;
      case 'option':
        if (item.name in options) {
          throw problem(`\`${item.name}:\` stands twice, again at ${item.at + 1}. Remove one of them.`, item);
        }
        options = { ...options, ...item.set };
    }
  }
  const extra = terms[MAX_TERMS];
  if (extra !== undefined) {
    throw problem(`${terms.length} terms are too many: a query takes at most ${MAX_TERMS}.`, {
      at: extra.at,
      length: text.length - extra.at,
    });
  }
  refuseContradictions(text, terms);
  return { ...EMPTY_QUERY, ...options, terms: terms.map(({ term }) => term), filters };
};
