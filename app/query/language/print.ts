import { EMPTY_QUERY, type Atom, type Filter, type PhotoReference, type Query, type Term } from './ast.ts';
import { parseQuery } from './parse.ts';
import { isPlainName } from './read-atom.ts';

/** In quotes; a `\` goes before what would end them or be taken for an escape. */
const quoted = (text: string): string => `"${text.replace(/"|\\(?=["“”„\\]|$)/gu, '\\$&')}"`;

/** The one term that a text says; null when it says none, or more. */
const onlyTerm = (text: string): Term | null => {
  try {
    const { terms } = parseQuery(text);
    return terms.length === 1 ? (terms[0] ?? null) : null;
  } catch {
    return null;
  }
};

const isSentence = (atom: Atom | undefined, words: string): boolean => atom?.kind === 'words' && atom.words === words;

/** One end of a slide: bare where it reads as the same words there. */
const printEnd = (atom: Atom): string => {
  if (atom.kind !== 'words') return printAtom(atom);
  const slide = onlyTerm(`slide:(${atom.words}, x)@0`)?.atom;
  return slide?.kind === 'slide' && isSentence(slide.from, atom.words) ? atom.words : quoted(atom.words);
};

/** The name of a photo's file, in quotes where it needs them. */
export const printName = (name: string): string => (isPlainName(name) ? name : quoted(name));

/** A filter's value, in quotes where it needs them. */
export const printValue = (value: string): string => (/^[^\s"“”„]\S*$/u.test(value) ? value : quoted(value));

const printPhoto = (photo: PhotoReference): string => `photo:${photo.by === 'id' ? photo.id : printName(photo.name)}`;

/** An atom by itself; words always in quotes. */
export const printAtom = (atom: Atom): string => {
  switch (atom.kind) {
    case 'words':
      return quoted(atom.words);
    case 'photo':
      return `${printPhoto(atom.photo)}${atom.look === null ? '' : `~${atom.look}`}`;
    case 'region': {
      const { x, y, w, h } = atom.region;
      return `${printPhoto(atom.photo)}#${[x, y, w, h].join(',')}`;
    }
    case 'picture':
      return `image:${atom.source.by === 'path' ? quoted(atom.source.value) : atom.source.value}`;
    case 'slide':
      return `slide:(${printEnd(atom.from)}, ${printEnd(atom.to)})@${atom.at}`;
    case 'set':
      return `${atom.like ? 'like' : 'unlike'}:${atom.ids.join(',')}`;
  }
};

/**
 * A term with its signs and weight.
 *
 * @param afterWords whether bare words without a sign would be taken for more of the sentence before
 */
export const printTerm = (term: Term, afterWords = false): string => {
  const { atom, avoid, required, weight } = term;
  const signs = `${avoid ? '-' : ''}${required ? '!' : ''}`;
  const tail = weight === 1 ? '' : `^${weight}`;
  if (atom.kind === 'words') {
    const bare = `${signs === '' && afterWords ? '+' : signs}${atom.words}${tail}`;
    const read = onlyTerm(bare);
    if (
      isSentence(read?.atom, atom.words) &&
      read?.avoid === avoid &&
      read.required === required &&
      read.weight === weight
    ) {
      return bare;
    }
  }
  return `${signs}${printAtom(atom)}${tail}`;
};

export const printFilter = ({ field, not, value }: Filter): string => `${not ? '-' : ''}${field}:${printValue(value)}`;

/**
 * The shortest usual text of a query: terms, then filters, then options other than the usual ones.
 * `parseQuery(printQuery(query))` gives every query back that does not contradict itself.
 */
export const printQuery = ({ terms, filters, mode, tolerance, sort }: Query): string => {
  const parts: string[] = [];
  let inWords = false;
  for (const term of terms) {
    const text = printTerm(term, inWords);
    parts.push(text);
    inWords = term.atom.kind === 'words' && term.weight === 1 && !/^[-!]*"/u.test(text);
  }
  parts.push(...filters.map(printFilter));
  if (mode !== EMPTY_QUERY.mode) parts.push(`mode:${mode}`);
  if (tolerance !== null) parts.push(`tolerance:${tolerance}`);
  if (sort.by !== EMPTY_QUERY.sort.by || sort.reversed) parts.push(`sort:${sort.by}${sort.reversed ? '-' : ''}`);
  return parts.join(' ');
};
