import type { Region } from '../contract/index.ts';
import sharp, { type Sharp } from 'sharp';
import { damaged, notAnImage, tooLarge, tooLong, unsupported } from './failures.ts';
import { readForeign } from './foreign.ts';
import { checkMemory, decodingBytes, type TakeMemory } from './memory-need.ts';
import { isPictureStart } from './picture-start.ts';

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

/** An image file that has been looked at. Its size is the upright picture's, or that of the part of it. */
export interface Picture extends Size {
  /** Of the file, or of what libvips reads in its place. */
  readonly bytes: Buffer<ArrayBuffer>;
  /** Of the file. */
  readonly mime: string;
  /** Other pictures come after it: it is the first of an animation, or a page. */
  readonly isFirst?: boolean;
  /** It has channels of its own besides colours and transparency, the last of which is left out. */
  readonly hasExtra?: boolean;
  /** Where the part begins, in pixels of the upright picture. */
  readonly part?: { readonly left: number; readonly top: number };
}

/** More than the largest panoramas have; most formats are held to less by the memory that they take. */
const MAX_PIXELS = 2 ** 28;
const COLOURS_AND_ALPHA = 4;
/** libvips takes a step for every row, however short. */
const MAX_EDGE = 2 ** 20;

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

/**
 * @param takeMemory waits until that may be taken, before anything is decoded
 * @throws PhotoFailure `not-an-image`, `unsupported`, `truncated` or `too-large`
 */
export const inspect = async (
  file: Buffer<ArrayBuffer>,
  takeMemory: TakeMemory = () => Promise.resolve(),
): Promise<Picture> => {
  const take = async (bytes: number): Promise<void> => {
    checkMemory(file.length + bytes);
    await takeMemory(bytes);
  };
  const foreign = await readForeign(file, take);
  const { bytes, mime, isDecoded } = foreign ?? { bytes: file, mime: null, isDecoded: false };
  const metadata = await open(bytes)
    .metadata()
    .catch((error: unknown) => fail(bytes, error));
  const { autoOrient, format, compression, mediaType, channels, pages = 1 } = metadata;
  if (mediaType === undefined || (format === 'heif' && compression !== 'av1')) throw unsupported();
  if (Math.max(autoOrient.width, autoOrient.height) > MAX_EDGE) throw tooLong(autoOrient, MAX_EDGE);
  if (!isDecoded) await take(decodingBytes(metadata));
  return { bytes, mime: mime ?? mediaType, isFirst: pages > 1, hasExtra: channels > COLOURS_AND_ALPHA, ...autoOrient };
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
const upright = ({ bytes, width, height, part, hasExtra = false }: Picture, size: Size): Sharp => {
  const image = open(bytes).autoOrient();
  if (part !== undefined) image.extract({ ...part, width, height });
  if (size.width !== width || size.height !== height) image.resize(size.width, size.height, { fit: 'fill' });
  // White is what pictures with transparency are drawn for, and what the pictures that models learn from were put on.
  if (hasExtra) image.removeAlpha();
  else image.flatten({ background: '#fff' });
  return image.toColourspace('srgb');
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
  return { data: threeChannels(data, info.channels), width: info.width, height: info.height };
};

/** Some files have more channels than colours and transparency: those behind them are left out. */
const threeChannels = (data: Buffer, channels: number): Uint8Array => {
  if (channels === 3) return data;
  const colours = new Uint8Array((data.length / channels) * 3);
  for (let to = 0, from = 0; to < colours.length; to += 3, from += channels)
    for (let channel = 0; channel < 3; channel++) colours[to + channel] = data[from + Math.min(channel, channels - 1)]!;
  return colours;
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
  if (error instanceof Error && error.message.includes('exceeds pixel limit'))
    throw tooLarge(await open(bytes, false).metadata(), MAX_PIXELS, error);
  if (error instanceof Error && error.message.includes('exceeds channel limit')) throw unsupported(error);
  throw isPictureStart(bytes) ? damaged(error) : notAnImage(error);
};
