import { toAfterimageError } from '../../app/contract/index.ts';

/** Why a text is no query, and where. */
export interface Misread {
  readonly message: string;
  /** In which text `at` counts; an error of the query as a whole has no place. */
  readonly where: 'draft' | 'text' | 'query';
  readonly at: number;
  readonly length: number;
  readonly suggestion: string | null;
}

/** What a parse error says, for the text that it counts in. */
export const misread = (error: unknown, where: Misread['where']): Misread => {
  const { message, details } = toAfterimageError(error);
  const { at, length, suggestion } = details ?? {};
  return {
    message,
    where,
    at: typeof at === 'number' ? at : 0,
    length: typeof length === 'number' ? length : 0,
    suggestion: typeof suggestion === 'string' ? suggestion : null,
  };
};
