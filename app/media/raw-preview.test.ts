import fc from 'fast-check';
import sharp, { type OverlayOptions } from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { CORNERS, expectCorners, type Colour } from '../../test/support/colours.ts';
import { rafFile, rawFiles } from '../../test/support/raw-files.ts';
import { decode, encodeView, inspect } from './decode.ts';
import { PhotoFailure } from './photo-failure.ts';
import { readRaw } from './raw-preview.ts';

const [RED, GREEN, BLUE, YELLOW] = CORNERS;
const [WIDTH, HEIGHT] = [640, 480];

/** Four colours as the sensor lies; with an orientation, it says itself which way is up. */
const jpeg = async (width: number, height: number, orientation?: number): Promise<Buffer<ArrayBuffer>> => {
  const colours = CORNERS.map(([r, g, b], corner): OverlayOptions => ({
    input: { create: { width: width / 2, height: height / 2, channels: 3, background: { r, g, b } } },
    left: (corner % 2) * (width / 2),
    top: Math.floor(corner / 2) * (height / 2),
  }));
  const picture = sharp({ create: { width, height, channels: 3, background: '#000' } }).composite(colours);
  if (orientation !== undefined) picture.withMetadata({ orientation });
  return Buffer.from(await picture.jpeg({ chromaSubsampling: '4:4:4' }).toBuffer());
};

const MIMES: Readonly<Record<string, string>> = {
  cr2: 'image/x-canon-cr2',
  cr3: 'image/x-canon-cr3',
  nef: 'image/x-nikon-nef',
  arw: 'image/x-sony-arw',
  dng: 'image/x-adobe-dng',
  orf: 'image/x-olympus-orf',
  rw2: 'image/x-panasonic-rw2',
  raf: 'image/x-fuji-raf',
};

const UPRIGHT: readonly (readonly [orientation: number, corners: readonly Colour[]])[] = [
  [1, CORNERS],
  [3, [YELLOW, BLUE, GREEN, RED]],
  [6, [BLUE, RED, YELLOW, GREEN]],
  [8, [GREEN, YELLOW, RED, BLUE]],
];

let [large, small, turned] = [Buffer.alloc(0), Buffer.alloc(0), Buffer.alloc(0)];
beforeAll(async () => {
  [large, small, turned] = await Promise.all([jpeg(WIDTH, HEIGHT), jpeg(160, 120), jpeg(WIDTH, HEIGHT, 3)]);
});

const files = (preview: Buffer, orientation: number): ReadonlyMap<string, Buffer<ArrayBuffer>> =>
  rawFiles({ large: preview, small, orientation });

describe('a raw file', () => {
  it.each(UPRIGHT)('shows its largest preview as the camera was held, orientation %i', async (orientation, wanted) => {
    const all = new Map(files(large, orientation)).set('raf', rafFile(await jpeg(WIDTH, HEIGHT, orientation)));
    expect([...all.keys()].sort()).toEqual(Object.keys(MIMES).sort());
    for (const [name, file] of all) {
      const picture = await inspect(file);
      const size = orientation > 4 ? { width: HEIGHT, height: WIDTH } : { width: WIDTH, height: HEIGHT };
      expect(picture, name).toMatchObject({ ...size, mime: MIMES[name] });
      expectCorners(await decode(picture, { width: picture.width / 4, height: picture.height / 4 }), wanted, 12);
    }
  });

  it('is turned by what it says itself, whatever its preview says', async () => {
    for (const [name, file] of files(turned, 6)) {
      const picture = await inspect(file);
      expect(picture, name).toMatchObject({ width: HEIGHT, height: WIDTH });
      expectCorners(await decode(picture, picture), [BLUE, RED, YELLOW, GREEN], 12);
    }
  });

  it('can be shown by a browser', async () => {
    for (const file of files(large, 8).values()) {
      const view = await inspect(Buffer.from(await encodeView(await inspect(file), 320)));
      expect(view).toMatchObject({ width: 240, height: 320, mime: 'image/jpeg' });
    }
  });

  it('without a preview says so, and what to do', async () => {
    const none = Buffer.from('no preview');
    for (const [name, file] of rawFiles({ large: lossless(), small: none, orientation: 1 }))
      await expect(inspect(file), name).rejects.toMatchObject({
        kind: 'unsupported',
        message: expect.stringMatching(/preview.*JPEG/su),
      });
  });

  it('whose preview ends early is damaged', async () => {
    // What says that they are raw, and where the preview is, lies before it.
    for (const file of [files(large, 1).get('cr3')!, rafFile(large)]) {
      const cut = Buffer.from(file.subarray(0, file.indexOf(large) + Math.floor(large.length * 0.9)));
      const pixels = inspect(cut).then((picture) => decode(picture, picture));
      await expect(pixels).rejects.toMatchObject({ kind: 'truncated' });
    }
  });
});

/** A JPEG of raw data only: it says that it is made without loss. */
const lossless = (): Buffer => {
  const file = Buffer.from(large);
  file[file.indexOf(Buffer.from('ffc0', 'hex')) + 1] = 0xc3;
  return file;
};

describe('readRaw', () => {
  it('leaves pictures to others', async () => {
    const picture = sharp(large);
    expect(readRaw(Buffer.from(await picture.clone().tiff({ compression: 'jpeg' }).toBuffer()))).toBeNull();
    expect(readRaw(Buffer.from(await picture.clone().png().toBuffer()))).toBeNull();
    // Pixels right behind the header look like anything.
    const grey = sharp({ create: { width: 9, height: 9, channels: 3, background: '#494949' } });
    expect(readRaw(Buffer.from(await grey.tiff({ compression: 'none' }).toBuffer()))).toBeNull();
    expect(readRaw(Buffer.alloc(0))).toBeNull();
  });

  it('fails as a photo does, and ends, whatever bytes it is given', () => {
    const originals = [...files(large, 6).values(), rafFile(turned)];
    const damage = fc.record({
      file: fc.nat(originals.length - 1),
      length: fc.double({ min: 0, max: 1, noNaN: true }),
      // Mostly where the structure is: at the start and at the end.
      changes: fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(255), fc.boolean()), {
        maxLength: 40,
      }),
    });
    fc.assert(
      fc.property(damage, ({ file, length, changes }) => {
        const whole = originals[file]!;
        const bytes = Buffer.from(whole.subarray(0, Math.ceil(whole.length * (length > 0.7 ? 1 : length))));
        for (const [share, value, isEnd] of changes) {
          const near = Math.floor(share ** 4 * bytes.length);
          bytes[isEnd ? bytes.length - 1 - near : near] = value;
        }
        expectOnlyPhotoFailures(bytes);
      }),
      { numRuns: 2000 },
    );
  });

  it('reads headers of endless pictures in bounded time', () => {
    const header = Buffer.from('II*\0\x08\0\0\0', 'latin1');
    const loop = Buffer.from('ffd8ffe00004ffd8', 'hex');
    const file = Buffer.concat([Buffer.from('FOVb'), header, ...Array<Buffer>(500_000).fill(loop)]);
    expectOnlyPhotoFailures(file);
  });

  it('reads directories that point to each other once', () => {
    const file = Buffer.alloc(64);
    file.write('II*\0\x08\0\0\0', 'latin1');
    file.writeUInt16LE(1, 8);
    file.writeUInt16LE(330, 10);
    file.writeUInt16LE(4, 12);
    file.writeUInt32LE(1, 14);
    file.writeUInt32LE(8, 18);
    file.writeUInt32LE(8, 22);
    expect(readRaw(file)).toBeNull();
  });
});

const expectOnlyPhotoFailures = (file: Buffer<ArrayBuffer>): void => {
  try {
    readRaw(file);
  } catch (error) {
    expect(error).toBeInstanceOf(PhotoFailure);
  }
};
