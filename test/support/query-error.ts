import { AfterimageError } from '../../app/contract/errors.ts';
import { parseQuery } from '../../app/query/language/parse.ts';

/** How reading a text fails, and the part of it that the error points at. */
export const queryError = (text: string): { message: string; details: AfterimageError['details']; part: string } => {
  try {
    parseQuery(text);
  } catch (error) {
    if (!(error instanceof AfterimageError) || error.kind !== 'query-syntax') throw error;
    const { at, length } = error.details ?? {};
    const part = text.slice(Number(at), Number(at) + Number(length));
    return { message: error.message, details: error.details, part };
  }
  throw new Error(`This was read without an error: ${text}`);
};
