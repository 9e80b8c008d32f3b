import { createInterface } from 'node:readline/promises';
import { AfterimageError } from '../../app/contract/index.ts';

/**
 * Asks before something is deleted.
 *
 * @param what what goes, for whoever cannot be asked
 * @throws AfterimageError `invalid-request` where nobody is there to be asked
 */
export const confirm = async (question: string, what: string): Promise<boolean> => {
  if (!process.stdin.isTTY)
    throw new AfterimageError('invalid-request', `Nobody is there to be asked. Give --yes to delete ${what}.`);
  return ask(question);
};

/** Asks a person at a terminal. @returns false for anything but yes */
export const ask = async (question: string): Promise<boolean> => {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await lines.question(`${question} [y/N] `);
  lines.close();
  return /^y(?:es)?$/iu.test(answer.trim());
};
