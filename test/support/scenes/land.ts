import type { Canvas } from './canvas.ts';
import { blend, type Light } from './colour.ts';
import { clamp, step, type Noise } from './noise.ts';
import type { Random } from './random.ts';

export interface Ridge {
  /** Height of the line above the top of the picture at x; larger is lower. */
  readonly line: (x: number) => number;
  readonly colour: Light;
  /** What lies in the valley below, and how far below the line it is all there is. */
  readonly mist?: { readonly colour: Light; readonly depth: number; readonly most?: number };
}

/** A range of hills against what is behind it. */
export const ridge = (canvas: Canvas, noise: Noise, { line, colour, mist }: Ridge): void => {
  const tops = Float32Array.from({ length: canvas.width + 1 }, (_, column) => line((column + 0.5) / canvas.height));
  const top = tops.reduce((a, b) => Math.min(a, b));
  canvas.paint(
    (x, y, out) => {
      const under = y - tops[Math.floor(x * canvas.height)]!;
      const cover = clamp(under * canvas.height + 0.5);
      if (cover === 0) return 0;
      out.set(colour);
      if (mist !== undefined) {
        const wisps = 0.16 * noise.fbm(x * 3, y * 7, 3);
        blend(out, mist.colour, (mist.most ?? 0.9) * step(0, mist.depth, under + wisps * mist.depth));
      }
      return cover;
    },
    { top },
  );
};

/** Adds the tips of a distant forest to a line. @param size of a tree, in picture heights */
export const wooded = (line: (x: number) => number, noise: Noise, size: number): ((x: number) => number) => (x) => {
  let most = 0;
  for (const row of [0, 1]) {
    const at = (x / size) * 2.6 + row * 0.43;
    const tree = Math.floor(at);
    const tall = 0.62 + 0.75 * noise.at(tree * 0.37 + row * 11, 3.7);
    const slim = 1 - Math.abs(at - tree - 0.5) * 2;
    most = Math.max(most, tall * slim ** 1.25);
  }
  return line(x) - most * size;
};

export interface Tree {
  readonly x: number;
  /** Where it stands. */
  readonly y: number;
  readonly tall: number;
  /** Colour from `shade` 0, dark inside, to 1, light. */
  readonly colour: (shade: number, out: Light) => void;
}

/** A conifer in tiers of drooping boughs, lit from the left. */
export const fir = (canvas: Canvas, noise: Noise, random: Random, { x, y, tall, colour }: Tree): void => {
  const tiers = random.between(7, 11);
  const slim = random.between(0.15, 0.21);
  const seed = random.between(0, 99);
  canvas.paint(
    (u, v, out) => {
      const down = 1 - (y - v) / tall;
      const side = (u - x) / tall;
      const bough = (down * tiers + noise.at(seed, down * 6) * 0.5 + Math.abs(side) * 5) % 1;
      const ragged = 0.035 * noise.fbm(side * 28 + seed, down * 36, 2);
      const half = down > 0.94 ? 0.014 : slim * down ** 0.85 * (0.55 + 0.5 * bough) + ragged * Math.sqrt(Math.max(0, down)) + 0.002;
      const cover = clamp((half - Math.abs(side)) * tall * canvas.height + 0.5);
      if (cover === 0 || down < 0) return 0;
      const bumps = noise.fbm(side * 22 + seed, down * 30, 2);
      colour(clamp(0.42 + 0.45 * bumps - 1.4 * side + 0.5 * (0.5 - bough)), out);
      return cover;
    },
    { left: x - tall * 0.3, right: x + tall * 0.3, top: y - tall, bottom: y },
  );
};

/** A broad-leaved tree: a crown of leaves in clumps on a short trunk, lit from the upper left. */
export const broadleaf = (canvas: Canvas, noise: Noise, random: Random, { x, y, tall, colour }: Tree): void => {
  const [seed, wide] = [random.between(0, 99), random.between(0.34, 0.5)];
  canvas.paint(
    (u, v, out) => {
      const [side, up] = [(u - x) / tall, (y - v) / tall];
      const edge = 0.3 * noise.fbm(side * 5 + seed, up * 5, 3);
      const crown = 1 - Math.hypot(side / wide, (up - 0.56) / 0.43) + edge;
      const trunk = up < 0.4 ? (0.022 - Math.abs(side)) * tall * canvas.height + 0.5 : 0;
      const cover = clamp(crown * tall * canvas.height * 0.4);
      if (cover === 0 && trunk <= 0) return 0;
      const clumps = noise.fbm(side * 9 + seed, up * 9 + 3, 3);
      colour(cover === 0 ? 0.05 : clamp(0.45 + 0.42 * clumps + 0.55 * (up - 0.56) - 0.5 * side), out);
      return Math.max(cover, clamp(trunk));
    },
    { left: x - tall * 0.7, right: x + tall * 0.7, top: y - tall * 1.2, bottom: y },
  );
};
