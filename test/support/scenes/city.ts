import { around, type Canvas, type Painter } from './canvas.ts';
import { between, blend, dim, light, put, Ramp, type Light } from './colour.ts';
import { clamp, type Noise } from './noise.ts';
import type { Random } from './random.ts';
import { clouds, sky } from './sky.ts';
import { water } from './water.ts';

/** A skyline at the blue hour, its windows lit, over the river. */
export const cityAtDusk: Painter = (canvas, random, noise) => {
  const look = random.inTurn([
    { sky: ['#1a2550', '#3b4480', '#8a6a96', '#e8936e', '#ffc07a'], near: '#0c1026', far: '#5d5480', cloud: '#e8936e' },
    { sky: ['#0e1a3c', '#1f3868', '#3f6396', '#7d94b4', '#c3b6b2'], near: '#080e1c', far: '#3f5780', cloud: '#7d94b4' },
    { sky: ['#23143f', '#5a2a66', '#a84a78', '#f07f6a', '#ffc58a'], near: '#110a1e', far: '#6d4573', cloud: '#f07f6a' },
  ]);
  const horizon = random.between(0.66, 0.76);
  sky(canvas, new Ramp(...look.sky), horizon);
  const tone = between(light(look.far), light(look.cloud));
  clouds(canvas, noise, {
    horizon,
    cover: 0.42,
    scale: 1.6,
    stretch: 3,
    edge: 1.2,
    colour: (_x, _y, lit, out) => tone(lit, out),
  });
  for (const near of [0, 0.5, 1]) {
    const wall = light(look.far);
    blend(wall, light(look.near), 0.25 + 0.75 * near);
    skyline(canvas, random, noise, { horizon, near, wall });
  }
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
  readonly wall: Light;
}

const skyline = (canvas: Canvas, random: Random, noise: Noise, { horizon, near, wall }: Skyline): void => {
  const foot = wall.slice();
  blend(foot, light('#ffb070', 0.4), 0.3);
  const front = between(wall, foot);
  const lamps = [light('#ffd9a0', 1.1), light('#ffc070', 0.9), light('#fff0d6', 1.1), light('#cfe4ff', 0.8)] as const;
  for (let x = -0.05; x < canvas.aspect;) {
    const wide = random.between(0.022, 0.062) * (0.7 + 0.5 * near);
    const centre = Math.exp(-(((x - canvas.aspect * 0.55) / (canvas.aspect * 0.3)) ** 2));
    const floors = random.between(0.06, 0.3) * (0.35 + 0.65 * centre) * (random.chance(0.2) ? 1.5 : 1);
    const tall = (0.06 + floors) * (1.15 - 0.35 * near);
    const [left, top, spire] = [x, horizon - tall, random.chance(0.15) ? tall * 0.25 : 0];
    const cell = { wide: wide / random.whole(7, 13), tall: random.between(0.0065, 0.0095) };
    const [share, seed] = [random.between(0.15, 0.5) * (0.4 + 0.6 * near), random.between(0, 99)];
    canvas.paint(
      (u, v, out) => {
        front(Math.max(0, (v - top) / tall) ** 2, out);
        if (v < top) return Math.abs(u - left - wide / 2) < 0.0012 ? 1 : 0;
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
export const cityLights: Painter = (canvas, random, noise) => {
  const tints = random.inTurn([
    ['#ffb347', '#ff7a3d', '#ffd98a', '#ff4d4d', '#8fd0ff'],
    ['#ff5fa2', '#7a6bff', '#4dc3ff', '#ffd166', '#ff8f5a'],
    ['#ffc46b', '#ffe3b0', '#ff9a4d', '#63e0c0', '#ff5d5d'],
  ]);
  sky(canvas, new Ramp('#0a0d1c', '#141528', '#1d1420', '#08070c'));
  const street = random.between(0.55, 0.7);
  for (let lamp = 0; lamp < 150; lamp++) {
    const depth = random.next();
    const radius = 0.01 + 0.07 * depth ** 2;
    const x = random.between(-0.05, canvas.aspect + 0.05);
    const y = street - random.between(-0.04, 0.4) * (0.15 + depth) * (random.chance(0.35) ? -0.7 : 1);
    const colour = light(random.pick(tints), random.between(0.15, 0.6));
    const seed = random.between(0, 99);
    canvas.shine(
      (u, v, out) => {
        const far = Math.hypot(u - x, v - y) / radius;
        put(colour, out);
        dim(out, 0.75 + 0.35 * clamp((far - 0.7) * 3) + 0.2 * noise.at(u * 30 + seed, v * 30));
        return clamp((1 - far) * radius * canvas.height * 0.5);
      },
      around(x, y, radius),
    );
  }
};
