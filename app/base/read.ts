import { closeSync, constants, openSync, readSync } from 'node:fs';
import { lstat, open, type FileHandle } from 'node:fs/promises';
import { isErrno } from './errno.ts';
import { FileRefused } from './file-refused.ts';

export interface ReadOptions {
  /** Bytes that are read at most; a larger file is refused before anything of it is read. */
  readonly maxBytes: number;
  /** Whether a link in the last place of the path is followed; links above it always are. Default: `follow`. */
  readonly links?: 'follow' | 'refuse';
}

const CHUNK_BYTES = 65_536;
const isWindows = process.platform === 'win32';

/**
 * Opens a regular file for reading. What is looked at is what was opened, so nothing can be exchanged in between; opening a
 * pipe does not wait for its writer. The caller closes the handle.
 *
 * @throws FileRefused `missing`, `link`, `not-a-file`; the system's error for anything else
 */
export const openRegular = async (path: string, links: 'follow' | 'refuse' = 'follow'): Promise<FileHandle> => {
  // Windows knows neither flag: there a link is looked for first, and pipes lie in a namespace of their own.
  if (isWindows && links === 'refuse' && (await lstat(path)).isSymbolicLink()) throw new FileRefused(path, 'link');
  const flags = isWindows ? 0 : constants.O_NONBLOCK | (links === 'refuse' ? constants.O_NOFOLLOW : 0);
  const handle = await open(path, constants.O_RDONLY | flags).catch((error: unknown) => {
    if (isErrno(error, 'ENOENT', 'ENOTDIR')) throw new FileRefused(path, 'missing', undefined, { cause: error });
    if (isErrno(error, 'ELOOP')) throw new FileRefused(path, 'link', undefined, { cause: error });
    if (isErrno(error, 'ENXIO', 'EISDIR')) throw new FileRefused(path, 'not-a-file', undefined, { cause: error });
    throw error;
  });
  try {
    if (!(await handle.stat()).isFile()) throw new FileRefused(path, 'not-a-file');
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
};

/**
 * Reads a whole regular file of bounded size. A file that grows meanwhile is read up to the bound and refused.
 *
 * @throws FileRefused `missing`, `link`, `not-a-file`, `too-large`; the system's error for anything else
 */
export const readBounded = async (path: string, { maxBytes, links }: ReadOptions): Promise<Buffer<ArrayBuffer>> => {
  const handle = await openRegular(path, links);
  try {
    const { size } = await handle.stat();
    const tooLarge = (): FileRefused => new FileRefused(path, 'too-large', `the limit is ${maxBytes} bytes`);
    if (size > maxBytes) throw tooLarge();
    // Files of /proc say that they are empty, and some give all they have to the first read only.
    const parts: Buffer<ArrayBuffer>[] = [];
    let length = 0;
    for (let room = Math.max(size + 1, CHUNK_BYTES); ; room = CHUNK_BYTES) {
      const part = Buffer.allocUnsafe(Math.min(room, maxBytes + 1 - length));
      const { bytesRead } = await handle.read(part, 0, part.length, null);
      if (bytesRead === 0) break;
      length += bytesRead;
      if (length > maxBytes) throw tooLarge();
      parts.push(part.subarray(0, bytesRead));
    }
    const [only] = parts;
    return parts.length === 1 && only !== undefined ? only : Buffer.concat(parts);
  } finally {
    await handle.close();
  }
};

/**
 * The start of a file that lies on no disk, as those of /proc, at once.
 *
 * @returns one character for each byte
 * @throws the system's error
 */
export const readStartNow = (path: string, maxBytes: number): string => {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(maxBytes);
    return bytes.toString('latin1', 0, readSync(file, bytes));
  } finally {
    closeSync(file);
  }
};

/** As `readBounded`, decoded from UTF-8; a byte order mark is left out. */
export const readTextBounded = async (path: string, options: ReadOptions): Promise<string> =>
  (await readBounded(path, options)).toString('utf8').replace(/^\uFEFF/u, '');

/** What `readJsonBounded` needs of a schema; zod's have it. */
interface Schema<T> {
  parse(value: unknown): T;
}

/**
 * As `readTextBounded`, parsed.
 *
 * @throws FileRefused as `readBounded`, and `not-json` for what is no JSON or not of the schema
 */
export const readJsonBounded = async <T>(path: string, schema: Schema<T>, options: ReadOptions): Promise<T> => {
  const text = await readTextBounded(path, options);
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    throw new FileRefused(path, 'not-json', undefined, { cause: error });
  }
};
