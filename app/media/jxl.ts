import { damaged } from './failures.ts';
import { JXL_BYTES_PER_PIXEL, type TakeMemory } from './memory-need.ts';
import type { Bitmap } from './plain-tiff.ts';
import { wasmLibrary, type Factory } from './wasm.ts';

const CODESTREAM = Buffer.from('ff0a', 'hex');
const CONTAINER = Buffer.from('0000000c4a584c200d0a870a', 'hex');

interface Jxl {
  readonly decode: (
    bytes: Uint8Array,
  ) => { readonly data: Uint8ClampedArray; readonly width: number; readonly height: number } | null;
}

const jxl = wasmLibrary<Jxl>(
  // Its own typings need a global namespace that they do not bring.
  async () => (await import('@jsquash/jxl/codec/dec/jxl_dec.js')).default as Factory<Jxl>,
  '@jsquash/jxl/codec/dec/jxl_dec.wasm',
);

/** Whether a file begins as JPEG XL does, bare or in boxes. */
export const isJpegXl = (bytes: Buffer): boolean =>
  bytes.subarray(0, CODESTREAM.length).equals(CODESTREAM) || bytes.subarray(0, CONTAINER.length).equals(CONTAINER);

/**
 * Decodes the first image, upright, in sRGB.
 *
 * @throws PhotoFailure `truncated` or `too-large`
 */
export const decodeJpegXl = async (bytes: Buffer, takeMemory: TakeMemory): Promise<Bitmap> => {
  const size = jpegXlSize(bytes);
  await takeMemory(size.width * size.height * JXL_BYTES_PER_PIXEL);
  const { decode } = await jxl();
  const image = decode(bytes);
  if (image === null) throw damaged();
  const { data, width, height } = image;
  return { data: new Uint8Array(data.buffer, data.byteOffset, data.length), width, height, channels: 4 };
};

/**
 * The size as it is stored, before turning upright, from the first bytes of the codestream.
 *
 * @throws PhotoFailure `truncated`
 * @see ISO/IEC 18181-1, SizeHeader
 */
export const jpegXlSize = (bytes: Buffer): { readonly width: number; readonly height: number } => {
  const start = codestream(bytes);
  if (bytes.length < start + 12) throw damaged();
  // 75 bits at most, the lowest of each byte first.
  let header = 0n;
  for (let index = 11; index >= 2; index--) header = (header << 8n) | BigInt(bytes.readUInt8(start + index));
  const bits = (count: number): number => {
    const value = Number(header & ((1n << BigInt(count)) - 1n));
    header >>= BigInt(count);
    return value;
  };
  const isSmall = bits(1) === 1;
  const edge = (): number => (isSmall ? (bits(5) + 1) * 8 : bits([9, 13, 18, 30][bits(2)] ?? 0) + 1);
  const height = edge();
  const [across, down] = RATIOS[bits(3)] ?? [0, 0];
  return { width: down === 0 ? edge() : Math.floor((height * across) / down), height };
};

const RATIOS = [
  [0, 0],
  [1, 1],
  [12, 10],
  [4, 3],
  [3, 2],
  [16, 9],
  [5, 4],
  [2, 1],
] as const;

/** Where the codestream begins: at once, or in the first box of that kind, behind the number of its part. */
const codestream = (bytes: Buffer): number => {
  if (!bytes.subarray(0, CONTAINER.length).equals(CONTAINER)) return 0;
  for (let at = 0; at + 16 <= bytes.length;) {
    const type = bytes.toString('latin1', at + 4, at + 8);
    const length = bytes.readUInt32BE(at);
    const header = length === 1 ? 16 : 8;
    if (type === 'jxlc') return at + header;
    if (type === 'jxlp') return at + header + 4;
    const whole = length === 1 ? Number(bytes.readBigUInt64BE(at + 8)) : length;
    if (whole < header) break;
    at += whole;
  }
  throw damaged();
};
