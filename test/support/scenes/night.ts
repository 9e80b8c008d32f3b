import type { Canvas } from './canvas.ts';
import { blend, dim, light, put, Ramp } from './colour.ts';
import { fir, ridge } from './land.ts';
import { clamp, Noise } from './noise.ts';
import type { Random } from './random.ts';
import { aurora, clouds, milkyWay, sky, stars, sun } from './sky.ts';
import { water } from './water.ts';

/** The Milky Way over a dark ridge. */
export const starryNight = (canvas: Canvas, random: Random): void => {
  const noise = new Noise(random);
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
export const moonlight = (canvas: Canvas, random: Random): void => {
  const noise = new Noise(random);
  const horizon = random.between(0.56, 0.66);
  const at = { x: canvas.aspect * random.between(0.3, 0.7), y: horizon - random.between(0.2, 0.34) };
  const tint = random.pick(['#9fb4d8', '#b3b6cf', '#8fb6c8']);
  sky(canvas, new Ramp('#060b18', '#0c1830', '#20385c', '#3f5880'), horizon);
  stars(canvas, random, 260, horizon * 0.8);
  sun(canvas, at.x, at.y, { radius: 0, colour: light(tint) }, { reach: 0.1, colour: light(tint, 0.4) });
  const [shade, lit] = [light('#0d1626'), light(tint, 0.7)];
  clouds(canvas, noise, {
    horizon,
    cover: random.between(0.35, 0.5),
    scale: random.between(1.3, 2.2),
    stretch: 2.2,
    edge: 1.2,
    colour: (x, y, towards, out) => {
      const near = 1 / (1 + ((x - at.x) ** 2 + (y - at.y) ** 2) / 0.03);
      put(shade, out);
      blend(out, lit, clamp(near * (0.5 + towards)));
    },
  });
  const seas = light('#b9c0cc', 1.2);
  sun(
    canvas,
    at.x,
    at.y,
    { radius: random.between(0.028, 0.045), colour: light('#f4f1e6', 2.4) },
    { reach: 0.03, colour: seas },
  );
  for (const far of [0, 1, 2]) {
    const tall = [0.2, 0.13, 0.06][far] ?? 0;
    ridge(canvas, noise, {
      line: (x) => horizon + 0.02 - tall * (0.25 + noise.ridged(x * (0.8 + far * 0.4) + far * 17, far * 9, 6, 0.45)),
      trees: [0, 0.008, 0.03][far] ?? 0,
      colour: light(['#1a2a42', '#0e1a2c', '#050a13'][far] ?? '#000000'),
      mist: { colour: light('#31435e'), depth: 0.25, most: 0.5 - far * 0.2 },
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
export const northernLights = (canvas: Canvas, random: Random): void => {
  const noise = new Noise(random);
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
  for (const far of [0, 1]) {
    ridge(canvas, noise, {
      line: (x) =>
        horizon +
        0.03 -
        [0.2, 0.08][far]! * (0.15 + noise.ridged(x * (1 + far * 0.6) + far * 17, far * 9 + 2, 7, 0.48)),
      colour: light(['#1b3340', '#060d14'][far]!),
      trees: far * 0.02,
      mist: { colour: light('#2c5560'), depth: 0.3, most: 0.35 - far * 0.35 },
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

/** A skyline at the blue hour, its windows lit, over the river. */
export const cityAtDusk = (canvas: Canvas, random: Random): void => {
  const noise = new Noise(random);
  const look = random.inTurn([
    { sky: ['#1a2550', '#3b4480', '#8a6a96', '#e8936e', '#ffc07a'], near: '#0c1026', far: '#5d5480' },
    { sky: ['#0e1a3c', '#1f3868', '#3f6396', '#7d94b4', '#c3b6b2'], near: '#080e1c', far: '#3f5780' },
    { sky: ['#23143f', '#5a2a66', '#a84a78', '#f07f6a', '#ffc58a'], near: '#110a1e', far: '#6d4573' },
  ]);
  const horizon = random.between(0.66, 0.76);
  sky(canvas, new Ramp(...look.sky), horizon);
  const [shade, lit] = [light(look.far), light(look.sky[3] ?? look.far)];
  clouds(canvas, noise, {
    horizon,
    cover: 0.42,
    scale: 1.6,
    stretch: 3,
    edge: 1.2,
    colour: (_x, _y, towards, out) => {
      put(shade, out);
      blend(out, lit, towards);
    },
  });
  for (const near of [0, 0.5, 1]) skyline(canvas, random, noise, { horizon, near, colours: [look.far, look.near] });
  water(canvas, noise, {
    horizon,
    waves: random.between(0.05, 0.09),
    scale: 1.5,
    depth: light(look.near),
    mirror: [0.5, 0.8],
  });
};

interface Skyline {
  readonly horizon: number;
  /** 0 far away in the haze, 1 at the water. */
  readonly near: number;
  readonly colours: readonly [far: string, near: string];
}

const skyline = (canvas: Canvas, random: Random, noise: Noise, { horizon, near, colours }: Skyline): void => {
  const wall = light(colours[0]);
  blend(wall, light(colours[1]), 0.25 + 0.75 * near);
  const foot = wall.slice();
  blend(foot, light('#ffb070', 0.4), 0.3);
  const lamps = [light('#ffd9a0', 1.1), light('#ffc070', 0.9), light('#fff0d6', 1.1), light('#cfe4ff', 0.8)] as const;
  for (let x = -0.05; x < canvas.aspect;) {
    const wide = random.between(0.022, 0.062) * (0.7 + 0.5 * near);
    const centre = Math.exp(-(((x - canvas.aspect * 0.55) / (canvas.aspect * 0.3)) ** 2));
    const tall =
      (0.06 + random.between(0.06, 0.3) * (0.35 + 0.65 * centre) * (random.chance(0.2) ? 1.5 : 1)) *
      (1.15 - 0.35 * near);
    const [left, top, spire] = [x, horizon - tall, random.chance(0.15) ? tall * 0.25 : 0];
    const cell = { wide: wide / random.whole(7, 13), tall: random.between(0.0065, 0.0095) };
    const [share, seed] = [random.between(0.15, 0.5) * (0.4 + 0.6 * near), random.between(0, 99)];
    canvas.paint(
      (u, v, out) => {
        if (v < top) {
          put(wall, out);
          return Math.abs(u - left - wide / 2) < 0.0012 ? 1 : 0;
        }
        put(wall, out);
        blend(out, foot, ((v - top) / tall) ** 2);
        const [column, row] = [(u - left) / cell.wide, (v - top) / cell.tall];
        const lamp = noise.at(Math.floor(column) * 7.31 + seed, Math.floor(row) * 3.77 + 0.5);
        const pane = column % 1 > 0.2 && column % 1 < 0.8 && row % 1 > 0.3 && row % 1 < 0.8 && row > 1;
        if (pane && lamp + 0.5 < share) {
          const glow = lamps[Math.floor(Math.abs(lamp) * 97) % 4]!;
          blend(out, glow, (0.35 + 0.65 * near) * clamp(0.4 + Math.abs(lamp) * 2));
        }
        return 1;
      },
      { left: x, right: x + wide, top: top - spire, bottom: horizon + 0.002 },
    );
    x += wide * random.between(0.9, 1.25);
  }
};

/** Lights of a street, far out of focus. */
export const cityLights = (canvas: Canvas, random: Random): void => {
  const noise = new Noise(random);
  const tints = random.inTurn([
    ['#ffb347', '#ff7a3d', '#ffd98a', '#ff4d4d', '#8fd0ff'],
    ['#ff5fa2', '#7a6bff', '#4dc3ff', '#ffd166', '#ff8f5a'],
    ['#ffc46b', '#ffe3b0', '#ff9a4d', '#63e0c0', '#ff5d5d'],
  ]);
  sky(canvas, new Ramp('#0a0d1c', '#141528', '#1d1420', '#08070c'), 1);
  const street = random.between(0.55, 0.7);
  for (let lamp = 0; lamp < 150; lamp++) {
    const depth = random.next();
    const radius = 0.01 + 0.07 * depth ** 2;
    const x = random.between(-0.05, canvas.aspect + 0.05);
    const y = street - random.between(-0.04, 0.4) * (0.15 + depth) * (random.chance(0.35) ? -0.7 : 1);
    const colour = light(tints[random.whole(0, tints.length - 1)]!, random.between(0.15, 0.6));
    const seed = random.between(0, 99);
    canvas.shine(
      (u, v, out) => {
        const far = Math.hypot(u - x, v - y) / radius;
        put(colour, out);
        dim(out, 0.75 + 0.35 * clamp((far - 0.7) * 3) + 0.2 * noise.at(u * 30 + seed, v * 30));
        return clamp((1 - far) * radius * canvas.height * 0.5);
      },
      { left: x - radius, right: x + radius, top: y - radius, bottom: y + radius },
    );
  }
};
