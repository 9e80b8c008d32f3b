import type { NativeImage } from 'electron';
import type { Electron } from './electron.ts';

/** The logo, on a field of 32 × 32: a disc, and the ring that the eye keeps of it. Colours as blue, green, red. */
const RING = { x: 20, y: 16, radius: 9.75, width: 2.5, colour: [154, 158, 47] } as const;
const DISC = { x: 12, y: 16, radius: 11, colour: [77, 108, 238] } as const;
const FIELD = 32;

/** Coverage of a pixel whose centre lies `inside` pixels within an edge. */
const coverage = (inside: number): number => Math.max(0, Math.min(1, inside + 0.5));

/**
 * The logo as pixels, drawn here since the system's menus take no SVG.
 *
 * @returns BGRA with premultiplied alpha, `[size × size × 4]`, as Electron's bitmaps are
 */
export const logoPixels = (size: number): Buffer => {
  const scale = size / FIELD;
  const pixels = Buffer.alloc(size * size * 4);
  for (let index = 0; index < size * size; index += 1) {
    const x = ((index % size) + 0.5) / scale;
    const y = (Math.floor(index / size) + 0.5) / scale;
    const ring = coverage((RING.width / 2 - Math.abs(Math.hypot(x - RING.x, y - RING.y) - RING.radius)) * scale);
    const disc = coverage((DISC.radius - Math.hypot(x - DISC.x, y - DISC.y)) * scale);
    const ringShare = ring * (1 - disc);
    for (const channel of [0, 1, 2] as const)
      pixels[index * 4 + channel] = Math.round(DISC.colour[channel] * disc + RING.colour[channel] * ringShare);
    pixels[index * 4 + 3] = Math.round(255 * (disc + ringShare));
  }
  return pixels;
};

/** @param size in pixels on screens of plain density */
export const logoImage = (
  nativeImage: Pick<Electron['nativeImage'], 'createFromBitmap'>,
  size: number,
): NativeImage => {
  const image = nativeImage.createFromBitmap(logoPixels(size), { width: size, height: size });
  const double = logoPixels(2 * size);
  image.addRepresentation({ scaleFactor: 2, width: 2 * size, height: 2 * size, buffer: double });
  return image;
};
