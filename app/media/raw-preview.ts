import { largestJpeg, turnedJpeg } from './embedded-jpeg.ts';
import { PhotoFailure } from './photo-failure.ts';
import { tiffDirectories, type Directory } from './tiff-directories.ts';

/** What the file of a camera with raw data says of itself. */
interface Raw {
  readonly mime: string;
  /** How its pictures are to be turned, as Exif counts; null where only the preview says so. */
  readonly orientation: number | null;
  /** Whether what begins at a place is the sensor's data, and no picture to be shown. */
  readonly isData: (start: number) => boolean;
}

const NO_DATA = (): boolean => false;

/** Formats that no TIFF is in, by how they begin. */
const SIGNATURES: readonly (readonly [start: string, mime: string])[] = [
  ['FUJIFILMCCD-RAW', 'image/x-fuji-raf'],
  ['FOVb', 'image/x-sigma-x3f'],
  ['\0MRM', 'image/x-minolta-mrw'],
  ['II\x1a\0\0\0HEAPCCDR', 'image/x-canon-crw'],
];

/** Those that are TIFFs but for the number behind the byte order. */
const NUMBERS: Readonly<Record<string, string>> = {
  IIRO: 'image/x-olympus-orf',
  IIRS: 'image/x-olympus-orf',
  MMOR: 'image/x-olympus-orf',
  'IIU\0': 'image/x-panasonic-rw2',
};

/** What Canon writes behind the header; its directories do not say that they hold raw data. */
const CR2 = 'CR\x02\0';

/** True TIFFs, by their maker. */
const MAKERS: readonly (readonly [maker: RegExp, mime: string])[] = [
  [/^canon/iu, 'image/x-canon-cr2'],
  [/^nikon/iu, 'image/x-nikon-nef'],
  [/^sony/iu, 'image/x-sony-arw'],
  [/^(pentax|ricoh)/iu, 'image/x-pentax-pef'],
  [/^samsung/iu, 'image/x-samsung-srw'],
  [/^hasselblad/iu, 'image/x-hasselblad-3fr'],
];
const OTHER_MAKER = 'image/x-dcraw';

const [PHOTOMETRIC, MAKE, STRIPS, ORIENTATION, TILES, DNG_VERSION] = [262, 271, 273, 274, 324, 50706] as const;
/** Interpretations of pixels above this one are a sensor's (colour filters, linear light), or masks and depths. */
const LAST_COLOUR = 10;
const SENSOR = new Set([32803, 34892]);
/** Canon's metadata lie within the first boxes. */
const CR3_HEADER = 2 ** 16;

/**
 * The largest preview in a file with raw data, turned as the camera was held.
 *
 * Makers put previews at places of their own, named by tags of their own; but all of them are JPEGs, and a JPEG says how
 * large it is. So every JPEG in the file is looked at, and those that a TIFF names as sensor data are left out.
 *
 * @returns null for files without raw data
 * @throws PhotoFailure `unsupported` when there is no preview
 */
export const readRaw = (
  file: Buffer<ArrayBuffer>,
): { readonly bytes: Buffer<ArrayBuffer>; readonly mime: string } | null => {
  const raw = describe(file);
  if (raw === null) return null;
  const jpeg = largestJpeg(file, raw.isData);
  if (jpeg === null)
    throw new PhotoFailure(
      'unsupported',
      'This raw file has no preview inside that could be shown. Save a JPEG of it beside it, with the same name.',
    );
  const bytes = raw.orientation === null ? file.subarray(jpeg.start) : turnedJpeg(file, jpeg, raw.orientation);
  return { bytes, mime: raw.mime };
};

const describe = (file: Buffer): Raw | null => {
  const start = file.toString('latin1', 0, 16);
  if (start.slice(4, 11) === 'ftypcrx') {
    const tags = file.subarray(0, CR3_HEADER).indexOf('CMT1');
    const [main] = tags < 0 ? [] : tiffDirectories(file.subarray(tags + 4));
    return { mime: 'image/x-canon-cr3', orientation: orientationOf(main), isData: NO_DATA };
  }
  const signed = SIGNATURES.find(([signature]) => start.startsWith(signature));
  if (signed !== undefined) return { mime: signed[1], orientation: null, isData: NO_DATA };

  const numbered = NUMBERS[start.slice(0, 4)];
  if (numbered === undefined && !/^(II\*\0|MM\0\*)/u.test(start)) return null;
  const directories = tiffDirectories(file);
  const [main] = directories;
  if (main === undefined) return null;
  const interpretation = (directory: Directory): number => directory.numbers(PHOTOMETRIC)[0] ?? 0;
  const isDng = main.has(DNG_VERSION);
  const isRaw = isDng || start.startsWith(CR2, 8) || directories.some((each) => SENSOR.has(interpretation(each)));
  if (numbered === undefined && !isRaw) return null;

  const maker = main.text(MAKE);
  const data = new Set(
    directories
      .filter((each) => interpretation(each) > LAST_COLOUR)
      .flatMap((each) => [...each.numbers(STRIPS), ...each.numbers(TILES)]),
  );
  return {
    mime:
      numbered ?? (isDng ? 'image/x-adobe-dng' : (MAKERS.find(([pattern]) => pattern.test(maker))?.[1] ?? OTHER_MAKER)),
    orientation: orientationOf(main),
    isData: (place) => data.has(place),
  };
};

const orientationOf = (directory: Directory | undefined): number | null => {
  const [orientation = 0] = directory?.numbers(ORIENTATION) ?? [];
  return orientation >= 1 && orientation <= 8 ? orientation : null;
};
