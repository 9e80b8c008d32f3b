import { AfterimageError } from '../../contract/errors.ts';
import { nearest } from './suggest.ts';

/** Where something stands in a text: UTF-16 offsets, the first character at 0. */
export interface Span {
  readonly at: number;
  readonly length: number;
}

/**
 * What parsing throws. `details` hold the span and, where one is near, the `suggestion` that may replace it.
 *
 * @param message for people, who count from 1
 */
export const problem = (message: string, { at, length }: Span, suggestion?: string | null): AfterimageError =>
  new AfterimageError('query-syntax', message, {
    details: { at, length, ...(suggestion === undefined || suggestion === null ? {} : { suggestion }) },
  });

/** A piece of the query as an error repeats it: enough of it to be found again. */
export const shown = (text: string): string =>
  text.length <= 60 ? text : `${text.slice(0, 60).replace(/\p{Surrogate}$/u, '')}…`;

/** A word that has to be one of a few and is not. */
export const unknownWord = (
  what: string,
  written: string,
  at: number,
  choices: readonly string[],
  suggestion = nearest(written.toLowerCase(), choices),
): AfterimageError => {
  const hint = suggestion === null ? '.' : `, did you mean \`${suggestion}\`?`;
  const message = `Unknown ${what} \`${shown(written)}\` at ${at + 1}${hint} It can be ${listed(choices)}.`;
  return problem(message, { at, length: written.length }, suggestion);
};

/** `a, b or c`. */
const listed = (choices: readonly string[]): string =>
  choices.length < 2 ? choices.join('') : `${choices.slice(0, -1).join(', ')} or ${choices[choices.length - 1] ?? ''}`;
