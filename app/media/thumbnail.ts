import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { scaled, type Pixels } from './decode.ts';
import { writeAtomically } from './write-file.ts';

/** Longest edge of a thumbnail, in pixels. */
export const THUMBNAIL_EDGE = 512;

/** Where the thumbnail of a photo lies; a folder holds the ids that start alike, so that none grows too large. */
export const thumbnailPath = (directory: string, photoId: string): string =>
  join(directory, photoId.slice(0, 2), `${photoId}.jpg`);

/** Where thumbnails grow; what a kill leaves there is nobody's. */
export const thumbnailDrafts = (directory: string): string => join(directory, 'new');

/**
 * @param path as `thumbnailPath` gives it
 * @throws PhotoFailure `disk-full`
 */
export const writeThumbnail = async (pixels: Pixels, path: string): Promise<void> => {
  const { data, ...size } = pixels;
  const fitting = scaled(size, THUMBNAIL_EDGE / Math.max(size.width, size.height));
  const image = sharp(data, { raw: { ...size, channels: 3 } });
  if (fitting.width !== size.width) image.resize(fitting.width, fitting.height, { fit: 'fill' });
  // Optimal Huffman tables would save 3 % of the bytes and cost a third of the encoding time.
  const jpeg = await image.jpeg({ quality: 80, optimiseCoding: false }).toBuffer();
  await writeAtomically(path, jpeg, thumbnailDrafts(dirname(dirname(path))));
};
