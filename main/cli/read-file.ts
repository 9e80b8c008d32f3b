import { resolve } from 'node:path';
import { isErrno } from '../../app/base/errno.ts';
import { FileRefused, type RefusalReason } from '../../app/base/file-refused.ts';
import { readTextBounded } from '../../app/base/read.ts';
import { AfterimageError } from '../../app/contract/index.ts';

/** Captions of 100,000 photos take some 30 MB, marks of a million photos some 200 MB. */
const MOST_BYTES = 256 * 1024 * 1024;

/**
 * The JSON in a file that a person named.
 *
 * @param what says what the file is, as in “captions file”
 * @throws AfterimageError `unreadable` for what is no file, too large, or not to be opened; `invalid-request` for what is no JSON
 */
export const readJsonFile = async (file: string, what: string): Promise<unknown> => {
  const text = await readTextBounded(resolve(file), { maxBytes: MOST_BYTES }).catch((error: unknown) => {
    throw new AfterimageError('unreadable', `The ${what} ${file} cannot be read: ${reasonOf(error)}`, { cause: error });
  });
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new AfterimageError('invalid-request', `The ${what} ${file} is no JSON.`, { cause: error });
  }
};

/** In words that go on from “cannot be read:”; other reasons cannot be with a file that a person named. */
const REASONS: Readonly<Partial<Record<RefusalReason, string>>> = {
  missing: 'there is no such file.',
  'too-large': `it is larger than ${MOST_BYTES / 1024 / 1024} MB.`,
  'not-a-file': 'it is a folder, pipe or device.',
};

const reasonOf = (error: unknown): string => {
  if (isErrno(error, 'EACCES', 'EPERM')) return 'you may not read it.';
  return (error instanceof FileRefused ? REASONS[error.reason] : undefined) ?? 'the disk does not give it.';
};
