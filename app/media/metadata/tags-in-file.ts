import ExifReader from 'exifreader';
import { MeteredView } from './metered-view.ts';
import { readable } from './readable.ts';
import type { Tags } from './said-by-exif.ts';

/** What a file says of itself, as it stands there. */
interface Found {
  readonly exif: Tags;
  readonly iptc: Tags;
  readonly gps: Tags;
  readonly packets: readonly string[];
  /** Numbers and characters of all of them. */
  readonly length: number;
  /** Not more was said than is read. */
  readonly isWhole: boolean;
}

/** Numbers and characters that are read of one file: a hundred times what cameras write. */
const MOST_READS = 4_000_000;
/** Packets of XMP: the main one, and one that goes on. */
const MOST_PACKETS = 8;

/** The tags that are asked for (see said-by-exif.ts); others may be as long as the file. */
const EXIF = [
  ...['Make', 'Model', 'LensModel', 'ImageDescription', 'Rating', 'RatingPercent'],
  ...['DateTime', 'DateTimeOriginal', 'DateTimeDigitized', 'SubSecTimeOriginal', 'SubSecTimeDigitized'],
  ...['OffsetTime', 'OffsetTimeOriginal', 'OffsetTimeDigitized', 'GPSDateStamp', 'GPSTimeStamp'],
  ...['ISOSpeedRatings', 'FNumber', 'ExposureTime', 'FocalLength', 'XPTitle', 'XPKeywords', 'XPComment'],
];

/** Reads the tags of a picture; what is broken says nothing. */
export const tagsIn = (bytes: Buffer<ArrayBuffer>): Found => {
  const parts = readable(bytes).map(tagsInPart);
  const merged = (group: 'exif' | 'iptc' | 'gps'): Tags =>
    Object.assign({}, ...parts.map((part) => part[group])) as Tags;
  return {
    exif: merged('exif'),
    iptc: merged('iptc'),
    gps: merged('gps'),
    packets: parts.flatMap(({ packets }) => packets).slice(0, MOST_PACKETS),
    length: parts.reduce((sum, part) => sum + part.length, 0),
    isWhole: parts.every(({ isWhole }) => isWhole),
  };
};

const tagsInPart = (part: Buffer<ArrayBuffer>): Found => {
  const packets: string[] = [];
  // The library tells properties apart by their names alone; we need their namespaces, and read the packets ourselves.
  const domParser = {
    parseFromString: (packet: string): object => {
      packets.push(packet);
      return { childNodes: [], getElementsByTagName: () => [] };
    },
  };
  const view = new MeteredView(part, MOST_READS);
  let groups: Readonly<Record<string, Tags>> = {};
  try {
    // The library's own types are narrower than what files hold; every use looks at what is there.
    groups = ExifReader.loadView(view, {
      expanded: true,
      includeTags: { exif: EXIF, iptc: true, xmp: true, gps: true },
      domParser,
    }) as unknown as Readonly<Record<string, Tags>>;
  } catch {
    // What is no picture to the library has no tags.
  }
  const { exif = {}, iptc = {}, gps = {} } = groups;
  const length = packets.reduce((sum, packet) => sum + packet.length, view.reads);
  return { exif, iptc, gps, packets, length, isWhole: !view.isSpent };
};
