import ExifReader from 'exifreader';
import type { Metadata } from '../contract/index.ts';
import { momentIn } from './metadata/named-moment.ts';
import { readable } from './metadata/readable.ts';
import { saidByExif, saidByIptc, workedOn, type Tags } from './metadata/said-by-exif.ts';
import { saidByXmp } from './metadata/said-by-xmp.ts';
import type { Moment, Said } from './metadata/said.ts';
import { readTakeout } from './metadata/takeout.ts';
import { readXmp } from './metadata/xmp.ts';

/** What is known of a file beside its bytes. */
export interface FileFacts {
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly modifiedAt: number;
  /** Files beside it that describe it, the most telling first: see `sidecarsIn`. */
  readonly sidecars: readonly { readonly name: string; readonly text: string }[];
}

/**
 * Where and how a photo was taken, and what people wrote about it. What people may change is taken from XMP beside the file
 * first, then from the file, then from Google’s JSON; when and how it was taken, from the file first. Broken metadata never
 * fails a photo: what cannot be read is null, and the time is then that in the file’s name, or the file’s own.
 */
export const readMetadata = (bytes: Buffer<ArrayBuffer>, file: FileFacts): Metadata => {
  const { exif, iptc, gps, packets } = parse(bytes);
  const others = [...packets.map((packet) => saidByXmp(readXmp(packet))), saidByIptc(iptc)];
  return compose(saidByExif(exif, gps), others, workedOn(exif), file);
};

/** The same of a video, whose container says it in its own way. */
export const videoMetadata = (recorded: Said, file: FileFacts): Metadata => compose(recorded, [], null, file);

/**
 * @param device what the camera wrote into the file
 * @param others what else is in the file, the surest first
 * @param fallback a time that is better than the file’s own, and worse than one in its name
 */
const compose = (device: Said, others: readonly Said[], fallback: Moment | null, file: FileFacts): Metadata => {
  const beside = file.sidecars.filter(isXmp).map(({ text }) => saidByXmp(readXmp(text)));
  const google = file.sidecars.filter((sidecar) => !isXmp(sidecar)).map(({ text }) => readTakeout(text));
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

const isXmp = ({ name }: { readonly name: string }): boolean => /\.xmp$/iu.test(name);

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

interface Parsed {
  readonly exif: Tags;
  readonly iptc: Tags;
  readonly gps: Tags;
  /** XMP as it stands in the file. */
  readonly packets: readonly string[];
}

const parse = (bytes: Buffer<ArrayBuffer>): Parsed => {
  const all: Parsed[] = readable(bytes).map(parseOne);
  const merged = (group: 'exif' | 'iptc' | 'gps'): Tags => Object.assign({}, ...all.map((one) => one[group])) as Tags;
  return {
    exif: merged('exif'),
    iptc: merged('iptc'),
    gps: merged('gps'),
    packets: all.flatMap(({ packets }) => packets),
  };
};

const parseOne = (part: Buffer<ArrayBuffer>): Parsed => {
  const packets: string[] = [];
  // The library tells properties apart by their names alone; we need their namespaces, and read the packets ourselves.
  const domParser = {
    parseFromString: (packet: string): object => {
      packets.push(packet);
      return { childNodes: [], getElementsByTagName: () => [] };
    },
  };
  try {
    // The library's own types are narrower than what files hold; every use below looks at what is there.
    const groups = ExifReader.loadView(new DataView(part.buffer, part.byteOffset, part.length), {
      expanded: true,
      includeTags: { exif: true, iptc: true, xmp: true, gps: true },
      domParser,
    }) as unknown as Readonly<Record<string, Tags>>;
    const { exif = {}, iptc = {}, gps = {} } = groups;
    return { exif, iptc, gps, packets };
  } catch {
    return { exif: {}, iptc: {}, gps: {}, packets };
  }
};
