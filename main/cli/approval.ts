import { AfterimageError, type Awaiting } from '../../app/contract/index.ts';
import { awaitingOfLibrary, describeAwaiting, isNamedInFull } from '../../app/engine/approval.ts';
import type { Connection } from '../engine/connect.ts';
import { approvalsPlace } from '../paths.ts';
import { printError } from '../terminal.ts';
import { isYes } from './confirm.ts';

let isTrusted = false;

/** Approves the library of this command, with its folders and models: `--trust` holds for the whole command line. */
export const trustLibrary = (): void => {
  isTrusted = true;
};

/** @throws AfterimageError `not-approved` unless the person approves the library, with --trust or when they are asked */
export const settleApproval = async ({ client, awaiting: isAwaiting }: Connection): Promise<void> => {
  const approve = async (everything: boolean): Promise<void> => {
    await client.call('library.approve', { everything });
  };
  if (isTrusted) return approve(true);
  if (!isAwaiting) return;
  const { library, awaiting } = await client.call('status', {});
  if (awaiting === null) return;
  if (!(await isAgreed(library.directory, awaiting))) throw declined();
  await approve(isNamedInFull(awaiting));
};

/**
 * As `settleApproval`, for what is done to a library as a whole, without an engine.
 *
 * @returns whether all that the library names is approved with it
 */
export const needApproval = async (library: string): Promise<boolean> => {
  const awaiting = isTrusted ? null : await awaitingOfLibrary({ library, approvals: approvalsPlace() });
  if (awaiting !== null && !(await isAgreed(library, awaiting))) throw declined();
  return awaiting === null || isNamedInFull(awaiting);
};

const declined = (): AfterimageError => new AfterimageError('not-approved', 'Nothing was opened or changed.');

/** Shows what a library would do and asks. @throws NotAsked where nobody is there to be asked */
const isAgreed = (library: string, awaiting: Awaiting): Promise<boolean> => {
  const lines = describeAwaiting(library, awaiting);
  if (!process.stdin.isTTY) throw new NotAsked(lines);
  printError(...lines);
  return isYes(
    isNamedInFull(awaiting)
      ? 'Do you trust it? That approves it with all of this, once and for all.'
      : 'Do you trust it? That approves the library alone, as it names too much to show here: approve its folders and models one by one afterwards.',
  );
};

/** A library needs approval, and nobody is there to give it. */
export class NotAsked extends AfterimageError {
  /** Folders and models on lines of their own, as one of their names may hold a line's end. */
  readonly lines: readonly string[];

  constructor(awaiting: readonly string[]) {
    const lines = [...awaiting, 'If you trust it, give --trust: that approves it with all of this, once and for all.'];
    super('not-approved', lines.join(' '));
    this.lines = lines;
  }
}
