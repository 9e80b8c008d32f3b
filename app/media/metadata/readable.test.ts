import type { Exif } from 'sharp';
import { describe, expect, it } from 'vitest';
import { read, withExif, xmp } from '../../../test/support/described.ts';

describe('raw files', () => {
  /** The TIFF that a JPEG carries its tags in. */
  const tagsOf = async (exif: Exif): Promise<Buffer> => {
    const jpeg = await withExif(exif);
    const start = jpeg.indexOf('Exif\0\0') + 6;
    return jpeg.subarray(start, start + jpeg.readUInt16BE(start - 8) - 8);
  };
  const exif: Exif = {
    IFD0: { Make: 'OM', Model: 'OM-1' },
    IFD2: { DateTimeOriginal: '2021:06:05 12:34:56', OffsetTimeOriginal: '+02:00', ISOSpeedRatings: '200' },
    IFD3: { GPSLatitudeRef: 'S', GPSLatitude: '48/1 30/1 0/1', GPSLongitudeRef: 'W', GPSLongitude: '2/1 15/1 0/1' },
  };
  const expected = {
    takenAt: Date.UTC(2021, 5, 5, 10, 34, 56),
    takenAtSource: 'exif',
    camera: 'OM-1',
    iso: 200,
    latitude: -48.5,
    longitude: -2.25,
  };

  it('that are TIFF, or nearly', async () => {
    const tiff = await tagsOf(exif);
    const signed = (signature: string): Buffer => Buffer.concat([Buffer.from(signature, 'latin1'), tiff.subarray(4)]);
    expect(tiff.toString('latin1', 0, 2)).toBe('II');
    for (const signature of ['II*\0', 'IIRO', 'IIRS', 'IIU\0'])
      expect(read(signed(signature)), signature).toMatchObject(expected);
  });

  it('of Fujifilm', async () => {
    const preview = await withExif(exif);
    const head = Buffer.alloc(160);
    head.write('FUJIFILMCCD-RAW 0201', 'latin1');
    head.writeUInt32BE(160, 84);
    head.writeUInt32BE(preview.length, 88);
    expect(read(Buffer.concat([head, preview, Buffer.alloc(99)]))).toMatchObject(expected);
  });

  const box = (type: string, ...content: readonly Uint8Array[]): Buffer => {
    const head = Buffer.alloc(8);
    head.writeUInt32BE(content.reduce((size, { length }) => size + length, 8));
    head.write(type, 4, 'latin1');
    return Buffer.concat([head, ...content]);
  };

  it('of Canon, in boxes', async () => {
    const first = await tagsOf({ IFD0: { Make: 'OM', Model: 'OM-1' } });
    // Directories that stand alone: their tags are in the first one of each file.
    const alone = async (pointer: number): Promise<Buffer> => {
      const tiff = Buffer.from(await tagsOf(exif));
      const directory = tiff.readUInt32LE(4);
      for (let entry = 0; entry < tiff.readUInt16LE(directory); entry++) {
        const at = directory + 2 + entry * 12;
        if (tiff.readUInt16LE(at) === pointer) tiff.writeUInt32LE(tiff.readUInt32LE(at + 8), 4);
      }
      return tiff;
    };
    const canon = box(
      'uuid',
      Buffer.from('85c0b687820f11e08111f4ce462b6a48', 'hex'),
      box('CMT1', first),
      box('CMT2', await alone(0x8769)),
      box('CMT4', await alone(0x8825)),
    );
    const packet = `<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>${xmp('<xmp:Rating>3</xmp:Rating>')}<?xpacket end="w"?>`;
    const note = box('uuid', Buffer.from('be7acfcb97a942e89c71999491e3afac', 'hex'), Buffer.from(packet));
    const file = Buffer.concat([box('ftyp', Buffer.from('crx isom')), box('moov', canon), note, box('mdat')]);
    expect(read(file)).toMatchObject({ ...expected, rating: 3 });
    for (let length = 0; length < file.length; length += 7) read(file.subarray(0, length));
  });
});
