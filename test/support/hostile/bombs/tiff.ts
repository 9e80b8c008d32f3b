import { deflateSync } from 'node:zlib';
import { bomb, type Bomb } from './bomb.ts';

type Value = number | readonly number[] | Uint8Array;
/** Tags by number: whole numbers of 4 bytes each, or bytes. */
type Tags = Readonly<Record<number, Value>>;

const [WIDTH, HEIGHT, BITS, COMPRESSION, PHOTOMETRIC, STRIPS, ORIENTATION] = [256, 257, 258, 259, 262, 273, 274];
const [CHANNELS, ROWS, STRIP_BYTES, PLANAR, TILE_WIDTH, TILE_HEIGHT, TILES, TILE_BYTES] = [
  277, 278, 279, 284, 322, 323, 324, 325,
];
const [SUB_DIRECTORIES, EXTRA, FORMAT, XMP, IPTC, EXIF, ICC] = [330, 338, 339, 700, 33_723, 34_665, 34_675];
const DEFLATE = 8;

const entry = (tag: number, type: number, count: number, value: number): Buffer => {
  const bytes = Buffer.alloc(12);
  bytes.writeUInt16LE(tag, 0);
  bytes.writeUInt16LE(type, 2);
  bytes.writeUInt32LE(count, 4);
  bytes.writeUInt32LE(value, 8);
  return bytes;
};

/**
 * A TIFF of directories one behind the other.
 *
 * @param data lies at 8, right behind the header
 * @param loops whether the last directory points back to the first
 */
export const tiff = (pages: readonly Tags[], data: Uint8Array = Buffer.alloc(0), loops = false): Buffer => {
  const parts: Buffer[] = [Buffer.from('II*\0\0\0\0\0', 'latin1'), Buffer.from(data)];
  let end = 8 + data.length;
  let link = 4;
  let first = 0;
  const links: (readonly [at: number, to: number])[] = [];
  for (const tags of pages) {
    const entries: Buffer[] = [];
    for (const [tag, value] of Object.entries(tags)) {
      const isBytes = value instanceof Uint8Array;
      const numbers = isBytes ? value : [value].flat();
      const content = isBytes ? Buffer.from(value) : Buffer.from(Uint32Array.from(numbers).buffer);
      const isOutside = content.length > 4;
      entries.push(
        entry(
          Number(tag),
          isBytes ? 7 : 4,
          numbers.length,
          isOutside ? end : Buffer.concat([content], 4).readUInt32LE(),
        ),
      );
      if (!isOutside) continue;
      parts.push(content);
      end += content.length;
    }
    const directory = Buffer.concat([Buffer.alloc(2), ...entries, Buffer.alloc(4)]);
    directory.writeUInt16LE(entries.length);
    links.push([link, end]);
    first = first === 0 ? end : first;
    link = end + directory.length - 4;
    parts.push(directory);
    end += directory.length;
  }
  if (loops) links.push([link, first]);
  const file = Buffer.concat(parts);
  for (const [at, to] of links) file.writeUInt32LE(to, at);
  return file;
};

interface Picture {
  readonly width: number;
  readonly height: number;
  readonly channels?: number;
  readonly bits?: number;
  readonly more?: Tags;
}

/** Black, in one strip of deflated zeros: tens of kilobytes for a gigabyte. */
const black = ({ width, height, channels = 3, bits = 8, more = {} }: Picture, unpacked?: number): Buffer => {
  const data = deflateSync(Buffer.alloc(unpacked ?? Math.ceil((width * height * channels * bits) / 8)), { level: 9 });
  return tiff([pageOf({ width, height, channels, bits, more }, data.length)], data);
};

const pageOf = ({ width, height, channels = 3, bits = 8, more = {} }: Picture, bytes: number): Tags => ({
  [WIDTH]: width,
  [HEIGHT]: height,
  [BITS]: Array<number>(Math.min(channels, 64)).fill(bits),
  [COMPRESSION]: DEFLATE,
  [PHOTOMETRIC]: channels < 3 ? 1 : 2,
  [STRIPS]: 8,
  [CHANNELS]: channels,
  [ROWS]: height,
  [STRIP_BYTES]: bytes,
  ...(channels > 3 ? { [EXTRA]: Array<number>(Math.min(channels - 3, 64)).fill(0) } : {}),
  ...more,
});

/** Small and sound, with tags that are not. */
const small = (more: Tags): Buffer => black({ width: 64, height: 64, more });

export const tiffBombs: readonly Bomb[] = [
  ...[4, 5].map((channels) => bomb(`channels ${channels}.tif`, () => black({ width: 8000, height: 8000, channels }))),
  ...[10, 60].map((channels) =>
    bomb(`many channels ${channels}.tif`, () => black({ width: 3000, height: 3000, channels })),
  ),
  bomb('channels 65535.tif', () => black({ width: 100, height: 100, channels: 65_535 })),
  bomb('sixteen bits.tif', () => black({ width: 8000, height: 8000, bits: 16 })),
  bomb('sixteen bits, five channels.tif', () => black({ width: 5000, height: 5000, bits: 16, channels: 5 })),
  bomb('floats.tif', () => black({ width: 6000, height: 6000, bits: 32, more: { [FORMAT]: [3, 3, 3] } })),
  bomb('doubles.tif', () => black({ width: 4000, height: 4000, bits: 64, more: { [FORMAT]: [3, 3, 3] } })),
  bomb('complex.tif', () => black({ width: 1000, height: 1000, bits: 128, more: { [FORMAT]: [6, 6, 6] } })),
  bomb('grey.tif', () => black({ width: 20_000, height: 20_000, channels: 1 })),
  bomb('bits.tif', () => black({ width: 40_000, height: 40_000, channels: 1, bits: 1 })),
  bomb('tall.tif', () => black({ width: 1, height: 50_000_000, channels: 1 })),
  bomb('wide.tif', () => black({ width: 50_000_000, height: 1, channels: 1 })),
  bomb('planes.tif', () =>
    black({
      width: 6000,
      height: 6000,
      channels: 4,
      more: { [PLANAR]: 2, [STRIPS]: [8, 8, 8, 8], [STRIP_BYTES]: [400, 400, 400, 400] },
    }),
  ),
  bomb('size without data.tif', () => tiff([pageOf({ width: 0xffff_ffff, height: 0xffff_ffff }, 0xffff_ffff)])),
  bomb('strip outside.tif', () => small({ [STRIPS]: 0xffff_fff0 })),
  bomb('strip too large.tif', () => small({ [STRIP_BYTES]: 0xffff_ffff })),
  bomb('one row a strip.tif', () => small({ [ROWS]: 1 })),
  bomb('rows without end.tif', () => small({ [ROWS]: 0xffff_ffff })),
  bomb('strips.tif', () =>
    small({
      [HEIGHT]: 1_000_000,
      [ROWS]: 1,
      [STRIPS]: Array<number>(1_000_000).fill(8),
      [STRIP_BYTES]: Array<number>(1_000_000).fill(40),
    }),
  ),
  bomb('tile.tif', () => small({ [TILE_WIDTH]: 65_536, [TILE_HEIGHT]: 65_536, [TILES]: 8, [TILE_BYTES]: 40 })),
  bomb('tiles.tif', () =>
    small({
      [WIDTH]: 30_000,
      [HEIGHT]: 30_000,
      [TILE_WIDTH]: 16,
      [TILE_HEIGHT]: 16,
      [TILES]: Array<number>(500_000).fill(8),
      [TILE_BYTES]: Array<number>(500_000).fill(40),
    }),
  ),
  bomb('too much data.tif', () => black({ width: 64, height: 64 }, 500_000_000)),
  bomb('pages.tif', () =>
    tiff(
      Array.from({ length: 65_000 }, () => pageOf({ width: 64, height: 64 }, 40)),
      deflateSync(Buffer.alloc(64 * 64 * 3)),
    ),
  ),
  bomb('pages in a circle.tif', () =>
    tiff(
      [pageOf({ width: 64, height: 64 }, 40), pageOf({ width: 64, height: 64 }, 40)],
      deflateSync(Buffer.alloc(64 * 64 * 3)),
      true,
    ),
  ),
  bomb('page of pages.tif', () => small({ [SUB_DIRECTORIES]: Array<number>(60_000).fill(8) })),
  bomb('itself below itself.tif', () => tiff([{ [SUB_DIRECTORIES]: 8, [EXIF]: 8 }])),
  bomb('no directory.tif', () => Buffer.from('II*\0\xff\xff\xff\xff', 'latin1')),
  bomb('entries.tif', () =>
    Buffer.concat([Buffer.from('II*\0\x08\0\0\0\xff\xff', 'latin1'), Buffer.alloc(12 * 65_535, 1)]),
  ),
  bomb('count.tif', () => small({ [XMP]: 1, [IPTC]: [0xffff_ffff, 0xffff_ffff] })),
  bomb('profile.tif', () => small({ [ICC]: Buffer.alloc(60_000_000) })),
  bomb('xmp.tif', () => small({ [XMP]: Buffer.from('<rdf:li xmlns:rdf="x">'.repeat(1_000_000)) })),
  bomb('iptc.tif', () => small({ [IPTC]: Buffer.alloc(20_000_000, Buffer.from('1c02190001ff', 'hex')) })),
  bomb('turned.tif', () => small({ [ORIENTATION]: 0xffff_ffff })),
  bomb('jpeg inside.tif', () => small({ [COMPRESSION]: 7, [PHOTOMETRIC]: 6 })),
  bomb('fax.tif', () =>
    black({ width: 60_000, height: 60_000, channels: 1, bits: 1, more: { [COMPRESSION]: 4 } }, 1000),
  ),
  bomb('big tiff.tif', () =>
    Buffer.concat([Buffer.from('II+\0\x08\0\0\0', 'latin1'), Buffer.alloc(8, 0x10), Buffer.alloc(4000, 0xff)]),
  ),
];
