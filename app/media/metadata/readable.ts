/** Raw files that are TIFF but for their signature: Olympus (IIRO, IIRS, MMOR) and Panasonic (IIU). */
const NEARLY_TIFF = new Map([
  ['IIRO', 'II*\0'],
  ['IIRS', 'II*\0'],
  ['MMOR', 'MM\0*'],
  ['IIU\0', 'II*\0'],
]);
/** More than their tags take, less than their pixels. */
const HEAD = 4 << 20;

/**
 * The parts of a file that its metadata can be read from, in formats that the reader of tags knows: mostly the file itself.
 *
 * @see https://github.com/lclevy/canon_cr3 for CR3, https://libopenraw.freedesktop.org/formats/raf/ for RAF
 */
export const readable = (bytes: Buffer<ArrayBuffer>): readonly Buffer<ArrayBuffer>[] => {
  const signature = NEARLY_TIFF.get(bytes.toString('latin1', 0, 4));
  if (signature !== undefined) {
    const head = Buffer.from(bytes.subarray(0, HEAD));
    head.write(signature, 'latin1');
    return [head];
  }
  if (bytes.toString('latin1', 0, 15) === 'FUJIFILMCCD-RAW' && bytes.length > 92) {
    const start = bytes.readUInt32BE(84);
    return [bytes.subarray(start, start + bytes.readUInt32BE(88))];
  }
  if (bytes.toString('latin1', 4, 12) === 'ftypcrx ') return canonParts(bytes);
  return [bytes];
};

/** Where Canon keeps XMP. */
const XMP_BOX = 'be7acfcb97a942e89c71999491e3afac';

/** Canon keeps each directory of tags as a TIFF file of its own, and XMP in a box beside them. */
const canonParts = (bytes: Buffer<ArrayBuffer>): Buffer<ArrayBuffer>[] => {
  const found: Buffer<ArrayBuffer>[] = [];
  const look = (start: number, end: number, depth: number): void => {
    for (let at = start; at + 8 <= end;) {
      const [size, type] = [bytes.readUInt32BE(at), bytes.toString('latin1', at + 4, at + 8)];
      const long = size === 1 && at + 16 <= end ? Number(bytes.readBigUInt64BE(at + 8)) : size;
      const next = size === 0 ? end : at + long;
      if (next < at + 8 || next > end) return;
      const content = bytes.subarray(at + 8, next);
      if (type === 'CMT1' || type === 'CMT2') found.push(content);
      else if (type === 'CMT4' && content.length >= 8) found.push(asPlace(content));
      else if (type === 'moov' && depth === 0) look(at + 8, next, 1);
      else if (type === 'uuid' && depth === 1) look(at + 24, next, 2);
      else if (type === 'uuid' && content.toString('hex', 0, 16) === XMP_BOX) found.push(content.subarray(16));
      at = next;
    }
  };
  look(0, bytes.length, 0);
  return found;
};

/** A TIFF file whose only directory is one of positions, with that in its proper place: below a first one at the end. */
const asPlace = (tiff: Buffer<ArrayBuffer>): Buffer<ArrayBuffer> => {
  const whole = Buffer.concat([tiff, Buffer.alloc(18)]);
  const isLittle = whole[0] === 0x49;
  const short = (value: number, at: number): number =>
    isLittle ? whole.writeUInt16LE(value, at) : whole.writeUInt16BE(value, at);
  const long = (value: number, at: number): number =>
    isLittle ? whole.writeUInt32LE(value, at) : whole.writeUInt32BE(value, at);
  const [directory, end] = [isLittle ? tiff.readUInt32LE(4) : tiff.readUInt32BE(4), tiff.length];
  long(end, 4);
  short(1, end);
  short(0x8825, end + 2);
  short(4, end + 4);
  long(1, end + 6);
  long(directory, end + 10);
  return whole;
};
