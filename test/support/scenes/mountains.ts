import type { Painter } from './canvas.ts';
import { between, blend, dim, light, Ramp } from './colour.ts';
import { fir, foliage, ridge } from './land.ts';
import { clamp, mix, step } from './noise.ts';
import { clouds, glow, sky } from './sky.ts';
import { terrain } from './terrain.ts';

/** Range behind range in the morning haze. */
export const mistyMountains: Painter = (canvas, random, noise) => {
  const look = random.inTurn([
    {
      sky: ['#8fb0d6', '#c9d9ea', '#f3e9df'],
      range: ['#c3d3e4', '#8fabca', '#54769c', '#274462', '#101f31'],
      mist: '#e3ebf2',
      glow: '#fff1dc',
    },
    {
      sky: ['#5d7fb0', '#b9b6cc', '#f6cfb2', '#ffe2b8'],
      range: ['#e3b9a6', '#ad8a9c', '#6a5f84', '#373b5e', '#151830'],
      mist: '#f4d3bd',
      glow: '#ffcf94',
    },
    {
      sky: ['#a9c6c4', '#d8e4dc', '#f4efe0'],
      range: ['#c2d3cc', '#8fb0a8', '#527f78', '#264e49', '#0f2624'],
      mist: '#e4ede7',
      glow: '#fff3d6',
    },
    {
      sky: ['#343b63', '#7a6791', '#d48f94', '#f8c79a'],
      range: ['#b98b9a', '#7f6a90', '#4d4b78', '#292c50', '#0f1127'],
      mist: '#dba6a4',
      glow: '#ffb98a',
    },
  ]);
  const first = random.between(0.3, 0.46);
  const layers = random.whole(6, 9);
  sky(canvas, new Ramp(...look.sky), first + 0.15);
  glow(canvas, canvas.aspect * random.between(0.2, 0.8), first + 0.02, 0.22, light(look.glow, 0.35));
  const colours = new Ramp(...look.range);
  for (let layer = 0; layer < layers; layer++) {
    const near = layer / (layers - 1);
    const base = mix(first, random.between(0.84, 0.93), near ** 1.15);
    const [tall, wide] = [mix(0.13, 0.24, near) * random.between(0.7, 1.3), mix(2.6, 0.9, near)];
    const line = (x: number): number =>
      base + tall * (0.5 - noise.ridged(x * wide * 0.55 + layer * 31, layer * 5.3, 7, 0.47));
    const colour = new Float32Array(3);
    colours.read(near, colour);
    ridge(canvas, noise, {
      line,
      trees: near > 0.5 ? mix(0.008, 0.055, (near - 0.5) * 2) : 0,
      colour,
      mist: { colour: light(look.mist), depth: mix(0.16, 0.4, near), most: mix(0.85, 0.25, near) },
    });
  }
};

/** Peaks with snow on them, over meadows with firs. */
export const peaks: Painter = (canvas, random, noise) => {
  const look = random.inTurn([
    {
      sky: ['#2f6fb8', '#7fb2e0', '#d6e8f4'],
      haze: '#b9d3ea',
      sun: '#fff4e2',
      shade: '#7d97bd',
      rock: '#77726b',
      grass: '#5f8a3a',
      cloud: '#ffffff',
    },
    {
      sky: ['#4d6fa8', '#a99cc0', '#f2c3b2'],
      haze: '#c9b3c6',
      sun: '#ffc9a0',
      shade: '#6f7aa8',
      rock: '#7c655f',
      grass: '#56662f',
      cloud: '#ffd9c4',
    },
    {
      sky: ['#31507e', '#7d9cc0', '#dfe3e0'],
      haze: '#b5c2d2',
      sun: '#fff0d8',
      shade: '#6c86ac',
      rock: '#5e6268',
      grass: '#8a8440',
      cloud: '#f4f4f4',
    },
  ]);
  const horizon = random.between(0.6, 0.68);
  const air = light(look.haze);
  const tone = between(light(look.haze, 0.8), light(look.cloud));
  sky(canvas, new Ramp(...look.sky), horizon);
  clouds(canvas, noise, {
    horizon,
    cover: random.between(0.4, 0.6),
    scale: random.between(1.2, 2),
    edge: 1.6,
    colour: (_x, _y, lit, out) => tone(lit, out),
  });
  const snow = between(light(look.shade, 0.65), light(look.sun, 0.95));
  const rock = between(light(look.rock, 0.25), light(look.rock));
  const grass = between(light(look.grass), light('#8a8447'));
  const cover = new Float32Array(3);
  const [drift, snowline] = [random.between(0, 99), random.between(4, 8)];
  terrain(canvas, {
    horizon,
    eye: 1.3,
    reach: 26,
    height: (x, z, octaves) => {
      const range = 24 * step(14, 42, z);
      const meadow = 0.5 * noise.fbm(x * 0.12 + drift, z * 0.12, Math.min(6, octaves + 3));
      if (range === 0) return meadow;
      return meadow + range * (noise.ridged(x * 0.032 + drift, z * 0.032, Math.min(7.5, octaves + 4.5), 0.46) - 0.18);
    },
    colour: (spot, out) => {
      const patch = noise.fbm(spot.x * 0.5, spot.z * 0.5, 2);
      const high = spot.height + patch - snowline;
      const white = step(0.36, 0.56, spot.level + 0.12 * patch) * step(-1, 1.5, high);
      const green = step(0, -2.5, high) * step(0.5, 0.75, spot.level);
      rock(0.25 + 0.75 * spot.sun, out);
      if (green > 0) {
        grass(clamp(patch * 0.6 + 0.2), cover);
        const blades = spot.z < 12 ? 1 + 0.35 * noise.at(spot.x * 34, spot.z * 13) : 1;
        dim(cover, (0.3 + 0.9 * spot.sun) * blades);
        blend(out, cover, green);
      }
      if (white > 0) {
        snow(clamp(spot.sun * 1.5), cover);
        blend(out, cover, white);
      }
    },
    sun: { side: random.pick([-1, 1]), steep: 0.62, behind: 0.35 },
    haze: { colour: air, distance: 95 },
    onRow: ({ z, nearest, scale, veil, groundAt }) => {
      if (z > 26 || z < nearest * 2 || !random.chance(0.5)) return;
      const x = random.between(-0.1, canvas.aspect + 0.1);
      if (noise.at(x * 2.5, z * 0.15) < 0.05) return;
      fir(canvas, noise, random, {
        x,
        y: groundAt(x) + 0.004,
        tall: random.between(0.9, 1.7) * scale,
        colour: foliage(air, veil, '#0c1a14', '#3c5a34'),
      });
    },
  });
};
