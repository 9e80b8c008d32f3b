import type { Canvas } from './canvas.ts';
import { blend, dim, light, put, Ramp, type Light } from './colour.ts';
import { broadleaf, fir, foliage, ridge } from './land.ts';
import { clamp, Noise, step } from './noise.ts';
import type { Random } from './random.ts';
import { clouds, sky, sun } from './sky.ts';
import { terrain } from './terrain.ts';

/** Untouched snow, blue shadows, firs. */
export const snow = (canvas: Canvas, random: Random): void => {
  const noise = new Noise(random);
  const look = random.inTurn([
    { sky: ['#86acd8', '#bcd3ea', '#f1f4f6'], air: '#e4ecf3', sun: '#fffcf6', shade: '#bed0e8' },
    { sky: ['#c3cfdb', '#d9e0e6', '#f1f4f5'], air: '#e9eef1', sun: '#fdfdfe', shade: '#d3dce8' },
    { sky: ['#9fb0d8', '#d9d2e4', '#fbe9dd'], air: '#efe6ea', sun: '#fff6ec', shade: '#bcc6e8' },
  ]);
  const horizon = random.between(0.42, 0.52);
  const air = light(look.air);
  sky(canvas, new Ramp(...look.sky), horizon);
  for (const far of [0, 1]) {
    const tall = [0.17, 0.07][far] ?? 0;
    ridge(canvas, noise, {
      line: (x) => horizon + 0.03 - tall * (0.35 + noise.ridged(x * (0.7 + far) + far * 20, far * 9, 6)),
      trees: far * 0.018,
      colour: light(['#b9cadf', '#7f95ac'][far] ?? '#7f95ac'),
      mist: { colour: air, depth: 0.12, most: 0.85 },
    });
  }
  const [lit, shade] = [light(look.sun), light(look.shade)];
  const [drift, wood] = [random.between(0, 99), random.between(-0.05, 0.25)];
  terrain(canvas, {
    horizon,
    eye: 1,
    reach: 24,
    height: (x, z, octaves) =>
      0.75 * noise.fbm(x * 0.16 + drift, z * 0.13, Math.min(5, octaves + 2), 0.33) -
      0.15 +
      (z < 9 ? 0.004 * noise.at(x * 5, z * 6) : 0),
    colour: (spot, out) => {
      put(shade, out);
      blend(out, lit, step(0.05, 0.75, spot.sun));
    },
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
export const greenHills = (canvas: Canvas, random: Random): void => {
  const noise = new Noise(random);
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
    height: (x, z, octaves) => 1.9 * noise.fbm(x * 0.085 + drift, z * 0.1, Math.min(5, octaves + 2), 0.36) - 0.5,
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

const cumulus = (canvas: Canvas, random: Random, noise: Noise, horizon: number): void => {
  const [white, grey] = [light('#ffffff', 1.05), light('#8fa6c2')];
  clouds(canvas, noise, {
    horizon,
    cover: random.between(0.4, 0.58),
    scale: random.between(1.6, 2.6),
    stretch: 1.5,
    edge: 4,
    colour: (_x, _y, lit, out) => {
      put(grey, out);
      blend(out, white, clamp(lit * 1.6));
    },
  });
};

/** Dunes with sharp crests and long shadows. */
export const desert = (canvas: Canvas, random: Random): void => {
  const noise = new Noise(random);
  const look = random.inTurn([
    { sky: ['#3f78b8', '#8db6da', '#ecdcc0'], air: '#ecd3ac', sun: '#f0b878', shade: '#8a4f35' },
    { sky: ['#4a76b0', '#a3b4c4', '#f0d2a6'], air: '#efc294', sun: '#f0975a', shade: '#6d3340' },
    { sky: ['#7f9fc0', '#c6d0d2', '#f3e4c8'], air: '#f0dcb8', sun: '#f5cf96', shade: '#a5714f' },
  ]);
  const horizon = random.between(0.36, 0.5);
  const [air, lit, shade] = [light(look.air), light(look.sun), light(look.shade)];
  sky(canvas, new Ramp(...look.sky), horizon + 0.03);
  const [drift, turn] = [random.between(0, 99), random.between(-0.4, 0.4)];
  terrain(canvas, {
    horizon,
    eye: 1.7,
    reach: 18,
    height: (x, z, octaves) => {
      const [u, v] = [x * 0.1 + z * turn * 0.1 + drift, z * 0.085];
      const bend = noise.fbm(u * 0.7, v * 0.7 + 8, 2) * 0.8;
      // Crests blunt enough to be met by a row.
      const crest = 1 - Math.hypot(noise.at(u + bend, v + bend * 0.4), 0.012 + z * 0.002);
      return (
        (0.3 + 0.7 * step(4, 14, z)) * 4.4 * crest * crest -
        2.1 +
        (octaves > 3 ? 0.012 * noise.at(x * 2.2 + z * 1.3 + bend * 20, z * 7 - x * 2) : 0)
      );
    },
    colour: (spot, out) => {
      put(shade, out);
      blend(out, lit, clamp(0.12 + spot.sun * 1.5));
    },
    sun: { side: random.pick([-1, 1]), steep: 0.42, behind: 0.05 },
    haze: { colour: air, distance: 70 },
  });
};

/** Rows of flowers that run to the horizon. */
const rows = (
  canvas: Canvas,
  random: Random,
  noise: Noise,
  horizon: number,
  air: Light,
  flowers: readonly Light[],
  soil: Light,
  spacing: number,
): void => {
  const lean = random.between(-0.35, 0.35);
  const out2 = new Float32Array(3);
  terrain(canvas, {
    horizon,
    eye: 1.15,
    reach: 30,
    height: (x, z) => {
      const across = Math.abs((((x + z * lean) / spacing) % 1) + 2.5) % 1;
      const hump = Math.sqrt(Math.max(0, 1 - (2 * across - 1) ** 2));
      return 0.2 * hump + 0.1 * noise.at(x * 0.1, z * 0.1) + (z < 14 ? 0.04 * noise.at(x * 14, z * 9) : 0);
    },
    colour: (spot, out) => {
      const at = (spot.x + spot.z * lean) / spacing + 2.5 + 1000;
      const across = Math.abs(2 * (at % 1) - 1);
      const petals = noise.at(spot.x * 38, spot.z * 24) * 0.6 + noise.at(spot.x * 13, spot.z * 8) * 0.45;
      put(soil, out);
      put(flowers[Math.floor(at / 3) % flowers.length]!, out2);
      dim(out2, 0.85 + 0.5 * petals + 0.35 * spot.sun);
      blend(out, out2, step(0.86, 0.6, across + 0.18 * petals));
    },
    sun: { side: 1, steep: 0.7, behind: 0.2 },
    haze: { colour: air, distance: 46 },
  });
};

export const lavender = (canvas: Canvas, random: Random): void => {
  const noise = new Noise(random);
  const look = random.inTurn([
    { sky: ['#5a6fa8', '#b39ac0', '#f5b58f', '#ffdca6'], air: '#e2b9b8', far: '#76648f', glow: '#ffc98a' },
    { sky: ['#4a86c8', '#94bfe4', '#e3edf2'], air: '#cfd5e8', far: '#7c8cae', glow: '#fff6e0' },
  ]);
  const horizon = random.between(0.4, 0.5);
  sky(canvas, new Ramp(...look.sky), horizon);
  const glow = light(look.glow, 0.4);
  sun(
    canvas,
    canvas.aspect * random.between(0.2, 0.8),
    horizon - 0.02,
    { radius: 0, colour: glow },
    { reach: 0.16, colour: glow },
  );
  hillside(canvas, noise, horizon, light(look.far), light(look.air));
  rows(
    canvas,
    random,
    noise,
    horizon,
    light(look.air),
    [light('#7d5bb5'), light('#8a63c4')],
    light('#4a4a34', 0.5),
    random.between(0.7, 0.95),
  );
};

export const tulips = (canvas: Canvas, random: Random): void => {
  const noise = new Noise(random);
  const horizon = random.between(0.36, 0.46);
  sky(canvas, new Ramp('#3f86d0', '#8abde8', '#dcebf2'), horizon);
  cumulus(canvas, random, noise, horizon);
  hillside(canvas, noise, horizon, light('#5d7f6a'), light('#c4d8e2'));
  const colours = ['#e0353a', '#f7c02e', '#f28cae', '#f26b2a', '#b3286a', '#f6efe2'].map((hex) => light(hex));
  rows(
    canvas,
    random,
    noise,
    horizon,
    light('#c9dbe6'),
    random.shuffled(colours),
    light('#39602a', 0.7),
    random.between(0.5, 0.7),
  );
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
