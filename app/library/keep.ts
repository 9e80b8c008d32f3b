/** A file of a group, as far as it matters which one to keep. */
export interface Candidate {
  readonly path: string;
  readonly bytes: number;
  readonly width: number;
  readonly height: number;
  readonly sharpness: number;
  /** A favourite, or rated: the person has chosen already. */
  readonly isMarked: boolean;
  /** Raw data, or a picture that raw data or a moving part goes with: none of the others brings that back. */
  readonly holdsMore: boolean;
}

/** Sharpness of the sharpest, as a share, under which a photo counts as blurred: encoding alone takes less (fingerprint.ts). */
const BLURRED = 0.5;

/** Words and numbers that programs add to the names of copies, in the languages that they do it in most. */
const COPY =
  /\(\d+\)$|(?:^|[^\p{L}])(?:copy|kopie|copie|copia|cópia|kopia|edited|edit|bearbeitet|modifié|editado|modificato)(?:[^\p{L}]|$)/iu;

/** Whether a file's name says that it was made from another one: `IMG_1 (2).jpg`, `Copy of IMG_1.jpg`, `IMG_1-edited.jpg`. */
export const isNamedAsCopy = (path: string): boolean => {
  const name = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
  return COPY.test(name.replace(/\.[^.]*$/u, ''));
};

/**
 * Orders files by how much they deserve to be kept: those the person marked, then those that hold more than a picture, those
 * with the most pixels, the sharp ones, those with the most bytes, and those that are not named as copies.
 */
export const keepFirst = <T extends Candidate>(files: readonly T[]): T[] => {
  const sharpest = Math.max(...files.map((file) => file.sharpness));
  const faults = (file: T): readonly number[] => [
    file.isMarked ? 0 : 1,
    file.holdsMore ? 0 : 1,
    -file.width * file.height,
    file.sharpness < BLURRED * sharpest ? 1 : 0,
    -file.bytes,
    isNamedAsCopy(file.path) ? 1 : 0,
  ];
  const compare = (a: readonly number[], b: readonly number[]): number =>
    a.map((fault, index) => fault - (b[index] ?? 0)).find((difference) => difference !== 0) ?? 0;
  return files
    .map((file) => ({ file, faults: faults(file) }))
    .sort((a, b) => compare(a.faults, b.faults) || (a.file.path < b.file.path ? -1 : 1))
    .map(({ file }) => file);
};

/** Those to keep of files in that order: the first, and the first that holds more than a picture when that is another one. */
export const kept = <T extends Candidate>(ordered: readonly T[]): ReadonlySet<T> =>
  new Set([...ordered.slice(0, 1), ...ordered.filter(({ holdsMore }) => holdsMore).slice(0, 1)]);
