import type { Canvas, Painter } from './canvas.ts';
import { blend, dim, light, put, Ramp, type Light } from './colour.ts';
import { ridge } from './land.ts';
import { step, type Noise } from './noise.ts';
import type { Random } from './random.ts';
import { cumulus, glow, sky } from './sky.ts';
import { terrain } from './terrain.ts';

/** Lavender in long rows, in the evening or at noon. */
export const lavender: Painter = (canvas, random, noise) => {
  const look = random.inTurn([
    { sky: ['#5a6fa8', '#b39ac0', '#f5b58f', '#ffdca6'], air: '#e2b9b8', far: '#76648f', glow: '#ffc98a' },
    { sky: ['#4a86c8', '#94bfe4', '#e3edf2'], air: '#cfd5e8', far: '#7c8cae', glow: '#fff6e0' },
  ]);
  const horizon = random.between(0.4, 0.5);
  const air = light(look.air);
  sky(canvas, new Ramp(...look.sky), horizon);
  glow(canvas, canvas.aspect * random.between(0.2, 0.8), horizon - 0.02, 0.16, light(look.glow, 0.4));
  hillside(canvas, noise, horizon, light(look.far), air);
  const flowers = [light('#7d5bb5'), light('#8a63c4')];
  rows(canvas, random, noise, { horizon, air, flowers, soil: light('#4a4a34', 0.5), spacing: [0.7, 0.95] });
};

/** Tulips in all their colours, three rows of each. */
export const tulips: Painter = (canvas, random, noise) => {
  const horizon = random.between(0.36, 0.46);
  const air = light('#c9dbe6');
  sky(canvas, new Ramp('#3f86d0', '#8abde8', '#dcebf2'), horizon);
  cumulus(canvas, random, noise, horizon);
  hillside(canvas, noise, horizon, light('#5d7f6a'), air);
  const colours = ['#e0353a', '#f7c02e', '#f28cae', '#f26b2a', '#b3286a', '#f6efe2'];
  const flowers = random.shuffled(colours).map((hex) => light(hex));
  rows(canvas, random, noise, { horizon, air, flowers, soil: light('#39602a', 0.7), spacing: [0.5, 0.7] });
};

const hillside = (canvas: Canvas, noise: Noise, horizon: number, colour: Light, air: Light): void => {
  ridge(canvas, noise, {
    line: (x) => horizon + 0.02 - 0.11 * (0.45 + noise.fbm(x * 1.1, 3, 5)),
    colour,
    mist: { colour: air, depth: 0.2 },
  });
  ridge(canvas, noise, {
    line: (x) => horizon + 0.012 - 0.012 * noise.fbm(x * 3, 9, 3),
    trees: 0.02,
    colour: colour.map((part) => part * 0.45),
    mist: { colour: air, depth: 0.1, most: 0.5 },
  });
};

interface Rows {
  readonly horizon: number;
  readonly air: Light;
  readonly flowers: readonly Light[];
  readonly soil: Light;
  /** From row to row. */
  readonly spacing: readonly [least: number, most: number];
}

/** Rows of flowers that run to the horizon. */
const rows = (canvas: Canvas, random: Random, noise: Noise, { horizon, air, flowers, soil, spacing }: Rows): void => {
  const [lean, wide] = [random.between(-0.35, 0.35), random.between(...spacing)];
  const petals = new Float32Array(3);
  /** Which row, and how far across it; counted from far on the left. */
  const place = (x: number, z: number): number => (x + z * lean) / wide + 1000;
  terrain(canvas, {
    horizon,
    eye: 1.15,
    reach: 30,
    height: (x, z) => {
      const across = 2 * (place(x, z) % 1) - 1;
      const rough = z < 14 ? 0.04 * noise.at(x * 14, z * 9) : 0;
      return 0.2 * Math.sqrt(1 - across * across) + 0.1 * noise.at(x * 0.1, z * 0.1) + rough;
    },
    colour: ({ x, z, sun }, out) => {
      const at = place(x, z);
      const texture = noise.at(x * 38, z * 24) * 0.6 + noise.at(x * 13, z * 8) * 0.45;
      put(soil, out);
      put(flowers[Math.floor(at / 3) % flowers.length]!, petals);
      dim(petals, 0.85 + 0.5 * texture + 0.35 * sun);
      blend(out, petals, step(0.86, 0.6, Math.abs(2 * (at % 1) - 1) + 0.18 * texture));
    },
    sun: { side: 1, steep: 0.7, behind: 0.2 },
    haze: { colour: air, distance: 46 },
  });
};
