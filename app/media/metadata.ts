import type { Metadata } from '../contract/index.ts';
import { bounded } from './metadata/bounds.ts';
import { momentIn } from './metadata/named-moment.ts';
import { saidByExif, saidByIptc, workedOn } from './metadata/said-by-exif.ts';
import { saidByXmp } from './metadata/said-by-xmp.ts';
import type { Moment, Said } from './metadata/said.ts';
import { SourceReader, type Source } from './metadata/source-reader.ts';
import { tagsIn } from './metadata/tags-in-file.ts';
import { readTakeout } from './metadata/takeout.ts';
import { readXmp } from './metadata/xmp.ts';
import type { Sidecar } from './read-sidecars.ts';

/** What is known of a file beside its bytes. */
export interface FileFacts {
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly modifiedAt: number;
  /** Files beside it that describe it, the most telling first: see `sidecarsIn`. */
  readonly sidecars: readonly Sidecar[];
}

/** What is known of a photo. */
export interface Described {
  readonly metadata: Metadata;
  /** Which sources were left out because they pass the limits, and what to do; null when all were read. */
  readonly leftOut: string | null;
}

/**
 * Where and how a photo was taken, and what people wrote about it. What people may change is taken from XMP beside the file
 * first, then from the file, then from Google’s JSON; when and how it was taken, from the file first. Broken metadata never
 * fails a photo: what cannot be read is null, and the time is then that in the file’s name, or the file’s own.
 */
export const readMetadata = (bytes: Buffer<ArrayBuffer>, file: FileFacts): Described => {
  const { exif, iptc, gps, packets, length, isWhole } = tagsIn(bytes);
  const read = (leaveOut: (why: string) => void): Inside => {
    if (!isWhole) leaveOut('they point at each other and have no end');
    const fromXmp = packets.map((packet) => saidByXmp(readXmp(packet)));
    return { device: saidByExif(exif, gps), others: [...fromXmp, saidByIptc(iptc)], fallback: workedOn(exif) };
  };
  return describe({ name: IN_THE_FILE, length, read }, file);
};

/** The same of a video, whose container says it in its own way. */
export const videoMetadata = (recorded: Said, file: FileFacts): Described =>
  describe({ name: IN_THE_FILE, length: 0, read: () => ({ ...NOTHING_INSIDE, device: recorded }) }, file);

const IN_THE_FILE = 'the metadata in the file';

/** What a file says by itself. */
interface Inside {
  /** What the camera wrote into it. */
  readonly device: Said;
  /** What else is in it, the surest first. */
  readonly others: readonly Said[];
  /** A time that is better than the file’s own, and worse than one in its name. */
  readonly fallback: Moment | null;
}

const NOTHING_INSIDE: Inside = { device: {}, others: [], fallback: null };

const describe = (source: Source<Inside>, file: FileFacts): Described => {
  const reader = new SourceReader();
  const beside = file.sidecars.flatMap((sidecar): Source<{ readonly isXmp: boolean; readonly said: Said }>[] => {
    const { name, text, refused } = sidecar;
    if (refused !== undefined) reader.leaveOut(name, refused);
    if (text === null) return [];
    const isXmp = /\.xmp$/iu.test(name);
    return [
      {
        name,
        length: text.length,
        read: () => ({ isXmp, said: isXmp ? saidByXmp(readXmp(text)) : readTakeout(text) }),
      },
    ];
  });
  const [inside = NOTHING_INSIDE] = reader.readAll([source]);
  const said = reader.readAll(beside).filter((each) => each !== undefined);
  const saidBy = (isXmp: boolean): Said[] => said.filter((each) => each.isXmp === isXmp).map((each) => each.said);
  return { metadata: bounded(compose(inside, saidBy(true), saidBy(false), file)), leftOut: reader.leftOut };
};

/**
 * @param beside what XMP beside the file says
 * @param google what Google’s JSON says
 */
const compose = (
  { device, others, fallback }: Inside,
  beside: readonly Said[],
  google: readonly Said[],
  file: FileFacts,
): Metadata => {
  const inside = [...others, device];
  const people = [...beside, { keywords: together(inside) }, ...inside, ...google];
  const machines = [device, ...others, ...beside];
  const recorded = first([device, ...beside, ...others, ...google], 'moment');
  const moment = recorded ?? momentIn(file.name) ?? fallback;
  const how = {
    exposureSeconds: first(machines, 'exposureSeconds'),
    aperture: first(machines, 'aperture'),
    iso: first(machines, 'iso'),
    focalLength: first(machines, 'focalLength'),
  };
  return {
    takenAt: moment?.takenAt ?? file.modifiedAt,
    takenAtSource: moment?.takenAtSource ?? 'file',
    takenAtOffset: moment?.takenAtOffset ?? null,
    camera: first(machines, 'camera'),
    lens: first(machines, 'lens'),
    exposure: shown(how),
    ...how,
    ...(first(people, 'place') ?? { latitude: null, longitude: null }),
    rating: first(people, 'rating'),
    keywords: first(people, 'keywords') ?? [],
    title: first(people, 'title'),
    description: first(people, 'description'),
  };
};

/** What the first source says that says anything. */
const first = <K extends keyof Said>(sources: readonly Said[], key: K): NonNullable<Said[K]> | null => {
  for (const source of sources) {
    const value = source[key] ?? null;
    if (value !== null) return value;
  }
  return null;
};

/** Keywords of all sources within one file; null when none speaks of any. */
const together = (sources: readonly Said[]): string[] | null => {
  const lists = sources.flatMap(({ keywords }) => (keywords ? [keywords] : []));
  return lists.length === 0 ? null : [...new Set(lists.flat())];
};

const shown = (how: Pick<Metadata, 'exposureSeconds' | 'aperture' | 'iso' | 'focalLength'>): string | null => {
  const { exposureSeconds, aperture, iso, focalLength } = how;
  const parts = [
    exposureSeconds && `${secondsShown(exposureSeconds)} s`,
    aperture && `f/${rounded(aperture)}`,
    iso && `ISO ${rounded(iso)}`,
    focalLength && `${rounded(focalLength)} mm`,
  ];
  return parts.filter(Boolean).join(' · ') || null;
};

const rounded = (value: number): string => String(Math.round(value * 10) / 10);

/** As cameras show it: 1/250, 0.4, 30. */
const secondsShown = (seconds: number): string => {
  const below = Math.round(1 / seconds);
  return seconds < 0.3 || (seconds < 1 && Math.abs(seconds * below - 1) < 0.01) ? `1/${below}` : rounded(seconds);
};
