import type { Pixels } from './decode.ts';

/**
 * Side of the grey picture that sharpness is measured on. Photos are shrunk at least three times to it, which takes most of
 * what compression adds, and leaves what is out of focus or shaken.
 */
const SIDE = 128;
/** Side of the grey picture that is transformed. */
const HASHED = 32;
/** Frequencies that are kept, each way. */
const KEPT = 8;
/** Grey levels a coefficient has to stand out by: those of a plain picture are rounding errors. */
const LEAST = 0.5;

export interface Fingerprint {
  /** Perceptual hash of 64 bits as 16 hexadecimal digits: the fewer bits differ, the more two pictures look alike. */
  readonly phash: string;
  /**
   * Variance of the Laplacian of the grey picture, comparable between pictures of the same thing only. A photo out of focus
   * has less than half of a sharp one's; encoding changes it by less than that.
   */
  readonly sharpness: number;
}

/** How a picture looks, whatever its size, encoding and metadata. */
export const fingerprint = (pixels: Pixels): Fingerprint => {
  const grey = greySquare(pixels);
  return { phash: perceptualHash(grey), sharpness: laplacianVariance(grey) };
};

/** Luma of the picture on a square of `SIDE`, row-major: each cell is the mean of exactly the area that it covers. */
const greySquare = ({ data, width, height }: Pixels): Float64Array => {
  const square = new Float64Array(SIDE * SIDE);
  const sums = new Float64Array(width + 1);
  const band = new Float64Array(width);
  const rows = height / SIDE;
  const columns = width / SIDE;
  for (let cell = 0; cell < SIDE; cell++) {
    band.fill(0);
    const end = Math.min(height, (cell + 1) * rows);
    for (let from = cell * rows; from < end;) {
      const row = Math.floor(from);
      const until = Math.min(end, row + 1);
      addLuma(band, data, row * width * 3, (until - from) / rows);
      from = until;
    }
    for (let x = 0; x < width; x++) sums[x + 1] = sums[x]! + band[x]!;
    let before = 0;
    for (let x = 0; x < SIDE; x++) {
      const edge = Math.min(width, (x + 1) * columns);
      const whole = Math.floor(edge);
      const sum = whole === width ? sums[width]! : sums[whole]! + (edge - whole) * band[whole]!;
      square[cell * SIDE + x] = (sum - before) / columns;
      before = sum;
    }
  }
  return square;
};

/** Adds a share of the luma (ITU-R BT.601) of one row of interleaved pixels. */
const addLuma = (band: Float64Array, data: Uint8Array, start: number, share: number): void => {
  const [red, green, blue] = [0.299 * share, 0.587 * share, 0.114 * share];
  for (let x = 0, at = start; x < band.length; x++, at += 3)
    band[x]! += red * data[at]! + green * data[at + 1]! + blue * data[at + 2]!;
};

const laplacianVariance = (grey: Float64Array): number => {
  let sum = 0;
  let squares = 0;
  for (let y = 1; y < SIDE - 1; y++) {
    for (let x = 1; x < SIDE - 1; x++) {
      const at = y * SIDE + x;
      const value = 4 * grey[at]! - grey[at - 1]! - grey[at + 1]! - grey[at - SIDE]! - grey[at + SIDE]!;
      sum += value;
      squares += value * value;
    }
  }
  const count = (SIDE - 2) ** 2;
  return Math.max(0, squares / count - (sum / count) ** 2);
};

/** The means of the blocks of a grey square, `[HASHED × HASHED]`. */
const shrunk = (grey: Float64Array): Float64Array => {
  const step = SIDE / HASHED;
  const means = new Float64Array(HASHED * HASHED);
  for (let run = 0, at = 0; run < HASHED * SIDE; run++) {
    const cell = Math.floor(run / SIDE) * HASHED + (run % HASHED);
    let sum = 0;
    for (const end = at + step; at < end; at++) sum += grey[at]!;
    means[cell]! += sum / step ** 2;
  }
  return means;
};

/** The lowest frequencies of the orthonormal cosine transform, `[KEPT × HASHED]`. */
const COSINES = Float64Array.from({ length: KEPT * HASHED }, (_, at) => {
  const [frequency, x] = [Math.floor(at / HASHED), at % HASHED];
  return Math.sqrt((frequency === 0 ? 1 : 2) / HASHED) * Math.cos((Math.PI / HASHED) * (x + 0.5) * frequency);
});

/** One bit per low frequency: whether the picture has more of it than of the median one (Zauner 2010, section 3.2.1). */
const perceptualHash = (grey: Float64Array): string => {
  const coefficients = transform(transform(shrunk(grey), HASHED), KEPT);
  // The first is the brightness: it says nothing of what is seen.
  coefficients[0] = 0;
  const ordered = coefficients.toSorted();
  const median = (ordered[ordered.length / 2 - 1]! + ordered[ordered.length / 2]!) / 2;
  let hash = 0n;
  for (const value of coefficients) hash = (hash << 1n) | (value > median + LEAST ? 1n : 0n);
  return hash.toString(16).padStart(16, '0');
};

/** Transforms each of `[rows × HASHED]`. @returns the transposed, `[KEPT × rows]` */
const transform = (values: Float64Array, rows: number): Float64Array => {
  const out = new Float64Array(KEPT * rows);
  for (let frequency = 0; frequency < KEPT; frequency++)
    for (let row = 0; row < rows; row++) {
      let sum = 0;
      for (let x = 0; x < HASHED; x++) sum += COSINES[frequency * HASHED + x]! * values[row * HASHED + x]!;
      out[frequency * rows + row] = sum;
    }
  return out;
};
