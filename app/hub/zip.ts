import type { FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import { fromRandomAccessReaderPromise, RandomAccessReader, type Entry } from 'yauzl';
import { openRegular } from '../base/read.ts';
import { BadArchive, type Packed, type Take } from './packed.ts';

/** Reads a .zip from its list of contents. @throws BadArchive, what the library makes of damage, and what `take` throws */
export const readZip = async (path: string, take: Take): Promise<void> => {
  const file = await openRegular(path);
  try {
    await readEntries(new BoundedReader(file, (await file.stat()).size), take);
  } finally {
    await file.close();
  }
};

const readEntries = async (reader: BoundedReader, take: Take): Promise<void> => {
  const zip = await fromRandomAccessReaderPromise(reader, reader.size, { autoClose: false, lazyEntries: true });
  try {
    for await (const entry of zip.eachEntry()) {
      if (entry.isEncrypted()) throw new BadArchive('it is encrypted. Pack it again without a password');
      const { fileName, uncompressedSize } = entry;
      await take({ path: fileName, kind: kindOf(entry), bytes: uncompressedSize }, async () =>
        checked(await zip.openReadStreamPromise(entry), entry),
      );
    }
  } finally {
    zip.close();
  }
};

const CHUNK_BYTES = 65_536;

/**
 * Reads what lies within the file. The library reads wherever an archive says, and what Node throws at a place that no file
 * has would end the process.
 */
class BoundedReader extends RandomAccessReader {
  readonly size: number;
  readonly #file: FileHandle;

  constructor(file: FileHandle, size: number) {
    super();
    this.#file = file;
    this.size = size;
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null) => void,
  ): void {
    if (!this.#isWithin(position, position + length)) {
      setImmediate(callback, outside());
      return;
    }
    this.#file.read(buffer, offset, length, position).then(
      ({ bytesRead }) => setImmediate(callback, bytesRead === length ? null : outside()),
      (error: unknown) => setImmediate(callback, error instanceof Error ? error : new Error(String(error))),
    );
  }

  override _readStreamForRange(start: number, end: number): Readable {
    // A stream of Node's own closes the file when it is destroyed.
    return Readable.from(this.#bytes(start, end), { objectMode: false });
  }

  async *#bytes(start: number, end: number): AsyncGenerator<Buffer> {
    if (!this.#isWithin(start, end)) throw outside();
    for (let at = start; at < end;) {
      const chunk = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, end - at));
      const { bytesRead } = await this.#file.read(chunk, 0, chunk.length, at);
      if (bytesRead === 0) throw outside();
      yield chunk.subarray(0, bytesRead);
      at += bytesRead;
    }
  }

  #isWithin(start: number, end: number): boolean {
    return start >= 0 && start <= end && end <= this.size;
  }
}

const outside = (): BadArchive => new BadArchive('it is damaged (a part of it would lie outside of the file)');

/** Upper half of the attributes: the file's mode, where the archive was made on a system that has one. */
const kindOf = ({ fileName, externalFileAttributes }: Entry): Packed['kind'] => {
  if (fileName.endsWith('/')) return 'folder';
  const type = (externalFileAttributes >>> 16) & 0o170000;
  return type === 0 || type === 0o100000 ? 'file' : 'other';
};

/** Files that were stored uncompressed show their damage in no other way. */
const checked = async function* (bytes: AsyncIterable<unknown>, entry: Entry): AsyncGenerator<Buffer> {
  let sum = 0;
  for await (const chunk of bytes) {
    // A stream without encoding gives buffers.
    const buffer = chunk as Buffer;
    sum = crc32(buffer, sum);
    yield buffer;
  }
  if (sum !== entry.crc32) throw new BadArchive(`it is damaged (${entry.fileName} has another checksum)`);
};
