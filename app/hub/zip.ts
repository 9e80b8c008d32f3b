import { crc32 } from 'node:zlib';
import { openPromise, type Entry } from 'yauzl';
import { BadArchive, type Packed, type Take } from './packed.ts';

/** Reads a .zip from its list of contents. @throws BadArchive, what the library makes of damage, and what `take` throws */
export const readZip = async (path: string, take: Take): Promise<void> => {
  const zip = await openPromise(path, { autoClose: false, lazyEntries: true });
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
