import { basename } from 'node:path';
import { FileRefused } from '../base/file-refused.ts';
import { readTextBounded } from '../base/read.ts';

/** A file beside a photo that describes it. */
export interface Sidecar {
  readonly name: string;
  /** Null when it was not read. */
  readonly text: string | null;
  /** Why it was not read, as the end of a sentence about it. */
  readonly refused?: string;
}

/** Far more than any program writes about one photo. */
export const MOST_SIDECAR_BYTES = 4_000_000;

/** Reads the files that describe a photo; what is gone or may not be read describes nothing. */
export const readSidecars = async (paths: readonly string[]): Promise<Sidecar[]> => {
  const read = await Promise.all(
    paths.map(async (path): Promise<Sidecar[]> => {
      const name = basename(path);
      try {
        return [{ name, text: await readTextBounded(path, { maxBytes: MOST_SIDECAR_BYTES }) }];
      } catch (error) {
        const refused = error instanceof FileRefused ? REFUSED[error.reason] : undefined;
        return refused === undefined ? [] : [{ name, text: null, refused }];
      }
    }),
  );
  return read.flat();
};

const REFUSED: Readonly<Partial<Record<FileRefused['reason'], string>>> = {
  'not-a-file': 'it is a folder, pipe, socket or device',
  'too-large': `it is larger than ${MOST_SIDECAR_BYTES / 1e6} MB`,
};
