import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { PhotoFailure } from './photo-failure.ts';

export interface PhotoBytes {
  readonly bytes: Buffer<ArrayBuffer>;
  /** Milliseconds since 1970. */
  readonly modifiedAt: number;
}

/**
 * Reads a whole file. What is not a plain file is never opened: opening a pipe would wait for its writer.
 *
 * @throws PhotoFailure `not-a-file`, `empty`, `vanished`, `too-large` or `unreadable`
 */
export const readPhoto = async (path: string): Promise<PhotoBytes> => {
  try {
    const modifiedAt = await timeOf(path);
    const bytes = await readFile(path);
    if (bytes.length === 0) throw empty();
    return { bytes, modifiedAt };
  } catch (error) {
    throw error instanceof PhotoFailure ? error : readFailure(error);
  }
};

/**
 * Reads a file of any size through, without holding it.
 *
 * @returns SHA-256 of its bytes as hexadecimal digits, and when it was last written, in milliseconds since 1970
 * @throws PhotoFailure `not-a-file`, `empty`, `vanished` or `unreadable`
 */
export const hashFile = async (
  path: string,
): Promise<{ readonly contentHash: string; readonly modifiedAt: number }> => {
  try {
    const modifiedAt = await timeOf(path);
    const hash = createHash('sha256');
    const source = createReadStream(path, { highWaterMark: 1 << 20 });
    await pipeline(source, hash);
    if (source.bytesRead === 0) throw empty();
    return { contentHash: hash.digest('hex'), modifiedAt };
  } catch (error) {
    throw error instanceof PhotoFailure ? error : readFailure(error);
  }
};

const timeOf = async (path: string): Promise<number> => {
  const found = await stat(path);
  if (found.isFile()) return found.mtimeMs;
  throw new PhotoFailure(
    'not-a-file',
    `This is a ${found.isDirectory() ? 'folder' : 'pipe, socket or device'} with the name of a picture.`,
  );
};

const empty = (): PhotoFailure =>
  new PhotoFailure('empty', 'The file is empty. Copy it again from where it came from.');

const readFailure = (error: unknown): PhotoFailure => {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new PhotoFailure('vanished', 'The file was moved or deleted before it could be read.', { cause: error });
    case 'EACCES':
    case 'EPERM':
      return new PhotoFailure('unreadable', 'This file may not be read. Give your account permission to read it.', {
        cause: error,
      });
    case 'ERR_FS_FILE_TOO_LARGE':
      return new PhotoFailure('too-large', 'The file is larger than 2 GB, the most that can be read at once.', {
        cause: error,
      });
    default:
      return new PhotoFailure(
        'unreadable',
        `The file cannot be read (${String(code ?? error)}). Check the disk or the network it lies on.`,
        { cause: error },
      );
  }
};
