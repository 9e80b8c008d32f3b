import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { jxlContainer } from '../../test/support/jxl-file.ts';
import { noise } from '../../test/support/image-files.ts';
import { inspect } from './decode.ts';
import { checkMemory } from './memory-need.ts';

/** Bytes that a picture asks for before it is decoded. */
const askedFor = async (file: Buffer): Promise<number> => {
  let asked = 0;
  await inspect(Buffer.from(file), (bytes) => {
    asked += bytes;
    return Promise.resolve();
  });
  return asked;
};

const [WIDTH, HEIGHT] = [1200, 1000];
const PIXELS = WIDTH * HEIGHT;
/** What is asked for besides pixels. */
const LEAST = 4e6;

describe('the memory of a picture', () => {
  it.each([
    ['a JPEG in one pass, shrunk while it is read', noise(WIDTH, HEIGHT).jpeg(), 0.5],
    ['a progressive one, held whole', noise(WIDTH, HEIGHT).jpeg({ progressive: true }), 3],
    [
      'a progressive one with all its colours',
      noise(WIDTH, HEIGHT).jpeg({ progressive: true, chromaSubsampling: '4:4:4' }),
      6,
    ],
    ['a PNG, row by row', noise(WIDTH, HEIGHT).png(), 1.5],
    ['an interlaced one of 16 bits', noise(WIDTH, HEIGHT).toColourspace('rgb16').png({ progressive: true }), 7.8],
    ['a WebP', noise(WIDTH, HEIGHT).webp(), 4.2],
    ['a GIF', noise(WIDTH, HEIGHT).gif(), 5],
    ['a TIFF', noise(WIDTH, HEIGHT).tiff(), 3.3],
    ['an AVIF', noise(WIDTH, HEIGHT).avif({ effort: 0 }), 19],
  ])('is asked for by %s', async (_, image, bytesPerPixel) => {
    expect((await askedFor(await image.toBuffer())) - LEAST).toBeCloseTo(bytesPerPixel * PIXELS, 0);
  });

  it.each([
    ['from a panorama', noise(300, 80).jpeg(), 30_000, 8000],
    ['from a camera', noise(300, 225).jpeg(), 11_600, 8700],
  ])('is there for the largest that come %s', async (_, image, width, height) => {
    const file = await image.toBuffer();
    // The size stands in the header of the frame, which says nothing of the rest.
    const frame = file.indexOf(Buffer.from('ffc0', 'hex'));
    file.writeUInt16BE(height, frame + 5);
    file.writeUInt16BE(width, frame + 7);
    expect(await inspect(Buffer.from(file))).toMatchObject({ width, height });
  });

  it('is refused to what needs more than one picture may, with the reason and the remedy', () => {
    checkMemory(1.5e9);
    expect(() => {
      checkMemory(2.1e9);
    }).toThrow('The picture needs 2.1 GB of memory to decode; the limit is 1.5 GB. Save a smaller copy of it.');
  });

  it('counts the file itself', async () => {
    const large = Buffer.alloc(1.2e9);
    (await noise(WIDTH, HEIGHT).jpeg({ progressive: true, chromaSubsampling: '4:4:4' }).toBuffer()).copy(large);
    const frame = large.indexOf(Buffer.from('ffc2', 'hex'));
    large.writeUInt16BE(10_000, frame + 5);
    large.writeUInt16BE(10_000, frame + 7);
    await expect(inspect(large)).rejects.toMatchObject({
      kind: 'too-large',
      message: expect.stringContaining('1.8 GB'),
    });
  });

  it('is not taken by a JPEG XL that says it is too large', async () => {
    const file = jxlContainer(Buffer.from('ff0afeffffff3f0000000000000000', 'hex'), 1);
    await expect(inspect(Buffer.from(file))).rejects.toMatchObject({ kind: 'too-large' });
  });
});

describe('a picture of an odd shape', () => {
  it('is refused when a side is longer than any', async () => {
    const file = await sharp({ create: { width: 1, height: 1_100_000, channels: 3, background: '#888' } })
      .png()
      .toBuffer();
    await expect(inspect(Buffer.from(file))).rejects.toMatchObject({
      kind: 'too-large',
      message: expect.stringContaining('a side may have up to 1,048,576'),
    });
  });
});
