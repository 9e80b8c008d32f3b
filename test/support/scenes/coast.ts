import type { Canvas } from './canvas.ts';
import { blend, light, Ramp } from './colour.ts';
import { clamp, Noise } from './noise.ts';
import type { Random } from './random.ts';
import { ridge } from './land.ts';
import { clouds, sky, sun } from './sky.ts';
import { water } from './water.ts';

/** A low sun over the sea. */
export const sunset = (canvas: Canvas, random: Random): void => {
  const noise = new Noise(random);
  const look = random.pick([
    { sky: ['#26396b', '#5b5d92', '#b26a83', '#f08a4b', '#ffd083'], sun: '#ffb45a', sea: '#14213d', shade: '#54486b', lit: '#ff9a6b' },
    { sky: ['#2f2a55', '#79406f', '#d1545b', '#fb8b48', '#ffdc8a'], sun: '#ff9a3d', sea: '#2a1830', shade: '#5a3350', lit: '#ff7a4a' },
    { sky: ['#4d6d95', '#8e93ab', '#e0a583', '#ffc27a', '#fff0c4'], sun: '#ffd58a', sea: '#20394a', shade: '#7d7484', lit: '#ffd0a0' },
    { sky: ['#5a1f3d', '#9c2f3f', '#e0522f', '#ff8f2e', '#ffc95c'], sun: '#ff8a1f', sea: '#3a0f1c', shade: '#6b2536', lit: '#ff8244' },
  ]);
  const horizon = random.between(0.54, 0.68);
  const at = { x: canvas.aspect * random.between(0.28, 0.72), y: horizon - random.between(0.035, 0.13) };
  sky(canvas, new Ramp(...look.sky), horizon);
  const [shade, lit, bright] = [light(look.shade), light(look.lit), light(look.sun, 1.4)];
  clouds(canvas, noise, {
    horizon,
    cover: random.between(0.36, 0.6),
    scale: random.between(1.1, 2),
    stretch: random.between(2, 3.4),
    edge: random.between(1.1, 2),
    colour: (x, y, towards, out) => {
      const near = 1 / (1 + (((x - at.x) ** 2 + ((y - at.y) * 1.5) ** 2) / 0.16));
      out.set(shade);
      blend(out, lit, clamp(towards * 0.75 + near * 0.55));
      blend(out, bright, near * near * towards);
    },
  });
  sun(canvas, at.x, at.y, { radius: random.between(0.024, 0.042), colour: light('#fff3cf', 6) }, { reach: 0.11, colour: light(look.sun, 0.85) });
  water(canvas, noise, { horizon, waves: random.between(0.1, 0.22), scale: random.between(1.2, 2.2), depth: light(look.sea), mirror: [0.5, 0.9] });
  if (random.chance(0.5)) headland(canvas, random, noise, horizon, look.sea);
};

/** A dark headland that comes in from one side. */
const headland = (canvas: Canvas, random: Random, noise: Noise, horizon: number, hex: string): void => {
  const fromLeft = random.chance(0.5);
  const [reach, tall] = [canvas.aspect * random.between(0.25, 0.45), random.between(0.06, 0.14)];
  const colour = light(hex, 0.6);
  ridge(canvas, noise, {
    line: (x) => {
      const inland = 1 - (fromLeft ? x : canvas.aspect - x) / reach;
      return inland < 0 ? 2 : horizon + 0.004 - tall * inland ** 0.7 * (0.75 + 0.4 * noise.fbm(x * 5, 9, 5));
    },
    colour,
  });
};
