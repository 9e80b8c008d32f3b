import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { beside, list, read, takeout, withExif, xmp } from '../../../test/support/described.ts';
import { plain } from '../../../test/support/image-files.ts';

describe('XMP', () => {
  const embedded = (properties: string): Promise<Buffer> => plain('#888').withXmp(xmp(properties)).jpeg().toBuffer();

  it('beside the file goes before what is in it, as far as people write it', async () => {
    const file = await embedded(
      `<xmp:Rating>2</xmp:Rating><dc:subject>${list('old')}</dc:subject>
       <dc:title><rdf:Alt><rdf:li>Old</rdf:li></rdf:Alt></dc:title><exif:GPSLatitude>48,30N</exif:GPSLatitude><exif:GPSLongitude>16,15.6E</exif:GPSLongitude>`,
    );
    expect(read(file)).toMatchObject({ rating: 2, keywords: ['old'], title: 'Old', latitude: 48.5, longitude: 16.26 });
    const sidecars = [
      beside(`<xmp:Rating>5</xmp:Rating><dc:subject>${list('new', 'newer')}</dc:subject>`, 'a.jpg.xmp'),
      beside('<xmp:Rating>1</xmp:Rating><dc:description><rdf:Alt><rdf:li>Words</rdf:li></rdf:Alt></dc:description>'),
    ];
    expect(read(file, { sidecars })).toMatchObject({
      rating: 5,
      keywords: ['new', 'newer'],
      title: 'Old',
      description: 'Words',
    });
    expect(read(file, { sidecars: [beside('<dc:subject><rdf:Bag/></dc:subject>')] }).keywords).toEqual([]);
    expect(read(file, { sidecars: [{ name: 'a.xmp', text: '<broken' }] })).toEqual(read(file));
  });

  it('dates a file whose camera did not', async () => {
    const sidecars = [beside('<xmp:CreateDate>2021-06-05T12:34:56.5-03:00</xmp:CreateDate>')];
    expect(read(await plain('#888').png().toBuffer(), { sidecars })).toMatchObject({
      takenAt: Date.UTC(2021, 5, 5, 15, 34, 56, 500),
      takenAtSource: 'xmp',
      takenAtOffset: -180,
    });
    const dated = await withExif({ IFD2: { DateTimeOriginal: '2020:01:01 00:00:00', OffsetTimeOriginal: '+00:00' } });
    expect(read(dated, { sidecars })).toMatchObject({ takenAt: Date.UTC(2020, 0, 1), takenAtSource: 'exif' });
  });

  it.each([
    ['<xmp:Rating>-1</xmp:Rating>', null],
    ['<xmp:Rating>3.0</xmp:Rating>', 3],
    ['<mp:Rating>1</mp:Rating>', 1],
    ['<mp:Rating>75</mp:Rating>', 4],
    ['<mp:Rating>99</mp:Rating>', 5],
    ['<mp:Rating>50</mp:Rating><xmp:Rating>4</xmp:Rating>', 4],
  ])('rates by %s', async (properties, rating) => {
    expect(read(await embedded(properties)).rating).toBe(rating);
  });

  it('finds what is filed under a part of a hierarchy, and no notes of programs', async () => {
    const file = await embedded(
      `<dc:subject>${list('Dog')}</dc:subject><lr:hierarchicalSubject>${list('Animals|Dog', 'darktable|format|jpg')}</lr:hierarchicalSubject><digiKam:TagsList>${list('Places/Sylt', '_Digikam_Internal_Tags_/Color Label None')}</digiKam:TagsList>`,
    );
    expect(read(file).keywords).toEqual(['Dog', 'Animals', 'Places', 'Sylt']);
  });

  it('is read from attributes, under other prefixes, and where a prefix is not declared', async () => {
    const rdf = (inside: string, declarations = ''): string =>
      `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" ${declarations} ${inside}/></rdf:RDF></x:xmpmeta>`;
    const file = await plain('#888').png().toBuffer();
    const rating = (text: string): number | null => read(file, { sidecars: [{ name: 'a.XMP', text }] }).rating;
    expect(rating(rdf('q:Rating="4"', 'xmlns:q="http://ns.adobe.com/xap/1.0/"'))).toBe(4);
    expect(rating(rdf('xmp:Rating="3"'))).toBe(3);
    expect(
      rating(`\uFEFF<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>${rdf('xmp:Rating="2"')}<?xpacket end="w"?>`),
    ).toBe(2);
    expect(rating(rdf('other:Rating="3"'))).toBeNull();
  });
});

describe('JSON of Google Takeout', () => {
  const said = {
    title: 'a.jpg',
    description: 'At the sea',
    photoTakenTime: { timestamp: '1566052200', formatted: '17.08.2019, 14:30:00 UTC' },
    geoData: { latitude: 54.9, longitude: 8.3, altitude: 0 },
    people: [{ name: 'Ada' }],
  };

  it('says when, where, and what people wrote, where the file does not', async () => {
    const file = await plain('#888').png().toBuffer();
    expect(read(file, { sidecars: [takeout(said)] })).toMatchObject({
      takenAt: Date.UTC(2019, 7, 17, 14, 30),
      takenAtSource: 'takeout',
      takenAtOffset: null,
      latitude: 54.9,
      longitude: 8.3,
      title: null,
      description: 'At the sea',
      keywords: ['Ada'],
    });
    const exif = await withExif({
      IFD0: { ImageDescription: 'On the beach', XPKeywords: 'sand' },
      IFD2: { DateTimeOriginal: '2019:08:17 16:30:01', OffsetTimeOriginal: '+02:00' },
    });
    expect(read(exif, { sidecars: [takeout(said)] })).toMatchObject({
      takenAt: Date.UTC(2019, 7, 17, 14, 30, 1),
      takenAtSource: 'exif',
      latitude: 54.9,
      description: 'On the beach',
      keywords: ['sand'],
    });
  });

  it('takes zeros for no place, and anything else for what it is', async () => {
    const file = await plain('#888').png().toBuffer();
    const zero = { latitude: 0, longitude: 0 };
    const exif = { latitude: 1, longitude: 2 };
    const place = (geoData: object, geoDataExif: object): readonly (number | null)[] => {
      const { latitude, longitude } = read(file, { sidecars: [takeout({ geoData, geoDataExif })] });
      return [latitude, longitude];
    };
    expect(place(zero, exif)).toEqual([1, 2]);
    expect(place(zero, zero)).toEqual([null, null]);
    for (const text of [
      '',
      '[]',
      'null',
      '{"photoTakenTime":7,"people":"all","description":3}',
      '{"photoTakenTime":{"timestamp":"1e9"}}',
    ])
      expect(read(file, { sidecars: [{ name: 'a.jpg.json', text }] }), text).toEqual(read(file));
  });
});

it('never fails, whatever stands in the file or beside it', async () => {
  const file = await withExif({ IFD0: { Make: 'Canon' }, IFD2: { DateTimeOriginal: '2021:06:05 12:34:56' } });
  const packet = xmp(`<dc:subject>${list('dog')}</dc:subject>`);
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(file.length - 1), fc.nat(255))), fc.string(), fc.nat(), (flips, text, at) => {
      const broken = Buffer.from(file);
      for (const [place, value] of flips) broken[place] = value;
      const cut = at % packet.length;
      const sidecars = [
        { name: 'a.xmp', text: packet.slice(0, cut) + text + packet.slice(cut) },
        { name: 'a.json', text },
      ];
      read(broken, { name: text, sidecars });
    }),
  );
  const deep = xmp(`<dc:subject>${'<a>'.repeat(50_000)}dog${'</a>'.repeat(50_000)}</dc:subject>`);
  read(file, { sidecars: [{ name: 'a.xmp', text: deep }] });
});
