import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { PhotoFailure } from './photo-failure.ts';

let drafts = 0;

/**
 * Writes a file so that nobody ever sees half of it. Not forced to disk: what a power cut takes is made again.
 *
 * @throws PhotoFailure `disk-full`, also when the disk refuses for another reason: no photo could be kept on it
 */
export const writeAtomically = async (path: string, bytes: Buffer): Promise<void> => {
  const draft = `${path}.${process.pid}-${drafts++}.new`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(draft, bytes);
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined);
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const reason =
      code === 'ENOSPC' || code === 'EDQUOT'
        ? 'the disk is full. Free some space and start again'
        : `the disk refuses it (${String(code ?? error)})`;
    throw new PhotoFailure('disk-full', `${path} cannot be written: ${reason}.`, { cause: error });
  }
};
