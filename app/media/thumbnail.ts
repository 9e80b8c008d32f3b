import { join } from 'node:path';
import sharp from 'sharp';
import type { OwnFolder } from '../base/disk.ts';
import { scaled, type Pixels } from './decode.ts';
import { writeAtomically } from './write-file.ts';

/** Longest edge of a thumbnail, in pixels. */
export const THUMBNAIL_EDGE = 512;

/** Where the thumbnails of a library lie. */
const FOLDER = 'thumbnails';

/** Where the thumbnail of a photo lies; a folder holds the ids that start alike, so that none grows too large. */
export const thumbnailPath = (directory: string, photoId: string): string =>
  join(directory, photoId.slice(0, 2), `${photoId}.jpg`);

/** Where thumbnails grow; what a kill leaves there is nobody's. */
export const thumbnailDrafts = (directory: string): string => join(directory, 'new');

/**
 * Writes the thumbnail of a photo into its library.
 *
 * @throws PhotoFailure `disk-full`
 */
export const writeThumbnail = async (pixels: Pixels, library: OwnFolder, photoId: string): Promise<void> => {
  const { data, ...size } = pixels;
  const fitting = scaled(size, THUMBNAIL_EDGE / Math.max(size.width, size.height));
  const image = sharp(data, { raw: { ...size, channels: 3 } });
  if (fitting.width !== size.width || fitting.height !== size.height)
    image.resize(fitting.width, fitting.height, { fit: 'fill' });
  // Optimal Huffman tables would save 3 % of the bytes and cost a third of the encoding time.
  const jpeg = await image.jpeg({ quality: 80, optimiseCoding: false }).toBuffer();
  const thumbnails = join(library.path, FOLDER);
  await writeAtomically(library, thumbnailPath(thumbnails, photoId), jpeg, thumbnailDrafts(thumbnails));
};
