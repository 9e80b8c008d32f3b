import type { Exif } from 'sharp';
import { describe, expect, it } from 'vitest';
import { metadataSchema } from '../contract/index.ts';
import { plain } from '../../test/support/image-files.ts';
import { readMetadata } from './metadata.ts';

const MODIFIED = Date.UTC(2020, 1, 2);

const withExif = (exif: Exif): Promise<Buffer> => plain('#888').withExif(exif).jpeg().toBuffer();
const read = (file: Buffer): ReturnType<typeof readMetadata> => {
  const metadata = readMetadata(Buffer.from(file), MODIFIED);
  expect(metadataSchema.parse(metadata)).toEqual(metadata);
  return metadata;
};

const xmp = (properties: string): string =>
  `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/">${properties}</rdf:Description></rdf:RDF></x:xmpmeta>`;

describe('readMetadata', () => {
  it('reads when, with what and how a photo was taken', async () => {
    const file = await withExif({
      IFD0: { Make: 'Canon', Model: 'Canon EOS 5D' },
      IFD2: {
        DateTimeOriginal: '2021:06:05 12:34:56',
        OffsetTimeOriginal: '+02:00',
        ExposureTime: '1/250',
        FNumber: '28/10',
        ISOSpeedRatings: '100',
        FocalLength: '35/1',
        LensModel: 'EF35mm f/2 IS USM',
      },
    });
    expect(read(file)).toMatchObject({
      takenAt: Date.UTC(2021, 5, 5, 10, 34, 56),
      takenAtSource: 'exif',
      camera: 'Canon EOS 5D',
      lens: 'EF35mm f/2 IS USM',
      exposure: '1/250 s · f/2.8 · ISO 100 · 35 mm',
      iso: 100,
      aperture: 2.8,
      exposureSeconds: 0.004,
      focalLength: 35,
    });
  });

  it('takes no fraction of nothing for a number', async () => {
    const file = await withExif({ IFD2: { ExposureTime: '1/0', FNumber: '0/0', FocalLength: '0/1' } });
    expect(read(file)).toMatchObject({ iso: null, aperture: null, exposureSeconds: null, focalLength: null });
  });

  it('takes a time without a zone for this computer’s', async () => {
    const file = await withExif({ IFD2: { DateTimeOriginal: '2021:06:05 12:34:56' } });
    expect(read(file).takenAt).toBe(new Date(2021, 5, 5, 12, 34, 56).getTime());
  });

  it.each(['0000:00:00 00:00:00', '    :  :     :  :  ', 'yesterday'])(
    'takes the file’s own time when the camera wrote %j',
    async (time) => {
      expect(read(await withExif({ IFD2: { DateTimeOriginal: time } }))).toMatchObject({
        takenAt: MODIFIED,
        takenAtSource: 'file',
      });
    },
  );

  it('names the maker where the model does not', async () => {
    expect(read(await withExif({ IFD0: { Make: 'SONY', Model: 'ILCE-7M3' } })).camera).toBe('SONY ILCE-7M3');
    expect(read(await withExif({ IFD0: { Make: 'NIKON CORPORATION', Model: 'NIKON D90' } })).camera).toBe('NIKON D90');
  });

  it('reads where it was taken, and no place from a receiver without a fix', async () => {
    const gps = {
      GPSLatitudeRef: 'S',
      GPSLatitude: '48/1 51/1 2960/100',
      GPSLongitudeRef: 'W',
      GPSLongitude: '2/1 17/1 40/1',
    };
    const { latitude, longitude } = read(await withExif({ IFD3: gps }));
    expect(latitude).toBeCloseTo(-48.85822, 4);
    expect(longitude).toBeCloseTo(-2.29444, 4);
    const zero = { GPSLatitudeRef: 'N', GPSLatitude: '0/1 0/1 0/1', GPSLongitudeRef: 'E', GPSLongitude: '0/1 0/1 0/1' };
    expect(read(await withExif({ IFD3: zero }))).toMatchObject({ latitude: null, longitude: null });
  });

  it('reads what people wrote', async () => {
    const packet = xmp(
      `<xmp:Rating>4</xmp:Rating>
       <dc:subject><rdf:Bag><rdf:li>dog</rdf:li><rdf:li>snow, ice</rdf:li></rdf:Bag></dc:subject>
       <dc:title><rdf:Alt><rdf:li xml:lang="x-default">A walk</rdf:li></rdf:Alt></dc:title>
       <dc:description><rdf:Alt><rdf:li xml:lang="x-default">With the dog, in January</rdf:li></rdf:Alt></dc:description>`,
    );
    const file = await plain('#888').withXmp(packet).jpeg().toBuffer();
    expect(read(file)).toMatchObject({
      rating: 4,
      keywords: ['dog', 'snow, ice'],
      title: 'A walk',
      description: 'With the dog, in January',
    });
    expect(read(await withExif({ IFD0: { XPKeywords: 'sea; sand' } })).keywords).toEqual(['sea', 'sand']);
  });

  it('reads WebP, AVIF and PNG, too', async () => {
    const photo = plain('#888').withExif({
      IFD2: { DateTimeOriginal: '2021:06:05 12:34:56', OffsetTimeOriginal: 'Z' },
    });
    for (const format of ['webp', 'avif', 'png'] as const) {
      expect(read(await photo.clone().toFormat(format).toBuffer()).takenAt, format).toBe(
        Date.UTC(2021, 5, 5, 12, 34, 56),
      );
    }
  });

  it('says nothing of a file without metadata, or with broken metadata', async () => {
    const nothing = {
      takenAt: MODIFIED,
      takenAtSource: 'file',
      camera: null,
      lens: null,
      exposure: null,
      iso: null,
      aperture: null,
      exposureSeconds: null,
      focalLength: null,
      latitude: null,
      longitude: null,
      rating: null,
      keywords: [],
      title: null,
      description: null,
    };
    expect(read(await plain('#888').png().toBuffer())).toEqual(nothing);
    expect(read(await plain('#888').withXmp('<x:xmpmeta xmlns:x="adobe:ns:meta/"><broken').jpeg().toBuffer())).toEqual(
      nothing,
    );
    const broken = await withExif({ IFD0: { Make: 'Canon' } });
    broken.fill(0xff, broken.indexOf('Exif') + 8, broken.indexOf('Exif') + 60);
    expect(read(broken)).toEqual(nothing);
    expect(read(Buffer.from('no picture'))).toEqual(nothing);
  });
});
