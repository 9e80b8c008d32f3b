import { resolve } from 'node:path';
import { isErrno } from '../../app/base/errno.ts';
import { FileRefused } from '../../app/base/file-refused.ts';
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

const reasonOf = (error: unknown): string => {
  if (isErrno(error, 'EACCES', 'EPERM')) return 'you may not read it.';
  if (!(error instanceof FileRefused)) return 'the disk does not give it.';
  switch (error.reason) {
    case 'missing':
      return 'there is no such file.';
    case 'too-large':
      return `it is larger than ${MOST_BYTES / 1024 / 1024} MB.`;
    case 'not-a-file':
      return 'it is a folder, pipe or device.';
    case 'link':
    case 'not-a-folder':
    case 'outside':
    case 'not-json':
      return error.message;
  }
};
