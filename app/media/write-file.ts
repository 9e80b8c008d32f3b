import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { OwnFolder } from '../base/disk.ts';
import { errnoOf, isErrno } from '../base/errno.ts';
import { FileRefused } from '../base/file-refused.ts';
import { PhotoFailure } from './photo-failure.ts';

/** Workers have the lowest priority: whoever deletes again and again is faster for a while. */
const ATTEMPTS = 60;

/**
 * Writes a picture so that nobody ever sees half of it, in a folder of caches, which may be deleted at any time. Not forced to
 * disk: what a power cut takes is made again.
 *
 * @param library the folder that it must lie in; no link below it is followed
 * @param draftFolder where the draft is written, on the same disk; a kill may leave it there
 * @throws PhotoFailure `disk-full`, also when the disk or a link refuses it: no photo could be kept there
 */
export const writeAtomically = async (
  library: OwnFolder,
  path: string,
  bytes: Buffer,
  draftFolder = dirname(path),
): Promise<void> => {
  for (let attempt = 1; ; attempt++) {
    try {
      // At once: a dozen steps that wait for each other cost more than the writing.
      library.writeNow(path, bytes, draftFolder);
      return;
    } catch (error) {
      const isGone = isErrno(error, 'ENOENT', 'ENOTDIR', 'EEXIST');
      if (!isGone || attempt >= ATTEMPTS) throw failureOf(path, error);
      if (attempt > 1) await pause(attempt);
      // Right before the next try: whoever deletes gets no time in between.
      makeFolders(library, path, draftFolder);
    }
  }
};

const makeFolders = (library: OwnFolder, path: string, draftFolder: string): void => {
  for (const folder of [draftFolder, dirname(path)])
    try {
      library.makeFolderNow(folder);
    } catch (problem) {
      if (problem instanceof FileRefused) throw failureOf(path, problem);
    }
};

const failureOf = (path: string, error: unknown): PhotoFailure => {
  const code = errnoOf(error);
  const reason =
    error instanceof FileRefused
      ? error.message
      : code === 'ENOSPC' || code === 'EDQUOT'
        ? 'the disk is full. Free some space and start again.'
        : `the disk refuses it (${code ?? String(error)}).`;
  return new PhotoFailure('disk-full', `${path} cannot be written: ${reason}`, { cause: error });
};
