/** One directory of a TIFF: what is known of one of its images. */
export interface Directory {
  /** Numbers of a tag, of whole-number types; none where the tag is missing or points outside the file. */
  readonly numbers: (tag: number) => readonly number[];
  /** Text of a tag; empty where it is missing. */
  readonly text: (tag: number) => string;
  readonly has: (tag: number) => boolean;
}

interface Entry {
  readonly type: number;
  readonly count: number;
  /** Where its values lie. */
  readonly at: number;
}

/** Bytes that a value takes, by type: ASCII, SHORT, LONG and those like them. */
const SIZES: Readonly<Record<number, number>> = { 1: 1, 2: 1, 3: 2, 4: 4, 6: 1, 7: 1, 13: 4 };
const SUB_DIRECTORIES = 330;
/** Files of cameras have a handful. */
const MAX_DIRECTORIES = 64;
/** Strips and tiles of one image; more is no picture of a camera. */
const MAX_VALUES = 2 ** 16;

/**
 * The directories of a TIFF and of the raw formats that are made like one, the main one first, then the others it points to.
 * What lies outside the file is not there; nothing is thrown.
 *
 * @param file from the byte order on (`II` or `MM`), whatever the two bytes behind it say
 */
export const tiffDirectories = (file: Buffer): Directory[] => {
  const little = file.toString('latin1', 0, 2) === 'II';
  if (!little && file.toString('latin1', 0, 2) !== 'MM') return [];
  const read = (at: number, size: number): number =>
    at + size > file.length ? 0 : little ? file.readUIntLE(at, size) : file.readUIntBE(at, size);

  const directoryAt = (start: number): { directory: Directory; next: number } => {
    const count = read(start, 2);
    const entries = new Map<number, Entry>();
    for (let index = 0; index < count; index++) {
      const at = start + 2 + 12 * index;
      if (at + 12 > file.length) break;
      const [type, values] = [read(at + 2, 2), read(at + 4, 4)];
      const length = (SIZES[type] ?? 8) * values;
      entries.set(read(at, 2), { type, count: values, at: length <= 4 ? at + 8 : read(at + 8, 4) });
    }
    const numbers = (tag: number): number[] => {
      const entry = entries.get(tag);
      const size = entry === undefined ? undefined : SIZES[entry.type];
      if (entry === undefined || size === undefined || entry.at + size * entry.count > file.length) return [];
      return Array.from({ length: Math.min(entry.count, MAX_VALUES) }, (_, index) =>
        read(entry.at + size * index, size),
      );
    };
    const text = (tag: number): string =>
      String.fromCharCode(...numbers(tag).slice(0, 256))
        .replace(/\0.*$/su, '')
        .trim();
    return { directory: { numbers, text, has: (tag) => entries.has(tag) }, next: read(start + 2 + 12 * count, 4) };
  };

  const found = new Map<number, Directory>();
  const waiting = [read(4, 4)];
  for (let start = waiting.shift(); start !== undefined; start = waiting.shift()) {
    if (start < 8 || start >= file.length || found.has(start) || found.size === MAX_DIRECTORIES) continue;
    const { directory, next } = directoryAt(start);
    found.set(start, directory);
    waiting.push(...directory.numbers(SUB_DIRECTORIES).slice(0, MAX_DIRECTORIES), next);
  }
  return [...found.values()];
};
