import { around, type Canvas, type Painter } from './canvas.ts';
import { between, blend, light, put, Ramp, type Light } from './colour.ts';
import { broadleaf, fir, foliage, ridge } from './land.ts';
import { clamp, mix, type Noise } from './noise.ts';
import type { Random } from './random.ts';
import { clouds, glow, haze, sky } from './sky.ts';
import { water } from './water.ts';

/** Conifers that fade into the fog, row behind row. */
export const foggyForest: Painter = (canvas, random, noise) => {
  const look = random.inTurn([
    { fog: '#cfd8dc', top: '#e4e9eb', near: '#1d2a2c' },
    { fog: '#bfcac6', top: '#dfe5df', near: '#14231d' },
    { fog: '#d9d3cc', top: '#efe7dc', near: '#2a2723' },
    { fog: '#b4c3d2', top: '#dbe4ec', near: '#152433' },
  ]);
  const [fog, near] = [light(look.fog), light(look.near)];
  sky(canvas, new Ramp(look.top, look.fog), 0.9);
  const layers = 6;
  for (let layer = 0; layer < layers; layer++) {
    const depth = layer / (layers - 1);
    const [base, tall] = [mix(0.42, 1.06, depth), mix(0.12, 0.62, depth ** 1.4)];
    const colour = fog.slice();
    blend(colour, near, 0.1 + 0.9 * depth ** 1.5);
    const bright = colour.slice();
    blend(bright, fog, 0.2);
    const ground = (x: number): number => base - 0.16 * noise.fbm(x * mix(1.6, 0.8, depth) + layer * 9, layer * 4, 3);
    for (let tree = Math.round((canvas.aspect / tall) * 7); tree > 0; tree--) {
      const x = random.between(-0.1, canvas.aspect + 0.1);
      if (noise.at(x * 2.2, layer * 8.5) < depth * 0.5 - 0.35) continue;
      fir(canvas, noise, random, {
        x,
        y: ground(x) + 0.02,
        tall: tall * random.between(0.55, 1.1),
        colour: foliage(fog, 0, colour, bright),
      });
    }
    ridge(canvas, noise, { line: ground, colour, mist: { colour: fog, depth: 0.16, most: 1 - depth * 0.5 } });
    haze(canvas, fog, base - tall * 0.7, base + 0.1, 0.4 * (1 - depth));
  }
};

/** Trees in their autumn colours on the shore of a calm lake. */
export const autumnLake: Painter = (canvas, random, noise) => {
  const look = random.inTurn([
    { sky: ['#7fa9d6', '#c2d6e6', '#f2ebdc'], air: '#d9dfe3', hill: '#7d6c58' },
    { sky: ['#aab6c2', '#d3d6d6', '#efe6d6'], air: '#dcd9d2', hill: '#84705c' },
    { sky: ['#5f7fb0', '#c7a9a8', '#f6cf9c'], air: '#ecc8a4', hill: '#7a5c5c' },
  ]);
  const horizon = random.between(0.52, 0.6);
  const air = light(look.air);
  sky(canvas, new Ramp(...look.sky), horizon);
  const tone = between(air, light('#ffffff'));
  clouds(canvas, noise, {
    horizon,
    cover: 0.4,
    scale: 1.6,
    stretch: 1.8,
    edge: 1.2,
    colour: (_x, _y, lit, out) => tone(lit * 0.7, out),
  });
  ridge(canvas, noise, {
    line: (x) => horizon + 0.02 - 0.36 * (0.3 + 0.8 * noise.ridged(x * 0.7, 3, 6, 0.42)),
    colour: light(look.hill),
    mist: { colour: air, depth: 0.4, most: 0.6 },
  });
  const leaves = ['#e0742a', '#d9a02b', '#c2452a', '#e8b84a', '#a8562a', '#7a8a3a', '#5c6b34'].map((hex) => light(hex));
  const shade = light('#3a2216');
  for (let row = 0; row < 4; row++) {
    const near = row / 3;
    const veil = 0.55 * (1 - near);
    for (let x = -0.05; x < canvas.aspect + 0.05; x += mix(0.012, 0.024, near) * random.between(0.5, 1.6)) {
      const lone = noise.fbm(x * 1.6 + row * 7, row * 3, 3);
      if (lone < near * 0.6 - 0.45) continue;
      const tall = mix(0.08, 0.13, near) * random.between(0.6, 1.3) * (1 + 0.7 * lone);
      const bright = random.pick(leaves).slice();
      blend(bright, random.pick(leaves), 0.3);
      const dark = shade.slice();
      blend(dark, bright, 0.16);
      const tree = { x, y: horizon - 0.028 * (1 - near) + 0.004, tall };
      if (random.chance(0.2))
        fir(canvas, noise, random, { ...tree, tall: tall * 1.2, colour: foliage(air, veil, '#10201a', '#3f5a3a') });
      else broadleaf(canvas, noise, random, { ...tree, colour: foliage(air, veil, dark, bright) });
    }
  }
  ridge(canvas, noise, { line: (x) => horizon - 0.006 - 0.006 * noise.fbm(x * 9, 2, 3), colour: light('#3b3020') });
  water(canvas, noise, {
    horizon,
    waves: random.between(0.015, 0.06),
    scale: 1.3,
    depth: light('#1c2a30'),
    mirror: [0.72, 0.95],
  });
};

/** Trunks against the low sun, leaves like lamps. */
export const autumnForest: Painter = (canvas, random, noise) => {
  const at = { x: canvas.aspect * random.between(0.3, 0.7), y: random.between(0.42, 0.55) };
  const look = random.inTurn([
    ['#a85a20', '#f0a848', '#ffe0a0', '#e09a48', '#6e3a16'],
    ['#8f4a26', '#e58b4a', '#ffdcb0', '#d98a50', '#5e2f18'],
    ['#9a7a2a', '#e8c052', '#fff2b8', '#d0a348', '#5a3c14'],
  ]);
  sky(canvas, new Ramp(...look));
  glow(canvas, at.x, at.y, 0.16, light('#ffe2a6', 0.9));
  const leaves = ['#f59a2c', '#e86a1f', '#ffc64d', '#d1441f', '#b8611f'].map((hex) => light(hex));
  const layers = 5;
  for (let layer = 0; layer < layers; layer++) {
    const near = layer / (layers - 1);
    const floor = mix(0.62, 0.86, near);
    const bark = light('#e0a055');
    blend(bark, light('#1c0f08'), 0.25 + 0.75 * near);
    for (let left = Math.round(mix(22, 5, near) * canvas.aspect); left > 0; left--)
      trunk(canvas, random, noise, near, floor, bark);
    const ground = light('#f0b060');
    blend(ground, light('#4a2410'), 0.3 + 0.7 * near);
    ridge(canvas, noise, {
      line: (x) => floor - 0.02 * noise.fbm(x * 3 + layer * 5, layer, 4),
      colour: ground,
      mist: { colour: light('#b5682a'), depth: 0.3, most: 0.5 },
    });
    for (let left = Math.round(mix(1500, 900, near) * canvas.aspect); left > 0; left--) {
      const fallen = random.chance(0.3);
      const x = random.between(0, canvas.aspect);
      const y = fallen ? floor + random.between(0, 0.16) : random.next() ** 1.6 * mix(0.6, 0.48, near);
      if (!fallen && noise.fbm(x * 3 + layer * 9, y * 3, 2) < y * 1.4 - 0.3) continue;
      const colour = random.pick(leaves).slice();
      blend(colour, bark, random.between(0, 0.55) * near + (fallen ? 0.3 : 0));
      leaf(canvas, random, x, y, mix(0.0022, 0.0075, near), colour);
    }
  }
  glow(canvas, at.x, at.y, 0.1, light('#ffd890', 0.5));
};

const trunk = (canvas: Canvas, random: Random, noise: Noise, near: number, floor: number, bark: Light): void => {
  const [x, lean] = [random.between(0, canvas.aspect), random.between(-0.05, 0.05)];
  const half = mix(0.003, 0.02, near) * random.between(0.7, 1.3);
  canvas.paint(
    (u, v, out) => {
      const wide = half * (1 + 6.4 * Math.max(0, v - floor + 0.08) + 0.1 * noise.at(u * 60, v * 14));
      const middle = x + lean * (v - floor) + 0.012 * noise.at(v * 3, x * 9);
      put(bark, out);
      return clamp((wide - Math.abs(u - middle)) * canvas.height);
    },
    { left: x - half * 2 - 0.045, right: x + half * 2 + 0.045, bottom: floor + 0.01 },
  );
};

const leaf = (canvas: Canvas, random: Random, x: number, y: number, usual: number, colour: Light): void => {
  const size = usual * random.between(0.6, 1.5);
  const [turn, flat] = [random.between(0, Math.PI), random.between(0.35, 0.8)];
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  canvas.paint(
    (u, v, out) => {
      put(colour, out);
      const along = (u - x) * cos + (v - y) * sin;
      const across = ((v - y) * cos - (u - x) * sin) / flat;
      return clamp((1 - Math.hypot(along, across) / size) * 2.5) * 0.9;
    },
    around(x, y, size),
  );
};
