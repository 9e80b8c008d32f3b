import sharp from 'sharp';
import { number } from '../../boxes.ts';
import { bomb, many, type Bomb } from './bomb.ts';

const segment = (marker: number, ...content: readonly Uint8Array[]): Buffer => {
  const body = Buffer.concat(content);
  return Buffer.concat([Buffer.of(0xff, marker), number(2, 2 + body.length), body]);
};

const START = Buffer.of(0xff, 0xd8);
const END = Buffer.of(0xff, 0xd9);
/** One code of one bit, which says “no change”, for tables of DC; for those of AC it says “32,767 blocks without anything”. */
const tableOf = (place: number, symbol: number): Buffer =>
  segment(0xc4, Buffer.of(place, 1, ...Array<number>(15).fill(0), symbol));
const QUANTISATION = segment(0xdb, Buffer.from([0, ...Array<number>(64).fill(1)]));

interface Flat {
  readonly width: number;
  readonly height: number;
  readonly channels?: 1 | 3 | 4;
  /** Scans of one coefficient each that change nothing, behind the one that is the picture. */
  readonly emptyScans?: number;
}

/**
 * A valid progressive JPEG of one grey, whose decoder has to keep all coefficients in memory and to pass over all of them once
 * for every scan.
 *
 * @see ITU-T T.81, annex G
 */
export const flatJpeg = ({ width, height, channels = 3, emptyScans = 0 }: Flat): Buffer => {
  const ids = Array.from({ length: channels }, (_, index) => index + 1);
  const blocks = Math.ceil(width / 8) * Math.ceil(height / 8);
  // One bit a block: padded with ones, as the standard wants.
  const dc = Buffer.alloc(Math.ceil((blocks * channels) / 8));
  const scan = (of: readonly number[], first: number, last: number, data: Buffer): Buffer =>
    Buffer.concat([segment(0xda, Buffer.of(of.length, ...of.flatMap((id) => [id, 0]), first, last, 0)), data]);
  // 0 for the code, 14 bits that say how many blocks beyond 16,384.
  const runs = Math.ceil(blocks / 32_767);
  const bits = '011111111111111'.repeat(runs);
  const ac = stuffed(
    Buffer.from((bits.match(/.{1,8}/gu) ?? []).map((byte) => Number.parseInt(byte.padEnd(8, '1'), 2))),
  );
  return Buffer.concat([
    START,
    QUANTISATION,
    segment(0xc2, Buffer.of(8), number(2, height, width), Buffer.of(channels, ...ids.flatMap((id) => [id, 0x11, 0]))),
    tableOf(0x00, 0),
    tableOf(0x10, 0xe0),
    scan(ids, 0, 0, dc),
    many(emptyScans, (index) => scan([1], 1 + (index % 63), 1 + (index % 63), ac)),
    END,
  ]);
};

/** Within coded data, a zero follows each byte of ones. */
const stuffed = (bytes: Buffer): Buffer =>
  Buffer.from([...bytes].flatMap((byte) => (byte === 0xff ? [0xff, 0] : [byte])));

const sound = (): Promise<Buffer> =>
  sharp({ create: { width: 320, height: 240, channels: 3, background: '#4080c0' } })
    .jpeg()
    .toBuffer();

/** A sound picture with segments behind its start. */
const withSegments = async (...segments: readonly Uint8Array[]): Promise<Buffer> => {
  const picture = await sound();
  return Buffer.concat([picture.subarray(0, 2), ...segments, picture.subarray(2)]);
};

const exif = (...content: readonly Uint8Array[]): Buffer =>
  segment(0xe1, Buffer.from('Exif\0\0', 'latin1'), ...content);
const ifd = (
  entries: readonly (readonly [tag: number, type: number, count: number, value: number])[],
  next = 0,
): Buffer =>
  Buffer.concat([
    Buffer.from('MM\0*\0\0\0\x08', 'latin1'),
    number(2, entries.length),
    ...entries.map(([tag, type, count, value]) => Buffer.concat([number(2, tag, type), number(4, count, value)])),
    number(4, next),
  ]);

const icc = (part: number, parts: number, bytes: number): Buffer =>
  segment(0xe2, Buffer.from('ICC_PROFILE\0', 'latin1'), Buffer.of(part, parts), Buffer.alloc(bytes));
const XMP = Buffer.from('http://ns.adobe.com/xap/1.0/\0', 'latin1');
const XMP_EXTENSION = Buffer.from('http://ns.adobe.com/xmp/extension/\0', 'latin1');

export const jpegBombs: readonly Bomb[] = [
  ...[8000, 12_000, 16_000, 20_000, 30_000, 65_500].map((edge) =>
    bomb(`progressive ${edge}.jpg`, () => flatJpeg({ width: edge, height: edge })),
  ),
  bomb('progressive four channels.jpg', () => flatJpeg({ width: 12_000, height: 12_000, channels: 4 })),
  bomb('progressive grey.jpg', () => flatJpeg({ width: 20_000, height: 12_000, channels: 1 })),
  bomb('progressive thin.jpg', () => flatJpeg({ width: 65_500, height: 1 })),
  bomb('progressive tall.jpg', () => flatJpeg({ width: 1, height: 65_500 })),
  ...[100, 1000, 5000].map((emptyScans) =>
    bomb(`scans ${emptyScans}.jpg`, () => flatJpeg({ width: 8000, height: 8000, emptyScans })),
  ),
  bomb('scans small.jpg', () => flatJpeg({ width: 64, height: 64, emptyScans: 100_000 })),
  bomb('size without data.jpg', () => flatJpeg({ width: 65_535, height: 65_535 }).subarray(0, 400)),
  bomb('exif loop.jpg', () => withSegments(exif(ifd([[0x8769, 4, 1, 8]], 8)))),
  bomb('exif count.jpg', () => withSegments(exif(ifd([[0x9286, 7, 0xffff_ffff, 8]])))),
  bomb('exif rationals.jpg', () =>
    withSegments(exif(ifd(Array.from({ length: 5000 }, () => [0x829a, 5, 5000, 8] as const)))),
  ),
  bomb('exif thumbnail.jpg', () =>
    withSegments(
      exif(
        ifd([
          [513, 4, 1, 0],
          [514, 4, 1, 0xffff_ffff],
        ]),
      ),
    ),
  ),
  bomb('exif often.jpg', () =>
    withSegments(many(2000, () => exif(ifd([[0x9286, 7, 60_000, 8]]), Buffer.alloc(60_000, 'a')))),
  ),
  bomb('segments.jpg', () => withSegments(many(200_000, () => segment(0xef, Buffer.from('x'))))),
  bomb('comments.jpg', () => withSegments(many(800, () => segment(0xfe, Buffer.alloc(65_000, '\u001b'))))),
  bomb('icc parts.jpg', () => withSegments(many(255, (part) => icc(part + 1, 255, 65_000)))),
  bomb('icc false.jpg', () => withSegments(icc(1, 255, 128), icc(200, 1, 65_000))),
  bomb('xmp often.jpg', () => withSegments(many(500, () => segment(0xe1, XMP, Buffer.alloc(60_000, '<a '))))),
  bomb('xmp extension.jpg', () =>
    withSegments(
      segment(0xe1, XMP_EXTENSION, Buffer.alloc(32, 'A'), number(4, 0xffff_ffff, 0xffff_fff0), Buffer.alloc(60_000)),
    ),
  ),
  bomb('xmp nested.jpg', () => withSegments(segment(0xe1, XMP, Buffer.from('<a>'.repeat(20_000))))),
  bomb('iptc lengths.jpg', () =>
    withSegments(
      segment(
        0xed,
        Buffer.from('Photoshop 3.0\x008BIM\x04\x04\0\0\x7f\xff\xff\xff', 'latin1'),
        Buffer.alloc(60_000, 0x1c),
      ),
    ),
  ),
  bomb('iptc keywords.jpg', () =>
    withSegments(
      segment(
        0xed,
        Buffer.from('Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\xea\x60', 'latin1'),
        many(10_000, () => Buffer.from('1c02190001ff', 'hex')),
      ),
    ),
  ),
];
