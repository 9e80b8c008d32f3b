/** A JPEG inside another file. */
export interface EmbeddedJpeg {
  readonly start: number;
  readonly width: number;
  readonly height: number;
  /** Where its own Exif data lie, from the marker to the next one. */
  readonly exif: readonly (readonly [start: number, end: number])[];
}

const START = Buffer.from('ffd8ff', 'hex');
/** Real files have tens of segments a picture. A bound, so that a file made for it cannot keep us reading for ever. */
const MAX_SEGMENTS = 50_000;
/** Baseline, extended and progressive: what any decoder reads. The others hold raw data without loss. */
const FRAMES = new Set([0xc0, 0xc1, 0xc2]);
const NO_FRAMES = new Set([0xc4, 0xc8, 0xcc]);
const SCAN = 0xda;
const APP1 = 0xe1;

/**
 * The JPEG with the most pixels that begins anywhere in a file, by its own headers. Within the data of a JPEG none can
 * begin, and other data look like its headers, to the start of a scan, once in millions of files.
 *
 * @param isData whether what begins at a place is known to be something else
 */
export const largestJpeg = (file: Buffer, isData: (start: number) => boolean): EmbeddedJpeg | null => {
  let largest: EmbeddedJpeg | null = null;
  let budget = MAX_SEGMENTS;
  for (let start = file.indexOf(START); start >= 0 && budget > 0;) {
    const { jpeg, end, segments } = headersAt(file, start, budget);
    budget -= segments;
    if (jpeg !== null && !isData(start) && jpeg.width * jpeg.height > (largest?.width ?? 0) * (largest?.height ?? 0))
      largest = jpeg;
    // What is no JPEG may hold one: go on right behind its start.
    start = file.indexOf(START, jpeg === null ? start + 2 : end);
  }
  return largest;
};

const headersAt = (
  file: Buffer,
  start: number,
  budget: number,
): { readonly jpeg: EmbeddedJpeg | null; readonly end: number; readonly segments: number } => {
  let size: { readonly width: number; readonly height: number } | null = null;
  const exif: [number, number][] = [];
  let at = start + 2;
  let segments = 1;
  for (; segments <= budget && at + 4 <= file.length && file[at] === 0xff; segments++) {
    const marker = file.readUInt8(at + 1);
    const end = at + 2 + file.readUInt16BE(at + 2);
    if (marker < 0xc0 || (marker >= 0xd0 && marker < SCAN) || end < at + 4) break;
    if (marker === SCAN) return { jpeg: size === null ? null : { start, ...size, exif }, end, segments };
    if (marker === APP1 && file.toString('latin1', at + 4, at + 8) === 'Exif') exif.push([at, end]);
    if (marker < 0xd0 && !NO_FRAMES.has(marker)) {
      size = FRAMES.has(marker) ? frameAt(file, at) : null;
      if (size === null) break;
    }
    at = end;
  }
  return { jpeg: null, end: at, segments };
};

/** @returns null for samples of more than 8 bits, and for a size that is none */
const frameAt = (file: Buffer, at: number): { readonly width: number; readonly height: number } | null => {
  if (at + 10 > file.length || file[at + 4] !== 8) return null;
  const [height, width, channels] = [file.readUInt16BE(at + 5), file.readUInt16BE(at + 7), file[at + 9]];
  return width > 0 && height > 0 && (channels === 1 || channels === 3) ? { width, height } : null;
};

/** A copy of the JPEG from its start on, which says how it is to be turned; its own Exif data are left out. */
export const turnedJpeg = (file: Buffer, { start, exif }: EmbeddedJpeg, orientation: number): Buffer<ArrayBuffer> => {
  const tags = Buffer.from('ffe1002245786966000049492a00080000000100120103000100000000000000000000000000', 'hex');
  tags.writeUInt16LE(orientation, 28);
  const edges = [start + 2, ...exif.flat(), file.length];
  const kept = edges.flatMap((from, index) => (index % 2 === 0 ? [file.subarray(from, edges[index + 1])] : []));
  return Buffer.concat([file.subarray(start, start + 2), tags, ...kept]);
};
