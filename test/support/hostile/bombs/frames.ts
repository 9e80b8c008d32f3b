import sharp from 'sharp';
import { bomb, many, type Bomb } from './bomb.ts';

const shorts = (...values: readonly number[]): Buffer => Buffer.from(Uint16Array.from(values).buffer);
const longs = (...values: readonly number[]): Buffer => Buffer.from(Uint32Array.from(values).buffer);

/** A GIF whose frames are all of one colour: two bytes of data each. */
const gif = (canvas: readonly [number, number], frames: number, frame: readonly [number, number] = [1, 1]): Buffer => {
  const control = Buffer.from('21f9040401000000', 'hex');
  const one = Buffer.concat([control, Buffer.of(0x2c), shorts(0, 0, ...frame), Buffer.from('000202440100', 'hex')]);
  return Buffer.concat([
    Buffer.from('GIF89a', 'latin1'),
    shorts(...canvas),
    Buffer.from('800000', 'hex'),
    Buffer.from('000000ffffff', 'hex'),
    Buffer.from('21ff0b4e45545343415045322e300301000000', 'hex'),
    many(frames, () => one),
    Buffer.of(0x3b),
  ]);
};

const chunk = (type: string, ...content: readonly Uint8Array[]): Buffer => {
  const body = Buffer.concat(content);
  return Buffer.concat([Buffer.from(type, 'latin1'), longs(body.length), body, Buffer.alloc(body.length % 2)]);
};
const webp = (...chunks: readonly Buffer[]): Buffer => {
  const body = Buffer.concat([Buffer.from('WEBP', 'latin1'), ...chunks]);
  return Buffer.concat([Buffer.from('RIFF', 'latin1'), longs(body.length), body]);
};
const [HAS_ANIMATION, HAS_XMP, HAS_EXIF, HAS_PROFILE] = [0x02, 0x04, 0x08, 0x20];
const three = (value: number): Buffer => longs(value).subarray(0, 3);
const canvas = (flags: number, width: number, height: number): Buffer =>
  chunk('VP8X', longs(flags), three(width - 1), three(height - 1));

/** The coded picture of a small sound file, its chunk and all. */
const coded = async (): Promise<Buffer> => {
  const file = await sharp({ create: { width: 16, height: 16, channels: 3, background: 'red' } })
    .webp()
    .toBuffer();
  return file.subarray(12);
};
const frameOf = (picture: Buffer): Buffer =>
  chunk('ANMF', three(0), three(0), three(15), three(15), three(40), Buffer.of(0), picture);
const withChunks = async (flags: number, before: readonly Buffer[], after: readonly Buffer[] = []): Promise<Buffer> =>
  webp(canvas(flags, 16, 16), ...before, await coded(), ...after);

export const gifBombs: readonly Bomb[] = [
  bomb('canvas.gif', () => gif([65_535, 65_535], 1)),
  bomb('canvas less.gif', () => gif([15_000, 15_000], 1)),
  bomb('canvas and frames.gif', () => gif([8000, 8000], 50_000)),
  bomb('frames.gif', () => gif([16, 16], 500_000)),
  bomb('frame outside.gif', () => gif([16, 16], 10, [65_535, 65_535])),
  bomb('no size.gif', () => gif([0, 0], 1, [0, 0])),
  bomb('no frame.gif', () => gif([4000, 4000], 0)),
  bomb('comments.gif', () => {
    const file = gif([16, 16], 1);
    const comment = Buffer.concat([
      Buffer.of(0x21, 0xfe),
      many(100_000, () => Buffer.concat([Buffer.of(255), Buffer.alloc(255, 'x')])),
      Buffer.of(0),
    ]);
    return Buffer.concat([file.subarray(0, 19), comment, file.subarray(19)]);
  }),
];

export const webpBombs: readonly Bomb[] = [
  bomb('canvas.webp', async () =>
    webp(canvas(HAS_ANIMATION, 16_384, 16_384), chunk('ANIM', longs(0), shorts(0)), frameOf(await coded())),
  ),
  bomb('canvas of 24 bits.webp', async () =>
    webp(canvas(HAS_ANIMATION, 2 ** 24, 2 ** 24), chunk('ANIM', longs(0), shorts(0)), frameOf(await coded())),
  ),
  bomb('frames.webp', async () => {
    const frame = frameOf(await coded());
    return webp(
      canvas(HAS_ANIMATION, 2000, 2000),
      chunk('ANIM', longs(0), shorts(0)),
      many(50_000, () => frame),
    );
  }),
  bomb('lossless without data.webp', () => webp(chunk('VP8L', Buffer.from('2fffffff0f', 'hex'), Buffer.alloc(64)))),
  bomb('lossless black.webp', () =>
    sharp({ create: { width: 8000, height: 6000, channels: 3, background: 'black' } })
      .webp({ lossless: true, effort: 0 })
      .toBuffer(),
  ),
  bomb('lossy without data.webp', () =>
    webp(chunk('VP8 ', Buffer.from('9d012a', 'hex'), shorts(16_383, 16_383), Buffer.alloc(64))),
  ),
  bomb('profile.webp', () => withChunks(HAS_PROFILE, [chunk('ICCP', Buffer.alloc(40_000_000))])),
  bomb('exif.webp', () =>
    withChunks(
      HAS_EXIF,
      [],
      [chunk('EXIF', Buffer.from('MM\0*\0\0\0\x08\xff\xff', 'latin1'), Buffer.alloc(10_000_000, 2))],
    ),
  ),
  bomb('xmp.webp', () => withChunks(HAS_XMP, [], [chunk('XMP ', Buffer.from('<a b="c">'.repeat(500_000)))])),
  bomb('chunks.webp', () => withChunks(0, [], [many(400_000, () => chunk('JUNK', Buffer.alloc(2)))])),
  bomb('false length.webp', async () =>
    Buffer.concat([Buffer.from('RIFF\xff\xff\xff\xffWEBP', 'latin1'), await coded()]),
  ),
];
