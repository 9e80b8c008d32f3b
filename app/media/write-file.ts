import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { PhotoFailure } from './photo-failure.ts';

let drafts = 0;

/** A folder of caches may be deleted at any time, also while it is made: Node calls that `ENOTDIR` or `EEXIST`, too. */
const MAY_BE_GONE: ReadonlySet<unknown> = new Set(['ENOENT', 'ENOTDIR', 'EEXIST']);
/** Workers have the lowest priority: whoever deletes again and again is faster for a while. */
const ATTEMPTS = 60;

/**
 * Writes a file so that nobody ever sees half of it. Not forced to disk: what a power cut takes is made again.
 *
 * @param draftFolder where it grows, on the same disk: a kill leaves it there
 * @throws PhotoFailure `disk-full`, also when the disk refuses for another reason: no photo could be kept on it
 */
export const writeAtomically = async (path: string, bytes: Buffer, draftFolder = dirname(path)): Promise<void> => {
  const draft = join(draftFolder, `${basename(path)}.${process.pid}-${drafts++}.new`);
  for (let attempt = 1; ; attempt++) {
    try {
      for (const folder of [draftFolder, dirname(path)]) await mkdir(folder, { recursive: true });
      await writeFile(draft, bytes);
      await rename(draft, path);
      return;
    } catch (error) {
      await rm(draft, { force: true }).catch(() => undefined);
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      if (MAY_BE_GONE.has(code) && attempt < ATTEMPTS) {
        await pause(attempt);
        continue;
      }
      const reason =
        code === 'ENOSPC' || code === 'EDQUOT'
          ? 'the disk is full. Free some space and start again'
          : `the disk refuses it (${String(code ?? error)})`;
      throw new PhotoFailure('disk-full', `${path} cannot be written: ${reason}.`, { cause: error });
    }
  }
};
