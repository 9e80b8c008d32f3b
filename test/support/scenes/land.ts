import type { Canvas } from './canvas.ts';
import { between, blend, light, put, type Light } from './colour.ts';
import { clamp, step, type Noise } from './noise.ts';
import type { Random } from './random.ts';

interface Ridge {
  /** Where the crest is at x, from the top of the picture. */
  readonly line: (x: number) => number;
  /** Height of the trees on it, in picture heights. */
  readonly trees?: number;
  readonly colour: Light;
  /** What lies in the valley below, and how far below the line it is all there is. */
  readonly mist?: { readonly colour: Light; readonly depth: number; readonly most?: number };
}

/** A range of hills against what is behind it. */
export const ridge = (canvas: Canvas, noise: Noise, { line, trees = 0, colour, mist }: Ridge): void => {
  const crest = Float32Array.from({ length: canvas.width + 1 }, (_, column) => line((column + 0.5) / canvas.height));
  const tops = crest.map((y, column) => (trees === 0 ? y : y - trees * forest(noise, column / canvas.height / trees)));
  const top = tops.reduce((a, b) => Math.min(a, b));
  if (top >= 1) return;
  const wisps = canvas.coarse(6, { top }, (x, y) => 0.16 * noise.fbm(x * 3, y * 7, 3));
  canvas.paint(
    (x, y, out) => {
      const column = Math.floor(x * canvas.height);
      const cover = clamp((y - tops[column]!) * canvas.height + 0.5);
      if (cover === 0) return 0;
      put(colour, out);
      if (mist !== undefined) {
        const deep = y - crest[column]! + wisps(x, y) * mist.depth;
        blend(out, mist.colour, (mist.most ?? 0.9) * step(0, mist.depth, deep));
      }
      return cover;
    },
    { top },
  );
};

/** Outline of a distant forest of trees of about size 1. */
const forest = (noise: Noise, x: number): number => {
  let most = 0;
  for (const row of [0, 1]) {
    const at = x * 2.6 + row * 0.43;
    const tree = Math.floor(at);
    const slim = 1 - Math.abs(at - tree - 0.5) * 2;
    most = Math.max(most, (0.62 + 0.75 * noise.at(tree * 0.37 + row * 11, 3.7)) * slim ** 1.25);
  }
  return most;
};

interface Tree {
  readonly x: number;
  /** Where it stands. */
  readonly y: number;
  readonly tall: number;
  /** Colour from `shade` 0, dark inside, to 1, light. */
  readonly colour: (shade: number, out: Light) => void;
}

/** Leaves or needles in the shade and in the light, seen through a veil of air. */
export const foliage = (air: Light, veil: number, dark: string | Light, bright: string | Light): Tree['colour'] => {
  const seen = (colour: string | Light): Light => {
    const through = typeof colour === 'string' ? light(colour) : colour.slice();
    blend(through, air, veil);
    return through;
  };
  return between(seen(dark), seen(bright));
};

/** A conifer in tiers of drooping boughs, lit from the left. */
export const fir = (canvas: Canvas, noise: Noise, random: Random, { x, y, tall, colour }: Tree): void => {
  const tiers = random.between(7, 11);
  const slim = random.between(0.15, 0.21);
  const seed = random.between(0, 99);
  canvas.paint(
    (u, v, out) => {
      const down = 1 - (y - v) / tall;
      const side = (u - x) / tall;
      if (down < 0 || Math.abs(side) > slim * down + 0.06) return 0;
      const bough = (down * tiers + noise.at(seed, down * 6) * 0.5 + Math.abs(side) * 5) % 1;
      const ragged = 0.035 * noise.fbm(side * 28 + seed, down * 36, 2);
      const half = down > 0.94 ? 0.014 : slim * down ** 0.85 * (0.55 + 0.5 * bough) + ragged * Math.sqrt(down) + 0.002;
      const cover = clamp((half - Math.abs(side)) * tall * canvas.height + 0.5);
      if (cover === 0) return 0;
      const bumps = noise.fbm(side * 26 + seed, down * 40, 3, 0.7);
      colour(clamp(0.42 + 0.45 * bumps - 1.4 * side + 0.5 * (0.5 - bough)), out);
      return cover;
    },
    { left: x - tall * 0.3, right: x + tall * 0.3, top: y - tall, bottom: y },
  );
};

/** A broad-leaved tree: a crown of leaves in clumps on a short trunk, lit from the upper left. */
export const broadleaf = (canvas: Canvas, noise: Noise, random: Random, { x, y, tall, colour }: Tree): void => {
  const [seed, wide] = [random.between(0, 99), random.between(0.27, 0.4)];
  canvas.paint(
    (u, v, out) => {
      const side = (u - x) / tall;
      const up = (y - v) / tall;
      const round = 1 - Math.hypot(side / wide, (up - 0.55) / 0.46);
      if (round < -0.5) return 0;
      const crown = round + 0.34 * noise.fbm(side * 6 + seed, up * 6, 5, 0.62);
      const trunk = up < 0.4 ? clamp((0.018 - Math.abs(side)) * tall * canvas.height + 0.5) : 0;
      const cover = clamp(crown * tall * canvas.height * 0.25);
      if (cover + trunk === 0) return 0;
      const clumps = noise.fbm(side * 11 + seed, up * 11 + 3, 4, 0.75);
      colour(cover === 0 ? 0 : clamp(0.42 + 0.42 * clumps + 0.6 * (up - 0.55) - 0.5 * side), out);
      return Math.max(cover, trunk);
    },
    { left: x - tall * 0.6, right: x + tall * 0.6, top: y - tall * 1.2, bottom: y },
  );
};
