import type { Canvas, Painter } from './canvas.ts';
import { between, light, put, Ramp } from './colour.ts';
import { fir, ridge } from './land.ts';
import { clamp, type Noise } from './noise.ts';
import type { Random } from './random.ts';
import { aurora, clouds, disc, glow, milkyWay, sky, stars } from './sky.ts';
import { water } from './water.ts';

/** The Milky Way over a dark ridge. */
export const starryNight: Painter = (canvas, random, noise) => {
  const look = random.inTurn([
    { sky: ['#070b1c', '#0d1730', '#1b2c4e', '#3a4a68'], cool: '#7c90c8', warm: '#e8c9a6', land: '#05070d' },
    { sky: ['#0a0a1e', '#151433', '#2b2450', '#6b4560'], cool: '#8d85cf', warm: '#f0bfa8', land: '#07050c' },
    { sky: ['#040c16', '#071c2b', '#0e3247', '#2a5f68'], cool: '#5f98bc', warm: '#e6d6b4', land: '#02080b' },
  ]);
  const horizon = random.between(0.8, 0.9);
  sky(canvas, new Ramp(...look.sky), horizon);
  milkyWay(canvas, random, noise, {
    x: canvas.aspect * random.between(0.35, 0.65),
    y: 0.42,
    tilt: random.pick([-1, 1]) * random.between(0.7, 2.2),
    cool: light(look.cool, 0.32),
    warm: light(look.warm, 0.6),
  });
  stars(canvas, random, Math.round(1500 * canvas.aspect), horizon);
  const line = (x: number): number => horizon + 0.08 - 0.2 * noise.ridged(x * 0.9, 4, 7, 0.45);
  ridge(canvas, noise, { line: (x) => line(x + 7) - 0.05, colour: light(look.land, 2.6) });
  ridge(canvas, noise, { line: (x) => line(x) + 0.02, trees: random.chance(0.6) ? 0.03 : 0, colour: light(look.land) });
  if (random.chance(0.6)) firs(canvas, random, noise, look.land);
};

const firs = (canvas: Canvas, random: Random, noise: Noise, hex: string): void => {
  const dark = light(hex, 0.6);
  for (let tree = random.whole(5, 9); tree > 0; tree--) {
    const side = random.chance(0.5) ? random.between(0, 0.28) : random.between(0.72, 1);
    fir(canvas, noise, random, {
      x: canvas.aspect * side,
      y: 1.06,
      tall: random.between(0.25, 0.55),
      colour: (_shade, out) => put(dark, out),
    });
  }
};

/** The moon over a still lake. */
export const moonlight: Painter = (canvas, random, noise) => {
  const horizon = random.between(0.56, 0.66);
  const at = { x: canvas.aspect * random.between(0.3, 0.7), y: horizon - random.between(0.2, 0.34) };
  const tint = random.pick(['#9fb4d8', '#b3b6cf', '#8fb6c8']);
  sky(canvas, new Ramp('#060b18', '#0c1830', '#20385c', '#3f5880'), horizon);
  stars(canvas, random, 260, horizon * 0.8);
  glow(canvas, at.x, at.y, 0.1, light(tint, 0.4));
  const tone = between(light('#0d1626'), light(tint, 0.7));
  clouds(canvas, noise, {
    horizon,
    cover: random.between(0.35, 0.5),
    scale: random.between(1.3, 2.2),
    stretch: 2.2,
    edge: 1.2,
    colour: (x, y, lit, out) => {
      const near = 1 / (1 + ((x - at.x) ** 2 + (y - at.y) ** 2) / 0.03);
      tone(clamp(near * (0.5 + lit)), out);
    },
  });
  glow(canvas, at.x, at.y, 0.03, light('#b9c0cc', 1.2));
  disc(canvas, at.x, at.y, random.between(0.028, 0.045), light('#f4f1e6', 2.4));
  const ranges = [
    { tall: 0.2, wide: 0.8, trees: 0, colour: '#1a2a42', most: 0.5 },
    { tall: 0.13, wide: 1.2, trees: 0.008, colour: '#0e1a2c', most: 0.3 },
    { tall: 0.06, wide: 1.6, trees: 0.03, colour: '#050a13', most: 0.1 },
  ];
  for (const { tall, wide, trees, colour, most } of ranges) {
    ridge(canvas, noise, {
      line: (x) => horizon + 0.02 - tall * (0.25 + noise.ridged(x * wide + tall * 90, tall * 50, 6, 0.45)),
      trees,
      colour: light(colour),
      mist: { colour: light('#31435e'), depth: 0.25, most },
    });
  }
  water(canvas, noise, {
    horizon,
    waves: random.between(0.14, 0.2),
    scale: 1.6,
    depth: light('#050a14'),
    mirror: [0.6, 0.95],
  });
};

/** Northern lights over a frozen fjord. */
export const northernLights: Painter = (canvas, random, noise) => {
  const look = random.inTurn([
    { low: '#4dffa0', high: '#5a5cff', sky: ['#040a16', '#071a26', '#0e3038'] },
    { low: '#66ffb8', high: '#d85cff', sky: ['#070618', '#0e1330', '#1a2f4a'] },
  ]);
  const horizon = random.between(0.66, 0.74);
  sky(canvas, new Ramp(...look.sky), horizon);
  stars(canvas, random, 700, horizon);
  aurora(canvas, noise, {
    foot: horizon - random.between(0.1, 0.18),
    tall: random.between(0.36, 0.5),
    low: light(look.low, 0.95),
    high: light(look.high, 0.6),
  });
  const ranges = [
    { tall: 0.2, wide: 1, trees: 0, colour: '#1b3340', most: 0.35 },
    { tall: 0.08, wide: 1.6, trees: 0.02, colour: '#060d14', most: 0 },
  ];
  for (const { tall, wide, trees, colour, most } of ranges) {
    ridge(canvas, noise, {
      line: (x) => horizon + 0.03 - tall * (0.15 + noise.ridged(x * wide + tall * 90, tall * 50, 7, 0.48)),
      trees,
      colour: light(colour),
      mist: { colour: light('#2c5560'), depth: 0.3, most },
    });
  }
  water(canvas, noise, {
    horizon,
    waves: random.between(0.03, 0.08),
    scale: 1.4,
    depth: light('#03080d'),
    mirror: [0.55, 0.9],
  });
};
