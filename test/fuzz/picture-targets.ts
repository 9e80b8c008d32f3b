import sharp, { type Sharp } from 'sharp';
import { readForeign } from '../../app/media/foreign.ts';
import { isJpegXl, jpegXlSize } from '../../app/media/jxl.ts';
import { checkMemory } from '../../app/media/memory-need.ts';
import { readMetadata } from '../../app/media/metadata.ts';
import { PhotoFailure } from '../../app/media/photo-failure.ts';
import { readRaw } from '../../app/media/raw-preview.ts';
import { sidecarText } from '../../app/media/sidecar-file.ts';
import { CORNERS } from '../support/colours.ts';
import { heicFile } from '../support/heic-file.ts';
import { jxlContainer, jxlFile } from '../support/jxl-file.ts';
import { rafFile, rawFiles } from '../support/raw-files.ts';
import { xmp } from '../support/hostile/bombs/sidecars.ts';
import type { Target } from './target.ts';
import { JSON_WORDS } from './words.ts';

const isPhotoFailure = (error: unknown): boolean => error instanceof PhotoFailure;
const never = (): boolean => false;
/** As the program does it: what needs more memory than one picture may is refused. */
const take = (bytes: number): Promise<void> => {
  checkMemory(bytes);
  return Promise.resolve();
};

const picture = (width = 48, height = 32): Sharp =>
  sharp({ create: { width, height, channels: 3, background: '#c08040' } });
const TAGS = {
  IFD0: { Make: 'Lumen', Model: 'L1', Artist: 'somebody' },
  IFD2: { DateTimeOriginal: '2021:07:03 12:30:00', ExposureTime: '1/250', FNumber: '28/10' },
  IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '48/1 12/1 0/1', GPSLongitudeRef: 'E', GPSLongitude: '16/1 22/1 0/1' },
};
const PACKET = xmp(
  '<dc:title><rdf:Alt><rdf:li xml:lang="x-default">dawn</rdf:li></rdf:Alt></dc:title><dc:subject><rdf:Bag><rdf:li>sea</rdf:li></rdf:Bag></dc:subject>',
  ' xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Rating="4" xmlns:exif="http://ns.adobe.com/exif/1.0/" exif:GPSLatitude="48,12N"',
);
const described = (): Sharp => picture().withExif(TAGS).withXmp(PACKET);

const raws = async (): Promise<Buffer[]> => {
  const [large, small] = [await described().jpeg().toBuffer(), await picture(16, 16).jpeg().toBuffer()];
  const files = [...rawFiles({ large, small, orientation: 6 }).values()];
  return [...files, rafFile(large)];
};
const heics = (): Buffer[] => {
  const plain = { width: 32, height: 32, paint: () => CORNERS[0] };
  return [
    heicFile({ ...plain, turns: 1, mirrored: true }),
    heicFile({
      ...plain,
      tiles: [2, 1],
      icc: Buffer.alloc(64),
      exif: Buffer.from('MM\0*\0\0\0\x08\0\0\0\0\0\0', 'latin1'),
    }),
  ];
};

const BINARY = ['\xff\xff\xff\xff', '\x7f\xff\xff\xff', '\0\0\0\0', '\x80\0\0\0', '\0\0\0\x08', '\x08\0\0\0'];
const TIFF_WORDS = [
  ...BINARY,
  'II*\0',
  'MM\0*',
  '\x4a\x01',
  '\x01\x4a',
  '\x87\x69',
  '\x69\x87',
  '\x88\x25',
  '\xff\xd8\xff',
];
const BOX_WORDS = [
  ...BINARY,
  'ftyp',
  'meta',
  'iloc',
  'iprp',
  'ipco',
  'ipma',
  'iinf',
  'infe',
  'iref',
  'ispe',
  'grid',
  'moov',
  'uuid',
  'CMT1',
  'crx ',
];
const XML_WORDS = [
  ...[
    '<',
    '>',
    '/>',
    '</',
    '"',
    '&#x0;',
    '&lt;',
    '<!--',
    '-->',
    '<![CDATA[',
    ']]>',
    '<?xml version="1.0"?>',
    '<!DOCTYPE a [<!ENTITY b "c">]>',
    '&b;',
  ],
  ...[
    'rdf:RDF',
    'rdf:Description',
    'rdf:Bag',
    'rdf:Alt',
    '<rdf:li>',
    '</rdf:li>',
    'rdf:value',
    'rdf:parseType="Resource"',
    'xml:lang="x-default"',
  ],
  ...[
    'xmlns:',
    'xmlns:a="b"',
    'dc:subject',
    'dc:title',
    'lr:hierarchicalSubject',
    'digiKam:TagsList',
    'xmp:Rating',
    'MicrosoftPhoto:Rating',
    'exif:GPSLatitude',
  ],
];

const facts = (sidecars: readonly { name: string; text: string }[]) => ({
  name: 'IMG_20210703_123000.jpg',
  modifiedAt: 0,
  sidecars,
});

export const pictureTargets: readonly Target[] = [
  {
    name: 'metadata',
    watched: ['/app/media/metadata'],
    seeds: async () => [
      await described().jpeg().toBuffer(),
      await described().png().toBuffer(),
      await described().webp().toBuffer(),
      await described().tiff().toBuffer(),
      await described().avif({ effort: 0 }).toBuffer(),
      ...heics(),
      ...(await raws()),
    ],
    dictionary: [
      ...TIFF_WORDS,
      ...XML_WORDS,
      'Exif\0\0',
      'http://ns.adobe.com/xap/1.0/\0',
      'Photoshop 3.0\x008BIM\x04\x04',
      'ICC_PROFILE\0',
      'eXIf',
      'iTXt',
      'zTXt',
    ],
    run: (input) => readMetadata(input, facts([])),
    // Broken metadata never fails a photo.
    isDeclared: never,
    tested: 750,
  },
  {
    name: 'xmp',
    watched: ['/app/media/metadata/', '/app/media/sidecar-file'],
    seeds: () =>
      Promise.resolve([
        Buffer.from(PACKET),
        Buffer.from(xmp('')),
        Buffer.from(sidecarText(null, { rating: 3, keywords: ['sea'] })),
      ]),
    dictionary: XML_WORDS,
    run: (input) => {
      const text = input.toString();
      readMetadata(Buffer.alloc(0), facts([{ name: 'a.xmp', text }]));
      const written = sidecarText(text, { rating: 5, keywords: ['one', 'two'] });
      // What was written is read again.
      sidecarText(written, { rating: null, keywords: [] });
    },
    isDeclared: isPhotoFailure,
    tested: 750,
  },
  {
    name: 'takeout',
    watched: ['/app/media/metadata/'],
    seeds: () =>
      Promise.resolve([
        Buffer.from(
          '{"photoTakenTime":{"timestamp":"1566048600"},"description":"at sea","geoData":{"latitude":48.2,"longitude":16.4},"people":[{"name":"Ada"}]}',
        ),
      ]),
    dictionary: [...JSON_WORDS, '"geoDataExif"'],
    run: (input) => readMetadata(Buffer.alloc(0), facts([{ name: 'a.json', text: input.toString() }])),
    isDeclared: never,
    tested: 1250,
  },
  {
    name: 'raw',
    watched: ['/app/media/raw-preview', '/app/media/tiff-directories', '/app/media/embedded-jpeg'],
    seeds: raws,
    dictionary: TIFF_WORDS,
    run: readRaw,
    isDeclared: isPhotoFailure,
    tested: 2500,
  },
  {
    name: 'heif',
    watched: ['/app/media/heif', '/app/media/foreign'],
    seeds: () => Promise.resolve(heics()),
    dictionary: BOX_WORDS,
    run: (file) => readForeign(file, take),
    isDeclared: isPhotoFailure,
    tested: 100,
  },
  {
    name: 'jxl',
    watched: ['/app/media/jxl'],
    seeds: async () => {
      const file = await jxlFile(picture());
      return [file, jxlContainer(file, 1), jxlContainer(file, 2)];
    },
    dictionary: [...BINARY, 'JXL ', 'jxlc', 'jxlp', '\xff\x0a'],
    run: (input) => (isJpegXl(input) ? jpegXlSize(input) : null),
    isDeclared: isPhotoFailure,
    tested: 1250,
  },
];
