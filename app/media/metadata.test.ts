import { describe, expect, it } from 'vitest';
import { MODIFIED, read, withExif, xmp } from '../../test/support/described.ts';
import { plain } from '../../test/support/image-files.ts';

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
      takenAtOffset: 120,
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
    expect(read(file)).toMatchObject({ takenAt: new Date(2021, 5, 5, 12, 34, 56).getTime(), takenAtOffset: null });
  });

  it.each([
    ['10:34:50', '2021:06:05', 120],
    ['7:4:55', '2021:06:05', 330],
    ['15:34:56', '2021:06:05', -180],
    ['23:34:56', '2021:06:04', 780],
    ['10:20:00', '2021:06:05', null],
    ['12:04:56', '2021:06:05', null],
    ['12:34:56', '2021:06:07', null],
  ])('knows the zone from satellites that say %s on %s', async (time, day, offset) => {
    const gps = { GPSTimeStamp: time.replace(/(\d+):(\d+):(\d+)/u, '$1/1 $2/1 $3/1'), GPSDateStamp: day };
    const file = await withExif({ IFD2: { DateTimeOriginal: '2021:06:05 12:34:56' }, IFD3: gps });
    const takenAt =
      offset === null ? new Date(2021, 5, 5, 12, 34, 56).getTime() : Date.UTC(2021, 5, 5, 12, 34 - offset, 56);
    expect(read(file)).toMatchObject({ takenAt, takenAtOffset: offset });
  });

  it('reads parts of a second', async () => {
    const file = await withExif({
      IFD2: { DateTimeOriginal: '2021:06:05 12:34:56', SubSecTimeOriginal: '25', OffsetTimeOriginal: '-03:30' },
    });
    expect(read(file)).toMatchObject({ takenAt: Date.UTC(2021, 5, 5, 16, 4, 56, 250), takenAtOffset: -210 });
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
      takenAtOffset: null,
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

it('falls back to the name of the file, then to when it was last worked on', async () => {
  const worked = await withExif({ IFD0: { DateTime: '2018:01:02 03:04:05' } });
  expect(read(worked)).toMatchObject({ takenAt: new Date(2018, 0, 2, 3, 4, 5).getTime(), takenAtSource: 'exif' });
  const name = 'IMG_20190817_143000.jpg';
  const takenAt = new Date(2019, 7, 17, 14, 30).getTime();
  expect(read(worked, { name })).toMatchObject({ takenAt, takenAtSource: 'name' });
  expect(read(await plain('#888').png().toBuffer(), { name })).toMatchObject({ takenAt, takenAtSource: 'name' });
});

it('takes no camera’s own phrase for a description', async () => {
  expect(read(await withExif({ IFD0: { ImageDescription: 'OLYMPUS DIGITAL CAMERA' } })).description).toBeNull();
  expect(read(await withExif({ IFD0: { ImageDescription: 'My Olympus' } })).description).toBe('My Olympus');
});
