/** Bytes that tell what a file is. */
export const START_BYTES = 32;

/**
 * How files start that pictures are read from, whatever comes after: JPEG, PNG, GIF, TIFF and BigTIFF, WebP, JPEG XL, and the
 * raw formats that are no TIFF, or nearly one.
 */
const STARTS = [
  ...['\xff\xd8\xff', '\x89PNG', 'GIF8', 'II*\0', 'II+\0', 'MM\0*', 'MM\0+', 'RIFF', '\xff\x0a'],
  ...['FUJIFILMCCD-RAW', 'FOVb', '\0MRM', 'II\x1a\0\0\0HEAPCCDR', 'IIRO', 'IIRS', 'MMOR', 'IIU\0'],
];
/** Of the first box of HEIF, AVIF and CR3, and of JPEG XL. */
const BOXES: ReadonlySet<string> = new Set(['ftyp', 'JXL ']);

/** Whether a file begins like one that pictures are read from. */
export const isPictureStart = (bytes: Buffer): boolean => {
  const start = bytes.toString('latin1', 0, START_BYTES);
  return STARTS.some((each) => start.startsWith(each)) || BOXES.has(start.slice(4, 8));
};
