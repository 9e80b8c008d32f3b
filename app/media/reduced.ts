import { createHash } from 'node:crypto';
import { scaled, type Pixels, type Size } from './decode.ts';
import { THUMBNAIL_EDGE } from './thumbnail.ts';

/** One and a half times the input of the usual tower (256 pixels), which keeps its vectors within cosine 0.998. */
const SHORT_EDGE = 384;
/** Of a picture that is forty times as long as wide: no panorama is, and thumbnails show nothing of it. */
const LONG_EDGE = 16_384;

/**
 * The size a photo is decoded to: enough for its thumbnail and for the usual model. One size for every model, because a
 * photo is known by these pixels.
 */
export const reducedSize = ({ width, height }: Size): Size => {
  const [short, long] = [Math.min(width, height), Math.max(width, height)];
  return scaled({ width, height }, Math.min(Math.max(SHORT_EDGE / short, THUMBNAIL_EDGE / long), LONG_EDGE / long));
};

/**
 * Names a picture whatever its file says about it: SHA-256 of its reduced pixels, as hexadecimal digits.
 *
 * @param rest what tells apart animations that begin alike; empty for a picture that is all there is
 */
export const pixelHash = ({ data, width, height }: Pixels, rest = ''): string =>
  createHash('sha256').update(`${width}×${height}`).update(data).update(rest).digest('hex');
