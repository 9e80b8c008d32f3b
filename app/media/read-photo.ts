import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { errnoOf } from '../base/errno.ts';
import { FileRefused } from '../base/file-refused.ts';
import { openRegular } from '../base/read.ts';
import { notAnImage } from './failures.ts';
import { checkMemory } from './memory-need.ts';
import { PhotoFailure } from './photo-failure.ts';
import { isPictureStart, START_BYTES } from './picture-start.ts';

export interface PhotoBytes {
  readonly bytes: Buffer<ArrayBuffer>;
  /** Milliseconds since 1970. */
  readonly modifiedAt: number;
}

export interface Reading {
  /** Called with the size of the file before it is read. */
  readonly takeMemory?: (bytes: number) => Promise<void>;
  /** Called whenever bytes have come. */
  readonly onBytes?: () => void;
}

const CHUNK = 4 << 20;
/** What is asked for at once of a disk or network that took longer than `SLOW_MS` to give a chunk. */
const SLOW_CHUNK = 64 << 10;
const SLOW_MS = 1000;

/**
 * Reads the whole file of a picture. What is not a regular file is never waited for; of what does not begin like a picture
 * nothing else is read.
 *
 * @throws PhotoFailure `not-a-file`, `empty`, `vanished`, `not-an-image`, `too-large` or `unreadable`
 */
export const readPhoto = (path: string, { takeMemory, onBytes }: Reading = {}): Promise<PhotoBytes> =>
  withFile(path, async (file) => {
    const { size, mtimeMs } = await file.stat();
    if (size === 0) throw empty();
    checkMemory(size);
    if (size > CHUNK) {
      const start = await readInto(Buffer.alloc(START_BYTES), file, 0, onBytes);
      if (!isPictureStart(start)) throw notAnImage();
    }
    await takeMemory?.(size);
    const bytes = await readInto(Buffer.allocUnsafeSlow(size), file, 0, onBytes);
    if (bytes.length === 0) throw empty();
    return { bytes, modifiedAt: mtimeMs };
  });

/**
 * Reads a file of any size through, without holding it.
 *
 * @returns SHA-256 of its bytes as hexadecimal digits, and when it was last written, in milliseconds since 1970
 * @throws PhotoFailure `not-a-file`, `empty`, `vanished` or `unreadable`
 */
export const hashFile = (
  path: string,
  { onBytes }: Pick<Reading, 'onBytes'> = {},
): Promise<{ readonly contentHash: string; readonly modifiedAt: number }> =>
  withFile(path, async (file) => {
    const { mtimeMs } = await file.stat();
    const hash = createHash('sha256');
    const chunk = Buffer.allocUnsafeSlow(CHUNK);
    let at = 0;
    for (let part = chunk; part.length > 0; at += part.length) {
      part = await readInto(chunk, file, at, onBytes);
      hash.update(part);
    }
    if (at === 0) throw empty();
    return { contentHash: hash.digest('hex'), modifiedAt: mtimeMs };
  });

/** Fills a buffer from a place of a file. @returns the part that the file had bytes for */
const readInto = async (
  buffer: Buffer<ArrayBuffer>,
  file: FileHandle,
  start: number,
  onBytes: Reading['onBytes'],
): Promise<Buffer<ArrayBuffer>> => {
  let filled = 0;
  let chunk = CHUNK;
  while (filled < buffer.length) {
    const began = performance.now();
    const { bytesRead } = await file.read(buffer, filled, Math.min(chunk, buffer.length - filled), start + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
    onBytes?.();
    chunk = performance.now() - began > SLOW_MS ? SLOW_CHUNK : CHUNK;
  }
  return buffer.subarray(0, filled);
};

const withFile = async <T>(path: string, use: (file: FileHandle) => Promise<T>): Promise<T> => {
  let file: FileHandle | undefined;
  try {
    file = await openRegular(path);
    return await use(file);
  } catch (error) {
    throw error instanceof PhotoFailure ? error : readFailure(error);
  } finally {
    await file?.close().catch(() => undefined);
  }
};

const empty = (): PhotoFailure =>
  new PhotoFailure('empty', 'The file is empty. Copy it again from where it came from.');

const readFailure = (error: unknown): PhotoFailure => {
  const options = { cause: error };
  if (error instanceof FileRefused)
    return error.reason === 'missing'
      ? new PhotoFailure('vanished', 'The file was moved or deleted before it could be read.', options)
      : new PhotoFailure('not-a-file', 'This is a folder, pipe, socket or device with the name of a picture.', options);
  const code = errnoOf(error);
  return code === 'EACCES' || code === 'EPERM'
    ? new PhotoFailure('unreadable', 'This file may not be read. Give your account permission to read it.', options)
    : new PhotoFailure(
        'unreadable',
        `The file cannot be read (${code ?? String(error)}). Check the disk or the network it lies on.`,
        options,
      );
};
