import sharp, { type Sharp } from 'sharp';

/** A picture with noise, so that no format makes it a few bytes. */
export const noise = (width: number, height: number): Sharp =>
  sharp({
    create: { width, height, channels: 3, background: '#808080', noise: { type: 'gaussian', mean: 128, sigma: 30 } },
  });

export const plain = (colour: string, width = 64, height = 48): Sharp =>
  sharp({ create: { width, height, channels: 3, background: colour } });

/** One file of every format that can be read, of the same picture. */
export const everyFormat = async (picture: Sharp): Promise<ReadonlyMap<string, Buffer<ArrayBuffer>>> => {
  const files = {
    jpeg: picture.clone().jpeg(),
    'progressive jpeg': picture.clone().jpeg({ progressive: true }),
    png: picture.clone().png(),
    'interlaced png': picture.clone().png({ progressive: true }),
    webp: picture.clone().webp(),
    'lossless webp': picture.clone().webp({ lossless: true }),
    avif: picture.clone().avif({ effort: 0 }),
    gif: picture.clone().gif(),
    tiff: picture.clone().tiff({ compression: 'lzw' }),
    'jpeg tiff': picture.clone().tiff({ compression: 'jpeg' }),
  };
  return new Map(
    await Promise.all(
      Object.entries(files).map(async ([name, file]) => [name, Buffer.from(await file.toBuffer())] as const),
    ),
  );
};

/** Equal frames under each other make an animation: first red, then blue. */
export const animation = (): Sharp => {
  const [width, height] = [32, 32];
  const frame = (red: number, blue: number): Buffer => Buffer.alloc(width * height * 3, Uint8Array.of(red, 0, blue));
  return sharp(Buffer.concat([frame(255, 0), frame(0, 255)]), {
    raw: { width, height: height * 2, channels: 3, pageHeight: height },
  });
};
