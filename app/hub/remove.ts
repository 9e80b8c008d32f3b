import { lstat, realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { AfterimageError } from '../contract/index.ts';
import { removeWhole } from './folders.ts';

/**
 * Removes the folder of a model that was downloaded or unpacked.
 *
 * @throws AfterimageError `invalid-request` for a folder that is not one of ours in `models`, `not-found`
 */
export const removeModel = async (directory: string, models: string): Promise<void> => {
  const folder = resolve(directory);
  const found = await lstat(folder).catch(() => null);
  if (found === null) throw new AfterimageError('not-found', `There is no folder ${folder} to remove.`);
  // A link leads elsewhere, and what begins with a dot are parts of downloads.
  const isOurs =
    found.isDirectory() &&
    !basename(folder).startsWith('.') &&
    (await realpath(dirname(folder))) === (await realpath(models).catch(() => null));
  if (!isOurs) {
    throw new AfterimageError(
      'invalid-request',
      `${folder} was not put there by this program, so it is not removed. Delete it yourself if it is no longer needed.`,
    );
  }
  await removeWhole(join(models, basename(folder)), models);
};
