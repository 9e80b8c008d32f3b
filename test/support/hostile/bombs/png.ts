import { deflateSync } from 'node:zlib';
import { number } from '../../boxes.ts';
import { hugePng, pngChunk, PNG_SIGNATURE } from '../../huge-png.ts';
import { bomb, many, type Bomb } from './bomb.ts';

interface Shape {
  readonly width: number;
  readonly height: number;
  readonly bits?: number;
  /** As PNG counts: 0 grey, 2 colour, 3 palette, 4 grey and alpha, 6 colour and alpha. */
  readonly colour?: number;
  readonly interlaced?: boolean;
}

/** @param data bytes that the pixels begin with when they are unpacked */
const png = (
  { width, height, bits = 8, colour = 2, interlaced = false }: Shape,
  data: number,
  ...extra: readonly Buffer[]
): Buffer =>
  Buffer.concat([
    PNG_SIGNATURE,
    pngChunk('IHDR', Buffer.concat([number(4, width, height), number(1, bits, colour, 0, 0, Number(interlaced))])),
    ...extra,
    pngChunk('IDAT', zeros(data)),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);

const zeros = (bytes: number): Buffer => deflateSync(Buffer.alloc(bytes), { level: 1 });
const text = (type: string, name: string, ...content: readonly Uint8Array[]): Buffer =>
  pngChunk(type, Buffer.concat([Buffer.from(`${name}\0`, 'latin1'), ...content]));
const small = { width: 64, height: 64 };
const SMALL_BYTES = 64 * (1 + 64 * 3);
const withChunks = (...extra: readonly Buffer[]): Buffer => png(small, SMALL_BYTES, ...extra);
const animation = (frames: number): Buffer => pngChunk('acTL', number(4, frames, 0));
const frame = (order: number, edge: number): Buffer =>
  pngChunk('fcTL', Buffer.concat([number(4, order, edge, edge, 0, 0), number(2, 1, 100), number(1, 0, 0)]));

export const pngBombs: readonly Bomb[] = [
  bomb('tall.png', () => hugePng(1, 100_000_000)),
  bomb('wide.png', () => hugePng(100_000_000, 1)),
  bomb('tall grey.png', () => png({ width: 1, height: 20_000_000, colour: 0 }, 40_000_000)),
  bomb('square bits.png', () => hugePng(30_000, 30_000)),
  bomb('square bits less.png', () => hugePng(16_000, 16_000)),
  bomb('interlaced bits.png', () =>
    png({ width: 20_000, height: 20_000, bits: 1, colour: 0, interlaced: true }, 60_000_000),
  ),
  bomb('sixteen bits.png', () => png({ width: 10_000, height: 10_000, bits: 16, colour: 6 }, 200_000_000)),
  bomb('sixteen bits less.png', () => png({ width: 4000, height: 4000, bits: 16, colour: 6 }, 4000 * 32_001)),
  bomb('colour.png', () => png({ width: 14_000, height: 14_000 }, 14_000 * 42_001)),
  bomb('size without data.png', () => png({ width: 2 ** 31 - 1, height: 2 ** 31 - 1 }, 10)),
  bomb('no size.png', () => png({ width: 0, height: 0 }, 10)),
  bomb('too much data.png', () => png(small, 500_000_000)),
  bomb('no palette.png', () => png({ ...small, colour: 3 }, SMALL_BYTES)),
  bomb('text.png', () => withChunks(text('zTXt', 'Comment', Buffer.of(0), zeros(500_000_000)))),
  bomb('texts.png', () => withChunks(many(20_000, (index) => text('zTXt', `k${index}`, Buffer.of(0), zeros(1000))))),
  bomb('many texts.png', () =>
    withChunks(many(200, (index) => text('zTXt', `k${index}`, Buffer.of(0), zeros(4_000_000)))),
  ),
  bomb('international text.png', () =>
    withChunks(text('iTXt', 'XML:com.adobe.xmp', Buffer.of(1, 0, 0, 0), zeros(300_000_000))),
  ),
  bomb('xmp text.png', () =>
    withChunks(
      text('iTXt', 'XML:com.adobe.xmp', Buffer.of(0, 0, 0, 0), Buffer.from('<a xmlns:b="c">'.repeat(200_000))),
    ),
  ),
  bomb('plain text.png', () => withChunks(text('tEXt', 'Title', Buffer.alloc(24_000_000, 'A')))),
  bomb('profile.png', () => withChunks(text('iCCP', 'icc', Buffer.of(0), zeros(300_000_000)))),
  bomb('exif.png', () =>
    withChunks(
      pngChunk('eXIf', Buffer.concat([Buffer.from('MM\0*\0\0\0\x08\xff\xff', 'latin1'), Buffer.alloc(20_000_000, 1)])),
    ),
  ),
  bomb('animated.png', () => withChunks(animation(0x7fff_ffff), frame(0, 64))),
  bomb('animated frames.png', () =>
    withChunks(
      animation(100_000),
      many(100_000, (order) => frame(order, 64)),
    ),
  ),
  bomb('pieces.png', () => withChunks(many(300_000, () => pngChunk('IDAT', Buffer.alloc(0))))),
];
