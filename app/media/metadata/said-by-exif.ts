import { readMoment } from './moment.ts';
import { cameraOf, lineOf, placeOf, positive, starsOf, starsOfPercent, type Moment, type Said } from './said.ts';

/** Tags by name. What a file says about itself has any type, whatever its standard promises. */
export type Tags = Readonly<Record<string, unknown>>;

/** What cameras write where a description belongs. */
const NO_DESCRIPTION =
  /^(?:olympus digital camera|sony dsc|minolta digital camera|konica minolta digital camera|kodak digital still camera|samsung(?: camera pictures)?|dcim[\\/].*|default|untitled|exif_jpeg_picture|charset=ascii.*|x-default)$/iu;

/** What EXIF says, with the position that the reader made of its tags. */
export const saidByExif = (exif: Tags, gps: Tags): Said => {
  const typed = text(exif.XPKeywords)
    ?.split(';')
    .flatMap((word) => lineOf(word) ?? []);
  const description = text(exif.ImageDescription);
  return {
    moment: captured(exif),
    place: placeOf(gps.Latitude, gps.Longitude),
    camera: cameraOf(text(exif.Make), text(exif.Model)),
    lens: text(exif.LensModel),
    iso: positive(Number([valueOf(exif.ISOSpeedRatings)].flat()[0])),
    aperture: quantity(exif.FNumber),
    exposureSeconds: quantity(exif.ExposureTime),
    focalLength: quantity(exif.FocalLength),
    rating: starsOf(valueOf(exif.Rating)) ?? starsOfPercent(valueOf(exif.RatingPercent)),
    keywords: typed === undefined || typed.length === 0 ? null : typed,
    title: text(exif.XPTitle),
    description: (NO_DESCRIPTION.test(description ?? '') ? null : description) ?? text(exif.XPComment),
  };
};

/** When the file was last worked on: of some scanners and old telephones the only date there is. */
export const workedOn = (exif: Tags): Moment | null => readMoment(text(exif.DateTime), 'exif', text(exif.OffsetTime));

/** What IPTC says: the fields that agencies and older programs fill in. */
export const saidByIptc = (iptc: Tags): Said => {
  const words = [iptc.Keywords].flat().flatMap((tag) => text(tag) ?? []);
  const [day, time] = [text(iptc['Date Created']), text(iptc['Time Created'])];
  return {
    moment: readMoment(time === null ? day : `${day} ${time}`, 'exif'),
    keywords: words.length === 0 ? null : words,
    title: text(iptc['Object Name']) ?? text(iptc.Headline),
    description: text(iptc['Caption/Abstract']),
  };
};

const captured = (exif: Tags): Moment | null => {
  const whole = (time: unknown, parts: unknown): string | null => {
    const second = /^\d+/u.exec(text(parts) ?? '');
    return text(time)?.replace(/(?<=:\d\d:\d\d)$/u, second === null ? '' : `.${second[0]}`) ?? null;
  };
  const zone = (own: unknown): string | null => text(own) ?? text(exif.OffsetTime) ?? zoneByGps(exif);
  return (
    readMoment(whole(exif.DateTimeOriginal, exif.SubSecTimeOriginal), 'exif', zone(exif.OffsetTimeOriginal)) ??
    readMoment(whole(exif.DateTimeDigitized, exif.SubSecTimeDigitized), 'exif', zone(exif.OffsetTimeDigitized))
  );
};

/** Clocks that are not whole hours from Greenwich, in minutes. */
const ODD_OFFSETS: ReadonlySet<number> = new Set([-570, -210, 210, 270, 330, 345, 390, 525, 570, 630, 765]);

/**
 * The zone, from what satellites and the camera’s own clock say at once: null unless they differ by one there is, give or
 * take two minutes, for a receiver may hold on to an old fix.
 */
const zoneByGps = (exif: Tags): string | null => {
  const day = text(exif.GPSDateStamp);
  const time = text(exif.GPSTimeStamp);
  const clock = readMoment(text(exif.DateTimeOriginal), 'exif', 'Z')?.takenAt;
  const satellites = readMoment(`${day} ${time?.replace(/(?<![\d.])\d(?!\d)/gu, '0$&')}`, 'exif', 'Z')?.takenAt;
  if (clock === undefined || satellites === undefined) return null;
  const minutes = (clock - satellites) / 60_000;
  const offset = Math.round(minutes / 15) * 15;
  const isZone = offset >= -720 && offset <= 840 && (offset % 60 === 0 || ODD_OFFSETS.has(offset));
  if (!isZone || Math.abs(minutes - offset) > 2) return null;
  const digits = (amount: number): string => String(Math.floor(amount)).padStart(2, '0');
  return `${offset < 0 ? '-' : '+'}${digits(Math.abs(offset) / 60)}:${digits(Math.abs(offset) % 60)}`;
};

const text = (tag: unknown): string | null =>
  typeof tag === 'object' && tag !== null && 'description' in tag ? lineOf(String(tag.description)) : null;

const valueOf = (tag: unknown): unknown =>
  typeof tag === 'object' && tag !== null && 'value' in tag ? tag.value : null;

/** A number or a fraction. */
const quantity = (tag: unknown): number | null => {
  const [above, below] = [valueOf(tag) ?? NaN, 1].flat();
  return positive(Number(above) / Number(below));
};
