import type { Painter } from './canvas.ts';
import { between, blend, dim, light, put, Ramp } from './colour.ts';
import { broadleaf, fir, foliage, ridge } from './land.ts';
import { clamp, step } from './noise.ts';
import { cumulus, sky } from './sky.ts';
import { terrain } from './terrain.ts';

/** Untouched snow, blue shadows, firs. */
export const snow: Painter = (canvas, random, noise) => {
  const look = random.inTurn([
    { sky: ['#86acd8', '#bcd3ea', '#f1f4f6'], air: '#e4ecf3', sun: '#fffcf6', shade: '#bed0e8' },
    { sky: ['#c3cfdb', '#d9e0e6', '#f1f4f5'], air: '#e9eef1', sun: '#fdfdfe', shade: '#d3dce8' },
    { sky: ['#9fb0d8', '#d9d2e4', '#fbe9dd'], air: '#efe6ea', sun: '#fff6ec', shade: '#bcc6e8' },
  ]);
  const horizon = random.between(0.42, 0.52);
  const air = light(look.air);
  sky(canvas, new Ramp(...look.sky), horizon);
  const ranges = [
    { tall: 0.17, wide: 0.7, trees: 0, colour: '#b9cadf' },
    { tall: 0.07, wide: 1.7, trees: 0.018, colour: '#7f95ac' },
  ];
  for (const { tall, wide, trees, colour } of ranges) {
    ridge(canvas, noise, {
      line: (x) => horizon + 0.03 - tall * (0.35 + noise.ridged(x * wide, trees * 500, 6)),
      trees,
      colour: light(colour),
      mist: { colour: air, depth: 0.12, most: 0.85 },
    });
  }
  const lit = light(look.sun);
  const tone = between(light(look.shade), lit);
  const [drift, wood] = [random.between(0, 99), random.between(-0.05, 0.25)];
  terrain(canvas, {
    horizon,
    eye: 1,
    reach: 24,
    height: (x, z, octaves) => {
      const crust = z < 9 ? 0.004 * noise.at(x * 5, z * 6) : 0;
      return 0.75 * noise.fbm(x * 0.16 + drift, z * 0.13, Math.min(5, octaves + 2), 0.33) + crust;
    },
    colour: ({ sun }, out) => tone(step(0.05, 0.75, sun), out),
    sun: { side: random.pick([-1, 1]), steep: 0.32, behind: -0.1 },
    haze: { colour: air, distance: 34 },
    onRow: ({ z, nearest, scale, veil, groundAt }) => {
      if (z < nearest * 2.6 || !random.chance(0.4)) return;
      const x = random.between(-0.1, canvas.aspect + 0.1);
      if (noise.at((x - canvas.aspect / 2) * z * 0.18 + 50, z * 0.22) < wood) return;
      const bough = foliage(air, veil, '#1b2a2c', '#4d6460');
      const load = random.between(0.3, 0.5);
      fir(canvas, noise, random, {
        x,
        y: groundAt(x) + 0.006,
        tall: random.between(0.9, 1.9) * scale,
        colour: (tone, out) => {
          bough(tone, out);
          blend(out, lit, step(load, load + 0.32, tone) * (0.92 - veil * 0.4));
        },
      });
    },
  });
};

/** Rolling pastures under a summer sky. */
export const greenHills: Painter = (canvas, random, noise) => {
  const horizon = random.between(0.5, 0.62);
  const air = light('#c5dbea');
  sky(canvas, new Ramp('#2b6cc0', '#5f9fdf', '#a8cfee', '#dcebf4'), horizon);
  cumulus(canvas, random, noise, horizon);
  ridge(canvas, noise, {
    line: (x) => horizon + 0.02 - 0.09 * (0.4 + noise.fbm(x * 1.4, 3, 5)),
    colour: light('#8fb0c4'),
    mist: { colour: air, depth: 0.14 },
  });
  const [grass, dry, dark] = [
    light(random.pick(['#5f9a34', '#6fa03a', '#4f8f3a'])),
    light('#a9b04e'),
    light('#20401c'),
  ];
  const drift = random.between(0, 99);
  terrain(canvas, {
    horizon,
    eye: 1.5,
    reach: 22,
    height: (x, z, octaves) => 1.9 * noise.fbm(x * 0.085 + drift, z * 0.1, Math.min(5, octaves + 2), 0.36),
    colour: (spot, out) => {
      const patch = noise.fbm(spot.x * 0.3, spot.z * 0.3, 3);
      const blades = spot.z < 16 ? noise.at(spot.x * 30, spot.z * 11) * 0.3 : 0;
      put(grass, out);
      blend(out, dry, clamp(patch * 0.8 + 0.15));
      blend(out, dark, clamp(0.92 - spot.sun * 1.25) * 0.85);
      dim(out, 1 + blades + 0.12 * patch);
    },
    sun: { side: random.pick([-1, 1]), steep: 0.55, behind: 0.25 },
    haze: { colour: air, distance: 70 },
    onRow: ({ z, nearest, scale, veil, groundAt }) => {
      if (z < nearest * 2.2 || !random.chance(0.45)) return;
      const x = random.between(-0.1, canvas.aspect + 0.1);
      if (noise.at((x - canvas.aspect / 2) * z * 0.2 + drift, z * 0.2) < 0.22) return;
      broadleaf(canvas, noise, random, {
        x,
        y: groundAt(x) + 0.003,
        tall: random.between(0.5, 1.05) * scale,
        colour: foliage(air, veil, '#14280f', '#6d9a3c'),
      });
    },
  });
};

/** Dunes with sharp crests and long shadows. */
export const desert: Painter = (canvas, random, noise) => {
  const look = random.inTurn([
    { sky: ['#3f78b8', '#8db6da', '#ecdcc0'], air: '#ecd3ac', sun: '#f0b878', shade: '#8a4f35' },
    { sky: ['#4a76b0', '#a3b4c4', '#f0d2a6'], air: '#efc294', sun: '#f0975a', shade: '#6d3340' },
    { sky: ['#7f9fc0', '#c6d0d2', '#f3e4c8'], air: '#f0dcb8', sun: '#f5cf96', shade: '#a5714f' },
  ]);
  const horizon = random.between(0.36, 0.5);
  const tone = between(light(look.shade), light(look.sun));
  sky(canvas, new Ramp(...look.sky), horizon + 0.03);
  const [drift, turn] = [random.between(0, 99), random.between(-0.4, 0.4)];
  terrain(canvas, {
    horizon,
    eye: 1.7,
    reach: 18,
    height: (x, z, octaves) => {
      const u = (x + z * turn) * 0.1 + drift;
      const v = z * 0.085;
      const bend = noise.fbm(u * 0.7, v * 0.7 + 8, 2) * 0.8;
      // Crests blunt enough to be met by a row.
      const crest = 1 - Math.hypot(noise.at(u + bend, v + bend * 0.4), 0.012 + z * 0.002);
      const ripples = octaves > 3 ? 0.012 * noise.at(x * 2.2 + z * 1.3 + bend * 20, z * 7 - x * 2) : 0;
      return (0.3 + 0.7 * step(4, 14, z)) * 4.4 * crest * crest + ripples;
    },
    colour: ({ sun }, out) => tone(clamp(0.12 + sun * 1.5), out),
    sun: { side: random.pick([-1, 1]), steep: 0.42, behind: 0.05 },
    haze: { colour: light(look.air), distance: 70 },
  });
};
