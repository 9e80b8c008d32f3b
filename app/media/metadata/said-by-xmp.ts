import { readMoment } from './moment.ts';
import { cameraOf, lineOf, placeOf, positive, starsOf, starsOfPercent, type Said } from './said.ts';
import type { Property, Xmp } from './xmp.ts';

/** What programs note for themselves among the person’s keywords. */
const INTERNAL = /^(?:darktable|_digikam_internal_tags_)$/iu;

/** Lists of keywords that lie in each other, and what stands between their levels. */
export const HIERARCHIES = [
  { property: 'lr:hierarchicalSubject', separator: '|' },
  { property: 'digiKam:TagsList', separator: '/' },
  { property: 'MicrosoftPhoto:LastKeywordXMP', separator: '/' },
] as const satisfies readonly { readonly property: Property; readonly separator: string }[];

/** The keywords of a path such as Animals|Dog: each of its levels, so that the whole finds what is filed under a part. */
export const levelsOf = (path: string, separator: string): string[] => {
  const levels = path.split(separator).flatMap((level) => lineOf(level) ?? []);
  return INTERNAL.test(levels[0] ?? '') ? [] : levels;
};

/** What a packet of XMP says, be it inside of a photo or beside it. */
export const saidByXmp = (xmp: Xmp): Said => {
  const text = (...properties: readonly Property[]): string | null => {
    for (const property of properties) {
      const line = xmp
        .get(property)
        ?.map(lineOf)
        .find((found) => found !== null);
      if (line !== undefined) return line;
    }
    return null;
  };
  const amount = (...properties: readonly Property[]): number | null => positive(fraction(text(...properties)));
  return {
    moment:
      readMoment(text('exif:DateTimeOriginal'), 'xmp') ??
      readMoment(text('photoshop:DateCreated'), 'xmp') ??
      readMoment(text('xmp:CreateDate', 'exif:DateTimeDigitized'), 'xmp'),
    place: placeOf(degrees(text('exif:GPSLatitude')), degrees(text('exif:GPSLongitude'))),
    camera: cameraOf(text('tiff:Make'), text('tiff:Model')),
    lens: text('exifEX:LensModel', 'aux:Lens'),
    iso: amount('exifEX:PhotographicSensitivity', 'exif:ISOSpeedRatings'),
    aperture: amount('exif:FNumber'),
    exposureSeconds: amount('exif:ExposureTime'),
    focalLength: amount('exif:FocalLength'),
    rating: starsOf(text('xmp:Rating')) ?? starsOfPercent(text('MicrosoftPhoto:Rating')),
    keywords: keywords(xmp),
    title: text('dc:title', 'photoshop:Headline'),
    description: text('dc:description'),
  };
};

/** Null when the packet does not speak of keywords; an empty list takes them all away. */
const keywords = (xmp: Xmp): string[] | null => {
  const flat = xmp.get('dc:subject');
  const deep = HIERARCHIES.flatMap(
    ({ property, separator }) => xmp.get(property)?.flatMap((path) => levelsOf(path, separator)) ?? [],
  );
  if (flat === undefined && deep.length === 0) return null;
  return [...new Set([...(flat ?? []).flatMap((word) => lineOf(word) ?? []), ...deep])];
};

/** Of `28/10`, `2.8` or nothing. */
const fraction = (text: string | null): number => {
  const [above = '', below = '1'] = text?.split('/') ?? [];
  return above === '' ? NaN : Number(above) / Number(below);
};

/** Of `48,51.4933N` or `48,51,29.6N`; null for anything else. */
const degrees = (text: string | null): number | null => {
  const { whole, minutes, seconds, side } =
    /^(?<whole>\d+),(?<minutes>\d+(?:\.\d+)?)(?:,(?<seconds>\d+(?:\.\d+)?))?(?<side>[NSEW])$/u.exec(text ?? '')
      ?.groups ?? {};
  if (whole === undefined) return null;
  const size = Number(whole) + Number(minutes) / 60 + Number(seconds ?? 0) / 3600;
  return /[SW]/u.test(side ?? '') ? -size : size;
};
