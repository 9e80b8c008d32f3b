import type { Bomb } from './bombs/bomb.ts';
import { heifBombs, jxlBombs } from './bombs/boxes.ts';
import { gifBombs, webpBombs } from './bombs/frames.ts';
import { jpegBombs } from './bombs/jpeg.ts';
import { nameBombs, sparseBombs } from './bombs/names.ts';
import { pngBombs } from './bombs/png.ts';
import { rawBombs } from './bombs/raw.ts';
import { sidecarBombs } from './bombs/sidecars.ts';
import { tiffBombs } from './bombs/tiff.ts';
import { videoBombs } from './bombs/videos.ts';

export type { Bomb } from './bombs/bomb.ts';

/** Everything that is known to be more than it seems, of every format that the program reads; some 200. */
export const bombs: readonly Bomb[] = [
  ...jpegBombs,
  ...pngBombs,
  ...gifBombs,
  ...webpBombs,
  ...tiffBombs,
  ...heifBombs,
  ...jxlBombs,
  ...rawBombs,
  ...sidecarBombs,
  ...videoBombs,
  ...nameBombs,
  ...sparseBombs,
];

/** Cheap to make and to refuse, one or two of each kind. */
const SAMPLED = new Set([
  'progressive 16000.jpg',
  'scans 100.jpg',
  'tall.png',
  'international text.png',
  'canvas.gif',
  'many channels 60.tif',
  'pages in a circle.tif',
  'claimed 65535.heic',
  'size of 30 bits.jxl',
  'starts of starts.dng',
  'xmp properties.jpg',
  'xmp properties.jpg.xmp',
  'place pipe.jpg',
  'place pipe.jpg.xmp',
  'pipe.jpg',
  'sparse.jpg',
]);
export const sampledBombs = bombs.filter(({ name }) => SAMPLED.has(name));
