import { AfterimageError } from '../../app/contract/index.ts';
import { ask } from '../terminal.ts';

/**
 * Asks before something is deleted.
 *
 * @param what what goes, for whoever cannot be asked
 * @throws AfterimageError `invalid-request` where nobody is there to be asked
 */
export const confirm = async (question: string, what: string): Promise<boolean> => {
  if (!process.stdin.isTTY)
    throw new AfterimageError('invalid-request', `Nobody is there to be asked. Give --yes to delete ${what}.`);
  return isYes(question);
};

/** Asks a person at a terminal. @returns false for anything but yes */
export const isYes = async (question: string): Promise<boolean> =>
  /^y(?:es)?$/iu.test((await ask(`${question} [y/N] `)).trim());
