import { errnoOf } from '../base/errno.ts';
import { damaged } from './failures.ts';
import { decodeHeif } from './heif.ts';
import { decodeJpegXl, isJpegXl } from './jxl.ts';
import type { TakeMemory } from './memory-need.ts';
import { PhotoFailure } from './photo-failure.ts';
import { plainTiff, type Bitmap } from './plain-tiff.ts';
import { readRaw } from './raw-preview.ts';

/** A file in a form that libvips reads. */
export interface Readable {
  readonly bytes: Buffer<ArrayBuffer>;
  readonly mime: string;
  /** Its pixels lie there uncompressed, and its memory has been taken. */
  readonly isDecoded: boolean;
}

/**
 * Brings the formats that libvips does not read into one that it does: the preview in raw data as a JPEG, what other
 * libraries decode as a TIFF.
 *
 * @param takeMemory is asked before anything is decoded
 * @returns null for everything that libvips should look at itself
 * @throws PhotoFailure `truncated`, `unsupported` or `too-large`
 */
export const readForeign = async (file: Buffer<ArrayBuffer>, takeMemory: TakeMemory): Promise<Readable | null> => {
  // Nearly all photos, at the price of one comparison.
  if (file[0] === 0xff && file[1] === 0xd8) return null;
  if (isJpegXl(file))
    return { bytes: await decoded(decodeJpegXl(file, takeMemory)), mime: 'image/jxl', isDecoded: true };
  if (isHeif(file)) return { bytes: await decoded(decodeHeif(file, takeMemory)), mime: 'image/heic', isDecoded: true };
  const raw = readRaw(file);
  return raw === null ? null : { ...raw, isDecoded: false };
};

/** By the brands that a file claims: HEVC or unsaid, not AV1, which libvips reads. */
const isHeif = (file: Buffer): boolean => {
  if (file.toString('latin1', 4, 8) !== 'ftyp') return false;
  const brands = file.toString('latin1', 8, Math.min(file.readUInt32BE(0), 256));
  return /he(?:i[cxms]|v[cxms])|m[is]f1/u.test(brands) && !/avi[fs]/u.test(brands);
};

const decoded = async (bitmap: Promise<Bitmap>): Promise<Buffer<ArrayBuffer>> => {
  try {
    return plainTiff(await bitmap);
  } catch (error) {
    // A library that cannot be loaded is no fault of the picture's.
    const isOurs = error instanceof PhotoFailure || errnoOf(error) !== undefined;
    // One that gives up (out of memory, out of its bounds) throws what it likes, and leaves only its own instance broken.
    throw isOurs ? error : damaged(error);
  }
};
