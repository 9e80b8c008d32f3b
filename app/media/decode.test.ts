import sharp, { type OverlayOptions } from 'sharp';
import { describe, expect, it } from 'vitest';
import { CORNERS, expectColour, expectCorners, middle, type Colour } from '../../test/support/colours.ts';
import { heicFile } from '../../test/support/heic-file.ts';
import { animation, everyFormat, noise, plain } from '../../test/support/image-files.ts';
import { tiff } from '../../test/support/hostile/bombs/tiff.ts';
import { hugePng } from '../../test/support/huge-png.ts';
import { decode, inspect, partOf, type Pixels, type Size } from './decode.ts';

const load = async (file: Buffer, size?: Size): Promise<Pixels> => {
  const picture = await inspect(Buffer.from(file));
  return decode(picture, size ?? picture);
};

const failureOf = async (file: Buffer): Promise<unknown> => {
  try {
    await load(file, { width: 40, height: 30 });
    return 'no failure';
  } catch (error) {
    return error;
  }
};

describe('decode', () => {
  it('reads every format by its content', async () => {
    const files = await everyFormat(plain('#c83c28', 640, 480));
    for (const [name, file] of files) {
      const picture = await inspect(file);
      expect(picture).toMatchObject({ width: 640, height: 480, mime: `image/${name.split(' ').at(-1) ?? ''}` });
      const pixels = await decode(picture, { width: 160, height: 120 });
      expect(pixels).toMatchObject({ width: 160, height: 120 });
      expect(pixels.data.length).toBe(160 * 120 * 3);
      expectColour(middle(pixels), [200, 60, 40], 8);
    }
  });

  // Stored corners in reading order, by the number of the upright corner they are: what each orientation says of a picture.
  const orientations: readonly (readonly [orientation: number, storedCorners: readonly number[]])[] = [
    [1, [0, 1, 2, 3]],
    [2, [1, 0, 3, 2]],
    [3, [3, 2, 1, 0]],
    [4, [2, 3, 0, 1]],
    [5, [0, 2, 1, 3]],
    [6, [1, 3, 0, 2]],
    [7, [3, 1, 2, 0]],
    [8, [2, 0, 3, 1]],
  ];
  it.each(orientations)('turns a picture of orientation %i upright', async (orientation, storedCorners) => {
    const [width, height] = [1600, 1200];
    const isTurned = orientation > 4;
    const quarter = (corner: number): OverlayOptions['input'] => {
      const [r, g, b] = CORNERS[corner]!;
      return { create: { width: width / 2, height: height / 2, channels: 3, background: { r, g, b } } };
    };
    const file = await plain('#000', width, height)
      .composite(
        storedCorners.map((corner, place) => ({
          input: quarter(corner),
          left: (place % 2) * (width / 2),
          top: Math.floor(place / 2) * (height / 2),
        })),
      )
      .withMetadata({ orientation })
      .jpeg({ chromaSubsampling: '4:4:4' })
      .toBuffer();
    const picture = await inspect(Buffer.from(file));
    expect(picture).toMatchObject(isTurned ? { width: height, height: width } : { width, height });
    // Small enough for the decoder to shrink while it loads.
    const size = isTurned ? { width: 150, height: 200 } : { width: 200, height: 150 };
    const pixels = await decode(picture, size);
    expect(pixels).toMatchObject(size);
    expectCorners(pixels, CORNERS, 12);
  });

  it('brings CMYK, 16 bits, grey and other colour spaces to sRGB', async () => {
    const colour: Colour = [200, 80, 60];
    const source = plain('rgb(200,80,60)');
    expectColour(
      middle(await load(await source.clone().toColourspace('cmyk').jpeg({ quality: 100 }).toBuffer())),
      colour,
      24,
    );
    expectColour(middle(await load(await source.clone().toColourspace('rgb16').png().toBuffer())), colour, 2);
    expectColour(middle(await load(await source.clone().toColourspace('lab').tiff().toBuffer())), colour, 4);
    const [red, green, blue] = middle(await load(await source.clone().greyscale().jpeg().toBuffer()));
    expect([green, blue]).toEqual([red, red]);
    const grey16 = await sharp({ create: { width: 8, height: 8, channels: 3, background: '#646464' } })
      .toColourspace('grey16')
      .png()
      .toBuffer();
    expectColour(middle(await load(grey16)), [100, 100, 100], 2);
  });

  it('reads Display P3 as what it shows, not by its numbers', async () => {
    const file = await plain('rgb(200,80,60)').withIccProfile('p3').png().toBuffer();
    const stored = await sharp(file, { ignoreIcc: true }).raw().toBuffer();
    expect(stored[0]).not.toBe(200);
    expectColour(middle(await load(file)), [200, 80, 60], 3);
  });

  it('puts what is transparent on white', async () => {
    const half = sharp({ create: { width: 8, height: 8, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0.5 } } });
    expectColour(middle(await load(await half.clone().png().toBuffer())), [127, 127, 127], 2);
    const none = sharp({ create: { width: 8, height: 8, channels: 4, background: { r: 255, g: 0, b: 0, alpha: 0 } } });
    expectColour(middle(await load(await none.webp({ lossless: true }).toBuffer())), [255, 255, 255]);
  });

  it.each(['gif', 'webp'] as const)('shows the first image of an animated %s', async (format) => {
    const file = await animation().toFormat(format, { loop: 0, delay: 100 }).toBuffer();
    expect((await sharp(file).metadata()).pages).toBe(2);
    const picture = await inspect(Buffer.from(file));
    expect(picture).toMatchObject({ width: 32, height: 32 });
    expectColour(middle(await decode(picture, picture)), [255, 0, 0], 3);
  });
});

describe('files that are no good pictures', () => {
  it('never decodes half a picture', async () => {
    for (const [name, file] of await everyFormat(noise(400, 300))) {
      for (const share of [0.1, 0.5, 0.9]) {
        expect(
          await failureOf(file.subarray(0, Math.floor(file.length * share))),
          `${name} cut at ${share}`,
        ).toMatchObject({ kind: 'truncated' });
      }
    }
  });

  it('does not decode a picture of a size that no memory should be spent on', async () => {
    expect(await failureOf(hugePng(30_000, 30_000))).toMatchObject({
      kind: 'too-large',
      message: expect.stringContaining('30000 × 30000'),
    });
  });

  it.each([
    ['text', Buffer.from('Dear diary, today I took no photo.')],
    ['random bytes', Buffer.from(Array.from({ length: 4000 }, (_, index) => (index * 7919) & 255))],
    ['a drawing', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')],
    ['a document', Buffer.from('%PDF-1.7\n')],
  ])('does not take %s for a picture', async (_, file) => {
    expect(await failureOf(file)).toMatchObject({ kind: 'not-an-image' });
  });

  it('says which formats it could read where it knows a format that it cannot', async () => {
    const file = heicFile({ width: 32, height: 32, paint: () => [200, 60, 40] }).toString('latin1');
    const otherCodec = Buffer.from(file.replace('hvc1', 'jpeg'), 'latin1');
    expect(await failureOf(otherCodec)).toMatchObject({
      kind: 'unsupported',
      message: expect.stringContaining('JPEG'),
    });
  });
});

describe('a part of a picture', () => {
  const quarters = (orientation: number): Promise<Buffer> =>
    plain('#f00', 800, 600)
      .composite([
        { input: { create: { width: 400, height: 300, channels: 3, background: '#0f0' } }, left: 400, top: 0 },
        { input: { create: { width: 400, height: 300, channels: 3, background: '#00f' } }, left: 0, top: 300 },
      ])
      .withMetadata({ orientation })
      .png()
      .toBuffer();

  it.each([
    // Upright as stored: red and green above, blue and red below.
    [1, { x: 0.5, y: 0, w: 0.5, h: 0.5 }, [0, 255, 0], [400, 300]],
    [1, { x: 0, y: 0.5, w: 0.5, h: 0.5 }, [0, 0, 255], [400, 300]],
    // Turned right: blue and red above, red and green below.
    [6, { x: 0, y: 0, w: 0.5, h: 0.5 }, [0, 0, 255], [300, 400]],
    [6, { x: 0.5, y: 0.5, w: 0.5, h: 0.5 }, [0, 255, 0], [300, 400]],
    // Turned left: green and red above, red and blue below.
    [8, { x: 0, y: 0, w: 0.5, h: 0.5 }, [0, 255, 0], [300, 400]],
    [8, { x: 0.5, y: 0.5, w: 0.5, h: 0.5 }, [0, 0, 255], [300, 400]],
    // Mirrored.
    [2, { x: 0, y: 0, w: 0.5, h: 0.5 }, [0, 255, 0], [400, 300]],
  ] as const)(
    'is cut from the upright picture, orientation %i, %j',
    async (orientation, region, colour, [width, height]) => {
      const part = partOf(await inspect(Buffer.from(await quarters(orientation))), region);
      expect(part).toMatchObject({ width, height });
      for (const size of [part, { width: 64, height: 48 }]) {
        const pixels = await decode(part, size);
        expect(pixels).toMatchObject({ width: size.width, height: size.height });
        expectCorners(pixels, Array<Colour>(4).fill(colour));
      }
    },
  );

  it('has a pixel at least, and ends where the picture ends', async () => {
    const picture = await inspect(Buffer.from(await plain('#c83c28', 7, 5).png().toBuffer()));
    for (const region of [
      { x: 0, y: 0, w: 1e-9, h: 1e-9 },
      { x: 1, y: 1, w: 0, h: 0 },
      { x: 0.99, y: 0.99, w: 0.01, h: 0.01 },
      { x: 0.4, y: 0.4, w: 0.6, h: 0.6 },
      { x: 0, y: 0, w: 1, h: 1 },
    ]) {
      const part = partOf(picture, region);
      expect((await decode(part, part)).data.length).toBe(part.width * part.height * 3);
      expect(part.width * part.height).toBeGreaterThan(0);
    }
  });
});

describe('more channels than colours and transparency', () => {
  /** A grey TIFF of 40 × 30 pixels: the tags are sizes, bits, colours, strips, channels and how rows lie. */
  const withChannels = (channels: number): Buffer => {
    const data = Buffer.alloc(40 * 30 * channels, 120);
    const colours = channels < 3 ? 1 : 2;
    return tiff(
      [
        {
          ...{ 256: 40, 257: 30, 258: Array<number>(channels).fill(8), 259: 1, 262: colours, 273: 8, 277: channels },
          ...{ 278: 30, 279: data.length, 284: 1, 338: Array<number>(channels - (colours === 1 ? 1 : 3)).fill(0) },
        },
      ],
      data,
    );
  };

  it.each([1, 2, 4, 5])('%i of them become three', async (channels) => {
    const pixels = await load(withChannels(channels), { width: 20, height: 15 });
    expect([pixels.width, pixels.height, pixels.data.length]).toEqual([20, 15, 20 * 15 * 3]);
    // What has two or four is half transparent, and lies on white.
    const level = channels % 2 === 0 ? 191 : 120;
    expectColour(middle(pixels), [level, level, level]);
  });

  it.each([6, 40])('%i of them are more than can be read', async (channels) => {
    expect(await failureOf(withChannels(channels))).toMatchObject({ kind: 'unsupported' });
  });
});
