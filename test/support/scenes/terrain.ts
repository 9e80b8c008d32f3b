import type { Canvas } from './canvas.ts';
import { blend, type Light } from './colour.ts';
import { clamp, mix, step } from './noise.ts';

/** What a spot of ground is like. */
interface Spot {
  x: number;
  z: number;
  height: number;
  /** 1 level ground, 0 a cliff. */
  level: number;
  /** Direct sun: 0 in shadow or turned away, 1 facing it. */
  sun: number;
}

interface Terrain {
  readonly horizon: number;
  /** Height of the eye above the ground where one stands. */
  readonly eye: number;
  /** Farthest ground, in units of the nearest. */
  readonly reach: number;
  /** Height of the ground; `octaves` of it that can be seen from here, when a feature of size 1 is the first. */
  readonly height: (x: number, z: number, octaves: number) => number;
  readonly colour: (spot: Spot, out: Light) => void;
  /** Sunlight: from which side, how steeply, and how much from behind the eye. */
  readonly sun: { readonly side: -1 | 1; readonly steep: number; readonly behind: number };
  readonly haze: { readonly colour: Light; readonly distance: number };
  /** Told of each row once it is painted, from far to near: the place to put things on the ground. */
  readonly onRow?: (row: {
    readonly z: number;
    readonly nearest: number;
    readonly scale: number;
    readonly veil: number;
    readonly groundAt: (x: number) => number;
  }) => void;
}

/** Focal length, in picture heights. */
const LENS = 1.1;

/**
 * Ground in perspective, painted row by row from far to near. The sun stands to one side, so that a row's shadows fall
 * within the row.
 */
export const terrain = (canvas: Canvas, { horizon, eye, reach, height, colour, sun, haze, onRow }: Terrain): void => {
  const nearest = (0.8 * LENS * eye) / (1 - horizon);
  const level = eye + standing(height, nearest);
  const rows = Math.ceil(canvas.height * 0.75);
  const ratio = reach ** (1 / rows);
  const spot: Spot = { x: 0, z: 0, height: 0, level: 1, sun: 1 };
  const out = new Float32Array(3);
  const slant = Math.hypot(1, sun.steep, sun.behind);
  let farther: Row | undefined;

  for (let index = rows; index >= 0; index--) {
    const z = nearest * ratio ** index;
    const row = new Row(canvas.width);
    const across = z / (LENS * canvas.height);
    const left = -0.5 * canvas.width * across;
    const octaves = Math.max(1, Math.log2(1 / across));
    for (let i = 0; i < canvas.width; i++) row.heights[i] = height(left + i * across, z, octaves);
    const back = (farther ?? row).heights;
    const veil = 1 - Math.exp(-(((z - nearest) / haze.distance) ** 1.2));
    let shadow = -Infinity;
    for (let n = 0; n < canvas.width; n++) {
      const i = sun.side < 0 ? n : canvas.width - 1 - n;
      const here = row.heights[i]!;
      const beside = row.heights[Math.min(canvas.width - 1, i + 1)]! - row.heights[Math.max(0, i - 1)]!;
      const [rise, depth] = [(beside / (2 * across)) * sun.side, (back[i]! - here) / (z * (ratio - 1))];
      shadow = Math.max(here, shadow - across * sun.steep);
      spot.x = left + i * across;
      spot.z = z;
      spot.height = here;
      spot.level = 1 / Math.hypot(1, rise, depth);
      spot.sun =
        clamp(((sun.steep - rise + depth * sun.behind) * spot.level) / slant) * step(across + 0.02, 0, shadow - here);
      colour(spot, out);
      blend(out, haze.colour, veil);
      for (let c = 0; c < 3; c++) row.colours[i * 3 + c] = out[c]!;
      row.lines[i] = (horizon + ((level - here) * LENS) / z) * canvas.height;
    }
    if (farther !== undefined) fill(canvas, farther, row);
    onRow?.({
      z,
      nearest,
      scale: LENS / z,
      veil,
      groundAt: (x) => row.lines[Math.floor(clamp(x / canvas.aspect) * (canvas.width - 1))]! / canvas.height,
    });
    farther = row;
  }
  // Hollows that reach below the picture.
  if (farther !== undefined) fill(canvas, farther, farther.lowered(canvas.height));
};

/** Height of the highest ground around the feet. */
const standing = (height: Terrain['height'], nearest: number): number => {
  let most = -Infinity;
  for (const z of [0.2, 0.6, 1])
    for (const x of [-1, -0.5, 0, 0.5, 1]) most = Math.max(most, height(x * nearest, z * nearest, 4));
  return most;
};

class Row {
  readonly heights: Float32Array;
  readonly colours: Float32Array;
  /** Where the ground is in the picture, in pixels from the top. */
  readonly lines: Float32Array;

  constructor(width: number) {
    this.heights = new Float32Array(width);
    this.colours = new Float32Array(width * 3);
    this.lines = new Float32Array(width);
  }

  /** The same ground, seen at `line` or where it is, whichever is lower. */
  lowered(line: number): Row {
    const row = new Row(this.lines.length);
    row.colours.set(this.colours);
    row.lines.set(this.lines.map((own) => Math.max(own, line)));
    return row;
  }
}

/** Fills each column between two rows; where the nearer one is higher, it hides what would be seen. */
const fill = ({ data, width, height }: Canvas, far: Row, near: Row): void => {
  for (let i = 0; i < width; i++) {
    const [from, to] = [far.lines[i]!, near.lines[i]!];
    if (to <= from) continue;
    // One pixel more, for the nearer row's edge to be mixed with.
    const last = Math.min(height - 1, Math.ceil(to));
    for (let y = Math.max(0, Math.floor(from)); y <= last; y++) {
      const cover = clamp(y + 1 - from);
      const t = clamp((y + 0.5 - from) / (to - from));
      for (let c = 0; c < 3; c++) {
        const at = (y * width + i) * 3 + c;
        data[at] = mix(data[at]!, mix(far.colours[i * 3 + c]!, near.colours[i * 3 + c]!, t), cover);
      }
    }
  }
};
