import type { Metadata } from 'sharp';
import { PhotoFailure } from './photo-failure.ts';

/** Waits until a picture may take so many bytes. */
export type TakeMemory = (bytes: number) => Promise<void>;

/** Memory that one picture may take, its file included. */
export const MOST_PICTURE_BYTES = 1.5e9;

/** @param bytes that the picture takes, its file included. @throws PhotoFailure `too-large` */
export const checkMemory: (bytes: number) => void = (bytes) => {
  if (bytes > MOST_PICTURE_BYTES)
    throw new PhotoFailure(
      'too-large',
      `The picture needs ${inGigabytes(bytes)} of memory to decode; the limit is ${inGigabytes(MOST_PICTURE_BYTES)}. Save a smaller copy of it.`,
    );
};

const inGigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;

/** Measured on pictures of 48 megapixels, in bytes a pixel; what a decoder takes at most where the file does not tell. */
const PER_PIXEL = {
  /** Coefficients of 16 bits for each channel; half as many for the colours that are stored at half the size both ways. */
  coefficient: 2,
  jpeg: 0.5,
  /** The canvas, and the picture on it. */
  gif: 5,
  /** Not every WebP says that it is lossless, and lossless ones are decoded whole. */
  webp: 4.2,
  /** dav1d's planes of 16 bits, libheif's, and those of the picture. */
  avif: 19,
} as const;
/** The same of what other libraries decode, with the copy that libvips reads. */
export const HEIF_BYTES_PER_PIXEL = 17;
export const JXL_BYTES_PER_PIXEL = 68;
/** Rows of the picture and of what it is made from, whatever its size. */
const LEAST = 4e6;

/** What libvips takes at most to decode a picture and reduce it, in bytes. Its file is not counted. */
export const decodingBytes = (metadata: Metadata): number => {
  const { format, width, height, channels, depth, isProgressive, chromaSubsampling = '' } = metadata;
  const samples = channels * (SAMPLE_BYTES[depth] ?? 1);
  return LEAST + width * height * perPixel();

  function perPixel(): number {
    switch (format) {
      case 'jpeg':
        if (!isProgressive) return PER_PIXEL.jpeg;
        return PER_PIXEL.coefficient * (chromaSubsampling === '4:2:0' ? 1.5 : channels);
      case 'png':
        return isProgressive ? samples * 1.3 : samples * 0.5;
      case 'gif':
        return PER_PIXEL.gif;
      case 'webp':
        return PER_PIXEL.webp;
      case 'heif':
        return PER_PIXEL.avif;
      default:
        // A TIFF may be one strip.
        return samples * 1.1;
    }
  }
};

const SAMPLE_BYTES: Readonly<Record<string, number>> = {
  ushort: 2,
  short: 2,
  uint: 4,
  int: 4,
  float: 4,
  complex: 8,
  double: 8,
  dpcomplex: 16,
};
