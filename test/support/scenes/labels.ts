import type { Sharp } from 'sharp';
import type { Kind } from './kinds.ts';
import type { Random } from './random.ts';

interface Camera {
  readonly make: string;
  readonly model: string;
  readonly lens: string;
  readonly focal: readonly [shortest: number, longest: number];
}

const cameras: readonly Camera[] = [
  { make: 'Lumen', model: 'L1', lens: 'Lumen 24-70mm F4', focal: [24, 70] },
  { make: 'Halden', model: 'Halden F2', lens: 'Halden 35mm F2', focal: [35, 35] },
  { make: 'Petrel', model: 'Pocket 6', lens: 'Petrel 8mm F1.8', focal: [8, 8] },
];

interface Exposure {
  readonly times: readonly string[];
  readonly stops: readonly string[];
  readonly iso: readonly string[];
  readonly hours: readonly [from: number, to: number];
}

const exposures: Readonly<Record<Kind['light'], Exposure>> = {
  day: {
    times: ['1/125', '1/250', '1/500', '1/1000'],
    stops: ['4', '56/10', '8', '11'],
    iso: ['100', '200'],
    hours: [8, 17],
  },
  dusk: { times: ['1/30', '1/60', '1/125'], stops: ['4', '56/10', '8'], iso: ['200', '400', '800'], hours: [18, 20] },
  night: { times: ['8', '15', '20', '25'], stops: ['2', '28/10'], iso: ['1600', '3200', '6400'], hours: [21, 23] },
};

/** Writes into the picture what a camera and its owner would: when and how, mostly where, and often stars and words. */
export const label = (picture: Sharp, kind: Kind, day: Date, random: Random): Sharp => {
  const camera = random.pick(cameras);
  const cherished = random.chance(0.6);
  const { times, stops, iso, hours } = exposures[kind.light];
  const taken = new Date(day);
  taken.setUTCHours(random.whole(...hours), random.whole(0, 59), random.whole(0, 59));
  const digits = taken.toISOString().replace(/^(\d+)-(\d+)-(\d+)T([\d:]+).*$/u, '$1:$2:$3 $4');
  const [latitude, longitude] = kind.place.map((degrees) => degrees + random.between(-0.04, 0.04)) as [number, number]; // as: of a pair
  picture.withExif({
    IFD0: { Make: camera.make, Model: camera.model, ...(cherished ? { ImageDescription: kind.description } : {}) },
    IFD2: {
      DateTimeOriginal: digits,
      ExposureTime: random.pick(times).replace(/^\d+$/u, '$&/1'),
      FNumber: random.pick(stops).replace(/^\d+$/u, '$&/1'),
      ISOSpeedRatings: random.pick(iso),
      FocalLength: `${random.whole(...camera.focal)}/1`,
      LensModel: camera.lens,
    },
    ...(random.chance(0.8)
      ? {
          IFD3: {
            GPSLatitudeRef: latitude < 0 ? 'S' : 'N',
            GPSLatitude: sexagesimal(latitude),
            GPSLongitudeRef: longitude < 0 ? 'W' : 'E',
            GPSLongitude: sexagesimal(longitude),
          },
        }
      : {}),
  });
  return cherished ? picture.withXmp(xmp(random.whole(3, 5), kind.keywords)) : picture;
};

const sexagesimal = (degrees: number): string => {
  const seconds = Math.round(Math.abs(degrees) * 3600);
  return `${Math.floor(seconds / 3600)}/1 ${Math.floor(seconds / 60) % 60}/1 ${seconds % 60}/1`;
};

const xmp = (rating: number, keywords: readonly string[]): string =>
  `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"><xmp:Rating>${rating}</xmp:Rating><dc:subject><rdf:Bag>${keywords.map((word) => `<rdf:li>${word}</rdf:li>`).join('')}</rdf:Bag></dc:subject></rdf:Description></rdf:RDF></x:xmpmeta>`;
