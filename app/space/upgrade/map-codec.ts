import { AfterimageError } from '../../contract/index.ts';
import type { SpaceMap } from './map.ts';

/** "AMAP", and what follows is understood by its version. */
const MARK = 0x50_41_4d_41;
const VERSION = 1;
const HEAD = 16;
const SUM = 4;

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xed_b8_83_20 : value >>> 1;
  return value;
});

/** CRC-32 of bytes. */
const checksum = (bytes: Uint8Array): number => {
  let sum = 0xff_ff_ff_ff;
  for (const byte of bytes) sum = TABLE[(sum ^ byte) & 0xff]! ^ (sum >>> 8);
  return (sum ^ 0xff_ff_ff_ff) >>> 0;
};

/** How many numbers a map holds. */
const numbersOf = (dOld: number, dNew: number): number => dOld + dNew + dOld * dNew;

/**
 * A map as bytes, little-endian: mark, version, the two dimensions (uint32 each), mean of the old and of the new vectors
 * and the rotation (float32), and a CRC-32 of all that.
 */
export const encodeMap = ({ dOld, dNew, meanOld, meanNew, rotation }: SpaceMap): Uint8Array<ArrayBuffer> => {
  const bytes = new Uint8Array(HEAD + 4 * numbersOf(dOld, dNew) + SUM);
  const view = new DataView(bytes.buffer);
  for (const [index, value] of [MARK, VERSION, dOld, dNew].entries()) view.setUint32(4 * index, value, true);
  let at = HEAD;
  for (const part of [meanOld, meanNew, rotation])
    for (let i = 0; i < part.length; i++, at += 4) view.setFloat32(at, part[i]!, true);
  view.setUint32(at, checksum(bytes.subarray(0, at)), true);
  return bytes;
};

const broken = (why: string): AfterimageError =>
  new AfterimageError(
    'library-damaged',
    `The map between the old and the new model ${why}. Start the upgrade again: it makes a new one.`,
  );

/** @throws AfterimageError `library-damaged` when the bytes are not all there, were changed, or are a later program's */
export const decodeMap = (bytes: Uint8Array): SpaceMap => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < HEAD + SUM || view.getUint32(0, true) !== MARK) throw broken('is not readable');
  const version = view.getUint32(4, true);
  if (version !== VERSION) throw broken(`has version ${String(version)}, which this program does not know`);
  const end = bytes.length - SUM;
  const [dOld, dNew] = [view.getUint32(8, true), view.getUint32(12, true)];
  if (end !== HEAD + 4 * numbersOf(dOld, dNew)) throw broken('is not complete');
  if (view.getUint32(end, true) !== checksum(bytes.subarray(0, end))) throw broken('is damaged');
  let at = HEAD;
  const take = (length: number): Float32Array =>
    Float32Array.from({ length }, () => {
      const value = view.getFloat32(at, true);
      at += 4;
      return value;
    });
  return { dOld, dNew, meanOld: take(dOld), meanNew: take(dNew), rotation: take(dOld * dNew) };
};
