import type { FileHandle } from 'node:fs/promises';
import { FileRefused } from '../base/file-refused.ts';
import { openRegular } from '../base/read.ts';

/** Of the manifest of a table with a million rows: some hundred kilobytes. */
const MAX_MANIFEST_BYTES = 64 * 2 ** 20;
/** The last bytes of a manifest: position of the message, format version, "LANC". */
const FOOTER_BYTES = 16;
/** Number of `base_paths` in the message `Manifest`. */
const BASE_PATHS = 18;

/**
 * Whether a version of a table says that parts of it lie elsewhere. LanceDB then reads them there: in another folder of this
 * computer, or over the network. Tables of a library never do.
 *
 * @returns also true for a message that LanceDB never writes; false for one that is damaged, which LanceDB cannot open either
 * @throws FileRefused `too-large`, `link`, `not-a-file`
 * @see https://lance.org/format/table/ (Manifest)
 */
export const namesOtherPlaces = async (path: string): Promise<boolean> => {
  const handle = await openRegular(path, 'refuse');
  try {
    const message = await readMessage(handle, path);
    return message !== null && hasBasePaths(message);
  } finally {
    await handle.close();
  }
};

/** @returns the serialised `Manifest`; null when the file has none */
const readMessage = async (handle: FileHandle, path: string): Promise<Buffer | null> => {
  const { size } = await handle.stat();
  if (size < FOOTER_BYTES) return null;
  const footer = (await handle.read(Buffer.alloc(FOOTER_BYTES), 0, FOOTER_BYTES, size - FOOTER_BYTES)).buffer;
  const position = footer.readBigUInt64LE();
  if (footer.toString('latin1', FOOTER_BYTES - 4) !== 'LANC' || position > BigInt(size - FOOTER_BYTES)) return null;
  const length = size - FOOTER_BYTES - Number(position);
  if (length > MAX_MANIFEST_BYTES) throw new FileRefused(path, 'too-large');
  const { buffer } = await handle.read(Buffer.alloc(length), 0, length, Number(position));
  const end = 4 + (length < 4 ? 0 : buffer.readUInt32LE());
  return length < 4 || end > length ? null : buffer.subarray(4, end);
};

/** Steps over the fields of a message without looking into them. @see https://protobuf.dev/programming-guides/encoding/ */
const hasBasePaths = (message: Buffer): boolean => {
  let at = 0;
  const readVarint = (): number => {
    let value = 0;
    for (let shift = 0; shift < 64; shift += 7) {
      const byte = message[at++];
      if (byte === undefined) return Number.NaN;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    return Number.NaN;
  };
  while (at < message.length) {
    const tag = readVarint();
    if (Math.floor(tag / 8) === BASE_PATHS) return true;
    switch (tag % 8) {
      case 0:
        readVarint();
        break;
      case 1:
        at += 8;
        break;
      case 2: {
        const length = readVarint();
        at += length;
        break;
      }
      case 5:
        at += 4;
        break;
      case 3:
      case 4:
        return true; // Groups hide what is in them, and LanceDB writes none.
      default:
        return false;
    }
    if (Number.isNaN(at)) return false;
  }
  return false;
};
