import { resolve } from 'node:path';
import { AfterimageError } from '../../app/contract/index.ts';
import type { Atom, Query } from '../../app/query/language/ast.ts';
import { parseQuery } from '../../app/query/language/parse.ts';
import { printQuery } from '../../app/query/language/print.ts';
import { visible } from '../visible.ts';

/** What options say of a query, over what stands in it. */
export interface Overrides {
  readonly mode?: Query['mode'];
  readonly tolerance?: number;
  readonly sort?: string;
}

/**
 * The query as the engine takes it: options of the command line in place of its own, and pictures by token.
 *
 * @param addPicture makes the picture at an absolute path known to the engine; gives its token
 * @throws AfterimageError `query-syntax`, with the query in its details beside the place of the mistake
 */
export const composeQuery = async (
  text: string,
  { mode, tolerance, sort }: Overrides,
  addPicture: (path: string) => Promise<string>,
): Promise<string> => {
  const query = parsed(text);
  const terms = [];
  for (const term of query.terms) terms.push({ ...term, atom: await withToken(term.atom, addPicture) });
  return printQuery({
    ...query,
    terms,
    ...(mode === undefined ? {} : { mode }),
    ...(tolerance === undefined ? {} : { tolerance }),
    ...(sort === undefined ? {} : { sort: parseQuery(`sort:${sort}`).sort }),
  });
};

const withToken = async (atom: Atom, addPicture: (path: string) => Promise<string>): Promise<Atom> => {
  if (atom.kind === 'slide')
    return { ...atom, from: await withToken(atom.from, addPicture), to: await withToken(atom.to, addPicture) };
  if (atom.kind !== 'picture' || atom.source.by === 'token') return atom;
  return { kind: 'picture', source: { by: 'token', value: await addPicture(resolve(atom.source.value)) } };
};

const parsed = (text: string): Query => {
  try {
    return parseQuery(text);
  } catch (error) {
    if (!(error instanceof AfterimageError)) throw error;
    const { at, length } = error.details ?? {};
    if (typeof at !== 'number' || typeof length !== 'number') throw error;
    throw new AfterimageError(error.kind, error.message, { details: { ...error.details, query: text }, cause: error });
  }
};

/** Characters shown on either side of what is marked. */
const AROUND = 60;

/** The lines below a message: the query with its mistake marked; none of an error that is about no query. */
export const markedQuery = ({ details }: AfterimageError): readonly string[] => {
  const { query, at, length } = details ?? {};
  return typeof query === 'string' && typeof at === 'number' && typeof length === 'number'
    ? ['', ...underlined(query, at, length)]
    : [];
};

/** The part of a text around a place in it, and a line of carets under that place. */
export const underlined = (text: string, at: number, length: number): readonly [text: string, carets: string] => {
  const start = Math.max(0, at - AROUND);
  const end = Math.min(text.length, at + length + AROUND);
  const line = (from: number, to: number): string => text.slice(from, to).replaceAll(/\s|\p{Cc}/gu, ' ');
  const before = `${start > 0 ? '…' : ''}${line(start, at)}`;
  const after = `${line(at + length, end)}${end < text.length ? '…' : ''}`;
  const width = (part: string): number => Array.from(visible(part)).length;
  const marked = line(at, at + length);
  return [`  ${before}${marked}${after}`, `  ${' '.repeat(width(before))}${'^'.repeat(Math.max(1, width(marked)))}`];
};
