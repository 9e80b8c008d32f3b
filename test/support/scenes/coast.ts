import type { Canvas, Painter } from './canvas.ts';
import { between, blend, dim, light, put, Ramp, type Light } from './colour.ts';
import { ridge } from './land.ts';
import { clamp, type Noise } from './noise.ts';
import type { Random } from './random.ts';
import { clouds, disc, glow, sky } from './sky.ts';
import { water } from './water.ts';

/** A low sun over the sea. */
export const sunset: Painter = (canvas, random, noise) => {
  const look = random.inTurn([
    {
      sky: ['#26396b', '#5b5d92', '#b26a83', '#f08a4b', '#ffd083'],
      sun: '#ffb45a',
      sea: '#261d40',
      shade: '#54486b',
      lit: '#ff9a6b',
    },
    {
      sky: ['#2f2a55', '#79406f', '#d1545b', '#fb8b48', '#ffdc8a'],
      sun: '#ff9a3d',
      sea: '#2a1830',
      shade: '#5a3350',
      lit: '#ff7a4a',
    },
    {
      sky: ['#4a6a98', '#8f8fae', '#e89f74', '#ffb560', '#ffe4a4'],
      sun: '#ffce7a',
      sea: '#2f3a4c',
      shade: '#7d7484',
      lit: '#ffd0a0',
    },
    {
      sky: ['#5a1f3d', '#9c2f3f', '#e0522f', '#ff8f2e', '#ffc95c'],
      sun: '#ff8a1f',
      sea: '#3a0f1c',
      shade: '#6b2536',
      lit: '#ff8244',
    },
  ]);
  const horizon = random.between(0.54, 0.68);
  const at = { x: canvas.aspect * random.between(0.28, 0.72), y: horizon - random.between(0.035, 0.13) };
  sky(canvas, new Ramp(...look.sky), horizon);
  const [shade, lit, bright] = [light(look.shade), light(look.lit), light(look.sun, 1.4)];
  clouds(canvas, noise, {
    horizon,
    cover: random.between(0.42, 0.68),
    scale: random.between(1.1, 2),
    stretch: random.between(2, 3.4),
    edge: random.between(1.1, 2),
    colour: (x, y, towards, out) => {
      const near = 1 / (1 + ((x - at.x) ** 2 + ((y - at.y) * 1.5) ** 2) / 0.16);
      put(shade, out);
      blend(out, lit, clamp(towards * 0.75 + near * 0.55));
      blend(out, bright, near * near * towards);
    },
  });
  glow(canvas, at.x, at.y, 0.11, light(look.sun, 0.8));
  disc(canvas, at.x, at.y, random.between(0.02, 0.034), light('#ffe9b4', 1.9));
  glow(canvas, at.x, at.y, 0.03, light('#ffe0a0', 0.7));
  if (random.chance(0.5)) headland(canvas, random, noise, horizon, light(look.sea, 0.6));
  water(canvas, noise, {
    horizon,
    waves: random.between(0.1, 0.22),
    scale: random.between(1.2, 2.2),
    depth: light(look.sea),
    mirror: [0.5, 0.9],
  });
};

/** A dark headland that comes in from one side. */
const headland = (canvas: Canvas, random: Random, noise: Noise, horizon: number, colour: Light): void => {
  const fromLeft = random.chance(0.5);
  const [reach, tall] = [canvas.aspect * random.between(0.25, 0.45), random.between(0.06, 0.14)];
  ridge(canvas, noise, {
    line: (x) => {
      const inland = 1 - (fromLeft ? x : canvas.aspect - x) / reach;
      const rise = Math.max(0, inland) ** 0.6 * Math.min(1, inland * 6) * (0.7 + 0.5 * noise.fbm(x * 5, 9, 6));
      return horizon + 0.004 - tall * rise;
    },
    colour,
  });
};

/** Almost nothing: sky, water, one line. */
export const calmHorizon: Painter = (canvas, random, noise) => {
  const look = random.inTurn([
    { sky: ['#7fa3cc', '#b9cade', '#f3d3c0'], sea: '#7f9cba' },
    { sky: ['#9497c6', '#c4b6d2', '#efd9d0'], sea: '#8f8ab4' },
    { sky: ['#7fb0b4', '#b9d4cf', '#efe3c4'], sea: '#79a3a6' },
    { sky: ['#5f86b8', '#9fb9d8', '#dfe3e4'], sea: '#557aa8' },
  ]);
  const horizon = random.between(0.5, 0.68);
  sky(canvas, new Ramp(...look.sky), horizon);
  water(canvas, noise, {
    horizon,
    waves: random.between(0.012, 0.03),
    scale: 0.8,
    depth: light(look.sea),
    mirror: [0.35, 0.95],
  });
  const [at, y] = [canvas.aspect * random.pick([0.3, 0.5, 0.68]), horizon + random.between(0.03, 0.09)];
  random.pick([posts, rock, sail])(canvas, noise, at, y, light('#39424e'));
};

/** A row of posts that walks into the water, with its mirror image. */
const posts = (canvas: Canvas, noise: Noise, at: number, y: number, dark: Light): void => {
  for (let post = 0; post < 7; post++) {
    const [x, foot] = [at + post * 0.032 * 0.9 ** post, y - 0.012 * post * 0.9 ** post];
    const [tall, half] = [0.085 * 0.8 ** post, 0.0035 * 0.85 ** post];
    canvas.paint(
      (u, v, out) => {
        put(dark, out);
        const mirrored = v > foot;
        const side = Math.abs(u - x - (mirrored ? 0.002 * noise.at(u * 3, v * 160) : 0));
        return clamp((half - side) * canvas.height + 0.5) * (mirrored ? 0.55 * (1 - (v - foot) / tall) : 1);
      },
      { left: x - half * 3, right: x + half * 3, top: foot - tall, bottom: foot + tall },
    );
  }
};

const rock = (canvas: Canvas, noise: Noise, at: number, y: number, dark: Light): void =>
  canvas.paint(
    (u, v, out) => {
      const side = (u - at) / 0.11;
      const tall = 0.075 * Math.max(0, 1 - side * side) * (0.7 + 0.5 * noise.fbm(u * 14, 3, 4));
      put(dark, out);
      dim(out, 0.8 + 0.5 * noise.fbm(u * 24, v * 40, 3));
      const inside = (tall - Math.abs(v - y)) * canvas.height;
      return clamp(inside + 0.5) * (v > y ? 0.45 : 1);
    },
    { left: at - 0.12, right: at + 0.12, top: y - 0.12, bottom: y + 0.12 },
  );

const sail = (canvas: Canvas, noise: Noise, at: number, y: number, dark: Light): void => {
  const white = light('#fbfaf5');
  canvas.paint(
    (u, v, out) => {
      const mirrored = v > y;
      const up = Math.abs(v - y);
      const side = u - at - (mirrored ? 0.003 * noise.at(u * 3, v * 140) : 0);
      const hull = up < 0.014 && Math.abs(side) < 0.05 - up * 0.4 - (0.014 - up) * 0.9;
      put(hull ? dark : white, out);
      if (!hull && side < 0) dim(out, 0.82);
      const sheet = up > 0.017 && up < 0.16 && side < 0.045 * (1 - up / 0.16) && side > -0.032 * (1 - up / 0.14);
      return (hull || sheet ? 1 : 0) * (mirrored ? 0.4 * (1 - up / 0.17) : 1);
    },
    { left: at - 0.06, right: at + 0.06, top: y - 0.17, bottom: y + 0.17 },
  );
};

/** A long exposure under a heavy sky. */
export const longExposure: Painter = (canvas, random, noise) => {
  const horizon = random.between(0.55, 0.66);
  sky(canvas, new Ramp('#3c3c3c', '#7f7f7f', '#c9c9c9', '#ededed'), horizon);
  const tone = between(light('#202020'), light('#f4f4f4'));
  clouds(canvas, noise, {
    horizon,
    cover: random.between(0.5, 0.68),
    scale: random.between(0.9, 1.5),
    stretch: 3,
    edge: 1.2,
    colour: (_x, y, lit, out) => tone(clamp(lit * 0.9 + 0.3 * (y / horizon) ** 2), out),
  });
  if (random.chance(0.5)) headland(canvas, random, noise, horizon, light('#101010'));
  water(canvas, noise, {
    horizon,
    waves: random.between(0.02, 0.05),
    scale: 0.8,
    depth: light('#333333'),
    mirror: [0.5, 0.95],
  });
  const [at, y] = [canvas.aspect * random.pick([0.28, 0.5, 0.64]), horizon + random.between(0.06, 0.2)];
  random.pick([posts, rock])(canvas, noise, at, y, light('#0a0a0a'));
};
