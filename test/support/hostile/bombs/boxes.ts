import sharp from 'sharp';
import { box, fullBox, number } from '../../boxes.ts';
import { CORNERS } from '../../colours.ts';
import { heicFile } from '../../heic-file.ts';
import { jxlContainer, jxlFile } from '../../jxl-file.ts';
import { bomb, many, type Bomb } from './bomb.ts';

const plain = { width: 64, height: 64, paint: () => CORNERS[0] };
const picture = sharp({ create: { width: 64, height: 64, channels: 3, background: 'red' } });

/** A file in which every place of some bytes holds others. */
const patched = (file: Buffer, old: Buffer, fresh: Buffer): Buffer => {
  const copy = Buffer.from(file);
  for (let at = copy.indexOf(old); at >= 0; at = copy.indexOf(old, at + fresh.length)) fresh.copy(copy, at);
  return copy;
};

/** Behind the name of a kind of box, a number of four bytes that was something else. */
const lie = (file: Buffer, type: string, offset: number, value: number): Buffer => {
  const at = file.indexOf(type) + 4 + offset;
  const copy = Buffer.from(file);
  copy.writeUInt32BE(value >>> 0, at);
  return copy;
};

const avif = async (): Promise<Buffer> => picture.clone().avif({ effort: 0 }).toBuffer();
const size = (edge: number): Buffer => number(4, edge, edge);
const ftyp = box('ftyp', Buffer.from('heic\0\0\0\0mif1heic', 'latin1'));

const nested = (type: string, depth: number): Buffer => {
  let inner = Buffer.alloc(0);
  for (let level = 0; level < depth; level++) inner = box(type, inner);
  return inner;
};

export const heifBombs: readonly Bomb[] = [
  ...[4096, 16_384, 65_535, 0x7fff_ffff].map((edge) =>
    bomb(`claimed ${edge}.heic`, () => heicFile({ ...plain, claimed: [edge, edge] })),
  ),
  bomb('grid.heic', () => lie(heicFile({ ...plain, tiles: [2, 2] }), 'grid', 0, 0)),
  bomb('grid of sixty-four.heic', () => heicFile({ ...plain, tiles: [8, 8] })),
  bomb('grid 256 by 256.heic', () =>
    patched(heicFile({ ...plain, tiles: [2, 2] }), Buffer.from([0, 0, 1, 1]), Buffer.from([0, 0, 255, 255])),
  ),
  bomb('profile.heic', () => heicFile({ ...plain, icc: Buffer.alloc(20_000_000) })),
  bomb('exif.heic', () =>
    heicFile({
      ...plain,
      exif: Buffer.concat([Buffer.from('MM\0*\0\0\0\x08\xff\xff', 'latin1'), Buffer.alloc(10_000_000, 3)]),
    }),
  ),
  bomb('nested boxes.heic', () => Buffer.concat([ftyp, nested('meta', 20_000)])),
  bomb('many boxes.heic', () => Buffer.concat([ftyp, many(500_000, () => box('free'))])),
  bomb('box to the end.heic', () => Buffer.concat([ftyp, number(4, 0), Buffer.from('meta'), Buffer.alloc(1000)])),
  bomb('box of 64 bits.heic', () =>
    Buffer.concat([ftyp, number(4, 1), Buffer.from('meta'), Buffer.alloc(8, 0xff), Buffer.alloc(1000)]),
  ),
  bomb('items.heic', () => Buffer.concat([ftyp, fullBox('meta', 0, 0, fullBox('iinf', 1, 0, number(4, 0xffff_ffff)))])),
  bomb('properties.heic', () =>
    Buffer.concat([
      ftyp,
      fullBox(
        'meta',
        0,
        0,
        box(
          'iprp',
          box(
            'ipco',
            many(300_000, () => fullBox('ispe', 0, 0, size(64))),
          ),
        ),
      ),
    ]),
  ),
  ...[8192, 16_384, 65_535].map((edge) =>
    bomb(`claimed ${edge}.avif`, async () => patched(await avif(), size(64), size(edge))),
  ),
  bomb('grey.avif', () =>
    sharp({ create: { width: 4000, height: 4000, channels: 3, background: 'grey' } })
      .avif({ effort: 0 })
      .toBuffer(),
  ),
  bomb('lies.avif', async () => lie(await avif(), 'iloc', 8, 0xffff_ffff)),
  bomb('cut.avif', async () => (await avif()).subarray(0, 200)),
];

/** @param header of a codestream, whose lowest bits come first: ISO/IEC 18181-1, SizeHeader */
const jxlOf = (header: bigint): Buffer => {
  const bytes = Buffer.alloc(300);
  bytes.write('ff0a', 'hex');
  bytes.writeBigUInt64LE(header & 0xffff_ffff_ffff_ffffn, 2);
  return bytes;
};

export const jxlBombs: readonly Bomb[] = [
  bomb('size of 30 bits.jxl', () => jxlOf((0b0_11n << 1n) | ((2n ** 30n - 1n) << 3n) | (1n << 33n))),
  bomb('size of 18 bits.jxl', () => jxlOf((0b10n << 1n) | ((2n ** 18n - 1n) << 3n) | (7n << 21n))),
  bomb('no codestream.jxl', () => jxlContainer(Buffer.alloc(0), 1)),
  bomb('boxes.jxl', async () =>
    Buffer.concat([jxlContainer(await jxlFile(picture), 1).subarray(0, 32), many(300_000, () => box('free'))]),
  ),
  bomb('parts.jxl', async () => {
    const file = await jxlFile(picture);
    return Buffer.concat([jxlContainer(file, 2), many(100_000, (part) => box('jxlp', number(4, part + 2)))]);
  }),
  bomb('large.jxl', () => jxlFile(sharp({ create: { width: 3000, height: 3000, channels: 3, background: 'red' } }))),
];
