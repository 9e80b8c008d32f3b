import type { Region } from '../contract/index.ts';
import sharp, { type Sharp } from 'sharp';
import { PhotoFailure } from './photo-failure.ts';

/** Interleaved 8-bit sRGB, `[height × width × 3]`. */
export interface Pixels {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** An image file that has been looked at, not decoded. Its size is the upright picture's, or that of the part of it. */
export interface Picture extends Size {
  readonly bytes: Buffer<ArrayBuffer>;
  readonly mime: string;
  /** Where the part begins, in pixels of the upright picture. */
  readonly part?: { readonly left: number; readonly top: number };
}

/** Decoding more would take gigabytes of memory for one file. */
const MAX_PIXELS = 2 ** 28;

const LOADERS = ['Jpeg', 'Png', 'Webp', 'Nsgif', 'Tiff', 'Heif'].map((name) => `VipsForeignLoad${name}`);

// Photos are decoded side by side, so each takes one thread; and none comes twice, so nothing is worth keeping.
sharp.concurrency(1);
sharp.cache(false);
// Every other loader is a way in for files that no camera makes.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({ operation: LOADERS });

// A file whose data ends early decodes to a half-grey picture unless it is told to fail.
const open = (bytes: Buffer, limitInputPixels: number | false = MAX_PIXELS): Sharp =>
  sharp(bytes, { failOn: 'error', limitInputPixels });

/** @throws PhotoFailure `not-an-image`, `unsupported`, `truncated` or `too-large` */
export const inspect = async (bytes: Buffer<ArrayBuffer>): Promise<Picture> => {
  const { autoOrient, format, compression, mediaType } = await open(bytes)
    .metadata()
    .catch((error: unknown) => fail(bytes, error));
  if (mediaType === undefined || (format === 'heif' && compression !== 'av1')) throw unsupported();
  return { bytes, mime: mediaType, ...autoOrient };
};

/** The part of a picture, of one pixel at least. */
export const partOf = (picture: Picture, { x, y, w, h }: Region): Picture => {
  const [left, width] = span(x, w, picture.width);
  const [top, height] = span(y, h, picture.height);
  return { ...picture, width, height, part: { left, top } };
};

/** @returns the first pixel and how many there are */
const span = (from: number, length: number, pixels: number): [first: number, count: number] => {
  const first = Math.min(pixels - 1, Math.floor(from * pixels));
  return [first, Math.min(pixels - first, Math.max(1, Math.round(length * pixels)))];
};

/** A picture of `size`, upright, in sRGB, on white; of an animation its first image. */
const upright = ({ bytes, width, height, part }: Picture, size: Size): Sharp => {
  const image = open(bytes).autoOrient();
  if (part !== undefined) image.extract({ ...part, width, height });
  if (size.width !== width || size.height !== height) image.resize(size.width, size.height, { fit: 'fill' });
  // White is what pictures with transparency are drawn for, and what the pictures that models learn from were put on.
  return image.flatten({ background: '#fff' }).toColourspace('srgb');
};

/**
 * Decodes to `size`, with libvips' shrinking while loading and Lanczos for the rest.
 *
 * @throws PhotoFailure `truncated` or `unsupported`
 */
export const decode = async (picture: Picture, size: Size): Promise<Pixels> => {
  const { data, info } = await upright(picture, size)
    .raw()
    .toBuffer({ resolveWithObject: true })
    .catch((error: unknown) => fail(picture.bytes, error));
  return { data, width: info.width, height: info.height };
};

/**
 * A JPEG for browsers that cannot draw the file itself.
 *
 * @throws PhotoFailure `truncated` or `unsupported`
 */
export const encodeView = (picture: Picture, longEdge: number): Promise<Buffer> =>
  upright(picture, scaled(picture, longEdge / Math.max(picture.width, picture.height)))
    .jpeg({ quality: 90 })
    .toBuffer()
    .catch((error: unknown) => fail(picture.bytes, error));

/** Never larger than `size`, and at least one pixel each way. */
export const scaled = ({ width, height }: Size, factor: number): Size =>
  factor >= 1
    ? { width, height }
    : { width: Math.max(1, Math.round(width * factor)), height: Math.max(1, Math.round(height * factor)) };

const fail = async (bytes: Buffer, error: unknown): Promise<never> => {
  const message = error instanceof Error ? error.message : String(error);
  if (message.includes('exceeds pixel limit')) {
    const { width, height } = await open(bytes, false).metadata();
    const limit = Math.round(MAX_PIXELS / 1e6);
    throw new PhotoFailure(
      'too-large',
      `The picture has ${width} × ${height} pixels; up to ${limit} million can be shown. Save a smaller copy of it.`,
      { cause: error },
    );
  }
  const start = bytes.toString('latin1', 0, 12);
  if (/^[^]{4}ftyphe|^[^]{4}ftypm?sf1/u.test(start)) throw unsupported(error);
  if (!READABLE.test(start)) {
    throw new PhotoFailure('not-an-image', 'This is not a picture, whatever the name of the file says.', {
      cause: error,
    });
  }
  throw new PhotoFailure('truncated', 'The picture is damaged or ends early. Copy it again from where it came from.', {
    cause: error,
  });
};

/** How files start that can be read, whatever comes after. */
const READABLE = /^(\xff\xd8\xff|\x89PNG|GIF8|II\*\0|MM\0\*|II\+\0|MM\0\+|RIFF[^]{4}WEBP|[^]{4}ftyp(avi|mif))/u;

const unsupported = (cause?: unknown): PhotoFailure =>
  new PhotoFailure(
    'unsupported',
    'Pictures of this kind cannot be read yet. JPEG, PNG, WebP, AVIF, GIF and TIFF can: save a copy as one of them.',
    { cause },
  );
