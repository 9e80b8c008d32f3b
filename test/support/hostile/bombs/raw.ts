import sharp from 'sharp';
import { box, number } from '../../boxes.ts';
import { rafFile, rawFiles } from '../../raw-files.ts';
import { bomb, many, type Bomb } from './bomb.ts';
import { flatJpeg } from './jpeg.ts';
import { tiff } from './tiff.ts';

const small = (): Promise<Buffer> =>
  sharp({ create: { width: 160, height: 120, channels: 3, background: 'red' } })
    .jpeg()
    .toBuffer();

/** A JPEG that claims a size, and whose data end long before. */
const claimed = (width: number, height: number): Buffer => {
  const file = flatJpeg({ width: 64, height: 64 });
  number(2, height, width).copy(file, file.indexOf(Buffer.from('ffc2', 'hex')) + 5);
  return file;
};

/** Raw files of every maker with a preview that is more than it seems. */
const withPreview = (name: string, preview: () => Buffer): readonly Bomb[] =>
  ['cr2', 'nef', 'arw', 'dng', 'orf', 'rw2', 'cr3'].map((format) =>
    bomb(`${name}.${format}`, async () => {
      const file = rawFiles({ large: preview(), small: await small(), orientation: 6 }).get(format);
      if (file === undefined) throw new Error(`There is no ${format}.`);
      return file;
    }),
  );

const START_OF_JPEG = Buffer.from('ffd8ffe00004', 'hex');
const DNG = { 50_706: Buffer.from([1, 4, 0, 0]) };

export const rawBombs: readonly Bomb[] = [
  ...withPreview('large preview', () => claimed(16_000, 12_000)),
  bomb('preview.raf', () => rafFile(claimed(20_000, 20_000))),
  bomb('preview of itself.raf', () => {
    const file = rafFile(flatJpeg({ width: 640, height: 480 }));
    file.writeUInt32BE(0, 84);
    file.writeUInt32BE(0xffff_ffff, 88);
    return file;
  }),
  bomb('starts.nef', () => Buffer.concat([tiff([{ ...DNG }]), many(3_000_000, () => START_OF_JPEG)])),
  bomb('starts of starts.dng', () =>
    Buffer.concat([tiff([{ ...DNG }]), Buffer.alloc(30_000_000, Buffer.from('ffd8ff', 'hex'))]),
  ),
  bomb('segments.dng', () =>
    Buffer.concat([
      tiff([{ ...DNG }]),
      Buffer.from('ffd8', 'hex'),
      Buffer.alloc(20_000_000, Buffer.from('ffe00002', 'hex')),
    ]),
  ),
  bomb('directories.dng', () => tiff([{ ...DNG, 330: Array.from({ length: 60_000 }, (_, index) => 8 + 2 * index) }])),
  bomb('strips.dng', () =>
    tiff(Array.from({ length: 64 }, () => ({ ...DNG, 262: 32_803, 273: Array<number>(65_536).fill(8) }))),
  ),
  bomb('boxes.cr3', () =>
    Buffer.concat([box('ftyp', Buffer.from('crx \0\0\0\x01crx isom', 'latin1')), many(400_000, () => box('moov'))]),
  ),
  bomb('tags.cr3', () =>
    Buffer.concat([
      box('ftyp', Buffer.from('crx \0\0\0\x01crx isom', 'latin1')),
      box(
        'moov',
        box(
          'uuid',
          Buffer.alloc(16),
          box('CMT1', Buffer.from('II*\0\x08\0\0\0\xff\xff', 'latin1'), Buffer.alloc(800_000, 4)),
        ),
      ),
    ]),
  ),
  bomb('notes.orf', () => tiff([{ 37_500: Buffer.alloc(10_000_000, START_OF_JPEG) }])),
];
