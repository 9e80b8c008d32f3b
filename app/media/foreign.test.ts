import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { CORNERS, expectColour, expectCorners, middle, type Colour } from '../../test/support/colours.ts';
import { heicFile } from '../../test/support/heic-file.ts';
import { noise, plain } from '../../test/support/image-files.ts';
import { jxlContainer, jxlFile } from '../../test/support/jxl-file.ts';
import { decode, encodeView, inspect, partOf } from './decode.ts';
import { jpegXlSize } from './jxl.ts';
import { PhotoFailure } from './photo-failure.ts';

const [RED, GREEN, BLUE, YELLOW] = CORNERS;

/** Four colours over so many pixels. */
const corners =
  (width: number, height: number) =>
  (x: number, y: number): Colour =>
    CORNERS[(x < width / 2 ? 0 : 1) + (y < height / 2 ? 0 : 2)]!;

const failureOf = (file: Buffer): Promise<unknown> =>
  inspect(Buffer.from(file)).then(
    () => 'no failure',
    (error: unknown) => error,
  );

const quarters = sharp(
  Buffer.from(
    Array.from({ length: 160 * 120 }, (_, at) => [...corners(160, 120)(at % 160, Math.floor(at / 160))]).flat(),
  ),
  { raw: { width: 160, height: 120, channels: 3 } },
);

describe('HEIC', () => {
  const file = heicFile({ width: 128, height: 64, paint: corners(128, 64) });

  it('is decoded with its colours', async () => {
    const picture = await inspect(file);
    expect(picture).toMatchObject({ width: 128, height: 64, mime: 'image/heic' });
    expectCorners(await decode(picture, picture), CORNERS, 2);
    expectCorners(await decode(picture, { width: 32, height: 16 }), CORNERS, 2);
  });

  it('is decoded of tiles, as phones write it', async () => {
    const tiled = heicFile({ width: 64, height: 32, tiles: [3, 2], paint: corners(192, 64) });
    const picture = await inspect(tiled);
    expect(picture).toMatchObject({ width: 192, height: 64 });
    expectCorners(await decode(picture, picture), CORNERS, 2);
  });

  it.each([
    [1, false, [GREEN, YELLOW, RED, BLUE]],
    [2, false, [YELLOW, BLUE, GREEN, RED]],
    [3, false, [BLUE, RED, YELLOW, GREEN]],
    [0, true, [GREEN, RED, YELLOW, BLUE]],
    [1, true, [YELLOW, GREEN, BLUE, RED]],
  ] as const)('is turned by %i quarters, mirrored: %s', async (turns, mirrored, wanted) => {
    const picture = await inspect(heicFile({ width: 128, height: 64, paint: corners(128, 64), turns, mirrored }));
    expect(picture).toMatchObject(turns % 2 === 1 ? { width: 64, height: 128 } : { width: 128, height: 64 });
    expectCorners(await decode(picture, picture), wanted, 2);
  });

  it('obeys its own turn alone, not that of its Exif data, which says the same again', async () => {
    const exif = Buffer.from('49492a0008000000010012010300010000000600000000000000', 'hex');
    const picture = await inspect(heicFile({ width: 128, height: 64, paint: corners(128, 64), turns: 3, exif }));
    expect(picture).toMatchObject({ width: 64, height: 128 });
    expectCorners(await decode(picture, picture), [BLUE, RED, YELLOW, GREEN], 2);
  });

  it('shows the colours of its profile', async () => {
    const p3 = await plain('rgb(200,80,60)').withIccProfile('p3').png().toBuffer();
    const { icc } = await sharp(p3).metadata();
    const [r, g, b] = await sharp(p3, { ignoreIcc: true }).raw().toBuffer();
    const picture = await inspect(heicFile({ width: 32, height: 32, paint: () => [r!, g!, b!], icc: icc! }));
    expectColour(middle(await decode(picture, picture)), [200, 80, 60], 4);
  });

  it('gives parts, and a JPEG for browsers', async () => {
    const picture = await inspect(file);
    const part = partOf(picture, { x: 0.5, y: 0, w: 0.5, h: 0.5 });
    expect(part).toMatchObject({ width: 64, height: 32 });
    expectCorners(await decode(part, part), Array<Colour>(4).fill(GREEN), 2);
    const view = await inspect(Buffer.from(await encodeView(picture, 64)));
    expect(view).toMatchObject({ width: 64, height: 32, mime: 'image/jpeg' });
    expectCorners(await decode(view, view), CORNERS, 12);
  });

  it('is never decoded by half', async () => {
    const tiled = heicFile({ width: 64, height: 64, tiles: [2, 2], paint: corners(128, 128) });
    for (const whole of [file, tiled])
      for (const share of [0.01, 0.1, 0.5, 0.9, 0.99])
        expect(await failureOf(whole.subarray(0, Math.floor(whole.length * share))), `cut at ${share}`).toMatchObject({
          kind: 'truncated',
        });
  });

  it('is not decoded when it says that it is too large, nor when it says that it is not', async () => {
    const large = heicFile({ width: 32, height: 32, paint: () => RED, claimed: [20_000, 20_000] });
    expect(await failureOf(large)).toMatchObject({
      kind: 'too-large',
      message: expect.stringContaining('needs 6.8 GB of memory to decode; the limit is 1.5 GB'),
    });
    const small = heicFile({ width: 128, height: 128, paint: () => RED, claimed: [32, 32] });
    const picture = await inspect(small).catch(() => null);
    // Decoders may go by either; what is said of the picture and its pixels agree.
    if (picture !== null) expect((await decode(picture, picture)).data.length).toBe(picture.width * picture.height * 3);
  });
});

describe('JPEG XL', () => {
  it.each([
    ['bare', async () => jxlFile(quarters)],
    ['without loss', async () => jxlFile(quarters, 100)],
    ['in a box', async () => jxlContainer(await jxlFile(quarters), 1)],
    ['in two boxes', async () => jxlContainer(await jxlFile(quarters), 2)],
  ])('is decoded %s', async (_, make) => {
    const picture = await inspect(await make());
    expect(picture).toMatchObject({ width: 160, height: 120, mime: 'image/jxl' });
    expectCorners(await decode(picture, { width: 80, height: 60 }), CORNERS, 8);
    expect(await inspect(Buffer.from(await encodeView(picture, 100)))).toMatchObject({ width: 100, height: 75 });
  });

  it('lies on white where it is transparent', async () => {
    const half = sharp({
      create: { width: 16, height: 16, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0.5 } },
    });
    const picture = await inspect(await jxlFile(half, 100));
    expectColour(middle(await decode(picture, picture)), [127, 127, 127], 2);
  });

  it('is never decoded by half', async () => {
    const whole = await jxlFile(noise(120, 90));
    for (const file of [whole, jxlContainer(whole, 1), jxlContainer(whole, 2)])
      for (const share of [0.01, 0.1, 0.5, 0.9])
        expect(await failureOf(file.subarray(0, Math.floor(file.length * share))), `cut at ${share}`).toMatchObject({
          // Two bytes are not enough to tell what it was.
          kind: expect.stringMatching(share * file.length < 2 ? /truncated|not-an-image/u : /truncated/u),
        });
  });

  it.each([
    [8, 8],
    [256, 256],
    [264, 136],
    [1200, 1000],
    [1, 1],
    [513, 9],
    [300, 3000],
    [1600, 900],
  ])('says that it has %i × %i pixels before it is decoded', async (width, height) => {
    expect(jpegXlSize(await jxlFile(plain('#c83c28', width, height)))).toEqual({ width, height });
  });

  it('is not decoded when it is too large', async () => {
    // A SizeHeader of 2^30 rows, as many columns.
    const file = Buffer.from('ff0afeffffff3f0000000000000000', 'hex');
    expect(await failureOf(file)).toMatchObject({ kind: 'too-large' });
  });
});

describe('animations and pages', () => {
  it('shows the first page of a TIFF', async () => {
    const pages = Buffer.concat([Buffer.alloc(32 * 32 * 3, Uint8Array.of(255, 0, 0)), Buffer.alloc(32 * 32 * 3, 9)]);
    const file = await sharp(pages, { raw: { width: 32, height: 64, channels: 3, pageHeight: 32 } })
      .tiff()
      .toBuffer();
    expect((await sharp(file).metadata()).pages).toBe(2);
    const picture = await inspect(Buffer.from(file));
    expect(picture).toMatchObject({ width: 32, height: 32, mime: 'image/tiff' });
    expectColour(middle(await decode(picture, picture)), [255, 0, 0], 3);
  });
});

describe('damage', () => {
  it('is the failure of one picture, and others follow', async () => {
    const heic = heicFile({ width: 64, height: 32, tiles: [2, 1], paint: corners(128, 32) });
    const jxl = await jxlFile(noise(32, 24));
    const change = fc.tuple(fc.nat(), fc.nat(255));
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(heic, jxl),
        fc.array(change, { minLength: 1, maxLength: 5 }),
        async (file, changes) => {
          const bytes = Buffer.from(file);
          // Headers come first, and decoders trust them most.
          for (const [place, value] of changes) bytes[place % Math.min(700, bytes.length)] = value;
          const found = await failureOf(bytes);
          if (found !== 'no failure') expect(found).toBeInstanceOf(PhotoFailure);
        },
      ),
      { numRuns: 40 },
    );
    expect(await inspect(heic)).toMatchObject({ width: 128, height: 32 });
    expect(await inspect(jxl)).toMatchObject({ width: 32, height: 24 });
  });

  it('leaves no memory behind', async () => {
    const heic = heicFile({ width: 256, height: 256, paint: () => RED });
    for (let round = 0; round < 60; round++) await inspect(heic);
    // An instance holds some 20 MB: sixty of them would be more than a gigabyte.
    expect(process.memoryUsage.rss()).toBeLessThan(900 * 2 ** 20);
  });
});
