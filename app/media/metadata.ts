import ExifReader from 'exifreader';
import type { Metadata } from '../contract/index.ts';

/** Tags by name. What a file says about itself has any type, whatever its standard promises. */
type Tags = Readonly<Record<string, unknown>>;

/**
 * Where and how a photo was taken. Broken metadata never fails a photo: what cannot be read is null, and the time is then
 * the file's own.
 *
 * @param modifiedAt milliseconds since 1970
 */
export const readMetadata = (bytes: Buffer<ArrayBuffer>, modifiedAt: number): Metadata => {
  const { exif = {}, iptc = {}, xmp = {}, gps = {} } = parse(bytes);
  const takenAt = captureTime(exif, xmp);
  return {
    takenAt: takenAt ?? modifiedAt,
    takenAtSource: takenAt === null ? 'file' : 'exif',
    camera: camera(exif),
    lens: text(exif.LensModel, xmp.Lens),
    exposure: exposure(exif),
    iso: quantity(exif.ISOSpeedRatings),
    aperture: quantity(exif.FNumber),
    exposureSeconds: quantity(exif.ExposureTime),
    focalLength: quantity(exif.FocalLength),
    ...position(gps),
    rating: rating(text(xmp.Rating, exif.Rating)),
    keywords: keywords(exif, iptc, xmp),
    title: text(xmp.title, iptc['Object Name'], exif.XPTitle),
    description: text(xmp.description, iptc['Caption/Abstract'], exif.ImageDescription),
  };
};

const parse = (bytes: Buffer<ArrayBuffer>): Readonly<Record<string, Tags>> => {
  try {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    // The library's own types are narrower than what files hold; every use below looks at what is there.
    return ExifReader.loadView(view, {
      expanded: true,
      includeTags: { exif: true, iptc: true, xmp: true, gps: true },
    }) as unknown as Record<string, Tags>;
  } catch {
    return {};
  }
};

/** The first of the tags that says something, as one line of text. */
const text = (...tags: readonly unknown[]): string | null => {
  for (const tag of tags) {
    if (typeof tag !== 'object' || tag === null || !('description' in tag)) continue;
    const line = String(tag.description)
      .replaceAll(/\p{Cc}+/gu, ' ')
      .trim();
    if (line !== '') return line;
  }
  return null;
};

/** Milliseconds since 1970. A time without a zone is taken for this computer's, as its owner's watch showed it. */
const captureTime = (exif: Tags, xmp: Tags): number | null => {
  const digits = text(exif.DateTimeOriginal, exif.DateTimeDigitized);
  const offset = text(exif.OffsetTimeOriginal, exif.OffsetTime) ?? '';
  const iso =
    digits === null
      ? text(xmp.DateTimeOriginal, xmp.DateCreated)
      : `${digits.replace(/^(\d{4}):(\d\d):(\d\d) /u, '$1-$2-$3T')}${offset}`;
  const time = iso !== null && /^\d{4}-\d\d-\d\dT\d\d:\d\d/u.test(iso) ? Date.parse(iso) : NaN;
  return Number.isNaN(time) ? null : time;
};

const camera = (exif: Tags): string | null => {
  const make = text(exif.Make);
  const model = text(exif.Model);
  if (make === null || model === null) return model ?? make;
  // Many makers repeat their name in the model: Canon, Canon EOS 5D; NIKON CORPORATION, NIKON D90.
  const name = make.split(' ', 1).join().toLowerCase();
  return model.toLowerCase().startsWith(name) ? model : `${make} ${model}`;
};

const exposure = (exif: Tags): string | null => {
  const seconds = text(exif.ExposureTime);
  const iso = text(exif.ISOSpeedRatings);
  const parts = [seconds && `${seconds} s`, text(exif.FNumber), iso && `ISO ${iso}`, text(exif.FocalLength)];
  return parts.filter((part) => part !== null).join(' · ') || null;
};

/** A number or a fraction above zero: lenses that a camera does not know are written down as 0/0. */
const quantity = (tag: unknown): number | null => {
  const value: unknown = typeof tag === 'object' && tag !== null && 'value' in tag ? tag.value : null;
  const [above, below] = [value, 1].flat();
  const number = Number(above) / Number(below);
  return Number.isFinite(number) && number > 0 ? number : null;
};

const position = (gps: Tags): Pick<Metadata, 'latitude' | 'longitude'> => {
  const [latitude, longitude] = [Number(gps.Latitude), Number(gps.Longitude)];
  // A receiver without a fix writes zeros.
  const isPlace = Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 && (latitude !== 0 || longitude !== 0);
  return isPlace ? { latitude, longitude } : { latitude: null, longitude: null };
};

const rating = (stars: string | null): number | null => {
  const value = Math.round(Number(stars ?? NaN));
  return value >= 0 && value <= 5 ? value : null;
};

const keywords = (exif: Tags, iptc: Tags, xmp: Tags): string[] => {
  const subject = xmp.subject;
  const bag: unknown = typeof subject === 'object' && subject !== null && 'value' in subject ? subject.value : null;
  const words = [bag, iptc.Keywords].flat().map((tag) => text(tag));
  const typed =
    text(exif.XPKeywords)
      ?.split(';')
      .map((word) => word.trim()) ?? [];
  return [...new Set([...words, ...typed])].filter((word): word is string => word !== null && word !== '');
};
