import { around, type Canvas, type Painter } from './canvas.ts';
import { blend, dim, light, put, Ramp, type Light } from './colour.ts';
import { clamp, mix, step, type Noise } from './noise.ts';
import type { Random } from './random.ts';

/** Turns each petal further by the golden angle, as plants do. @see Vogel, “A better way to construct the sunflower head”, 1979 */
const GOLDEN = Math.PI * (3 - Math.sqrt(5));

/** A bloom close by, the garden behind it out of focus. */
export const flower: Painter = (canvas, random, noise) => {
  const look = random.inTurn([
    {
      petals: ['#7a1230', '#d8315b', '#f58aa5'],
      heart: '#5a0d24',
      garden: ['#1f3a22', '#47683a', '#8fa860'],
      lights: '#dfe8a8',
    },
    {
      petals: ['#a8480f', '#f08a24', '#ffcf6b'],
      heart: '#7a2f0c',
      garden: ['#1b2f2b', '#3a5a4a', '#7f9a70'],
      lights: '#f4e3a0',
    },
    {
      petals: ['#5b2a86', '#9a5fc4', '#dcb8f0'],
      heart: '#3d1a60',
      garden: ['#24382c', '#56754f', '#a4b886'],
      lights: '#e6f0c8',
    },
    {
      petals: ['#c98a8f', '#f2c6c4', '#fff2ec'],
      heart: '#c07a6a',
      garden: ['#2d3a34', '#667a62', '#b3bfa0'],
      lights: '#ffffff',
    },
    {
      petals: ['#c99a12', '#f7cf38', '#fff0a0'],
      heart: '#8a5a0c',
      garden: ['#1d3350', '#456a94', '#9fbcd8'],
      lights: '#e8f2ff',
    },
  ]);
  backdrop(canvas, random, noise, look.garden, look.lights);
  const at = { x: canvas.aspect * random.between(0.36, 0.64), y: random.between(0.42, 0.54) };
  const radius = Math.min(0.42, canvas.aspect * 0.44) * random.between(0.9, 1.25);
  stem(canvas, noise, at.x, at.y, light('#557a3c'));
  const count = random.whole(90, 150);
  const ramp = new Ramp(...look.petals);
  const heart = light(look.heart);
  const squash = random.between(0.82, 1);
  canvas.paint(
    (_u, _v, out) => {
      put(heart, out);
      return 1;
    },
    around(at.x, at.y, radius * 0.06),
  );
  for (let i = count; i > 0; i--) {
    const out = Math.sqrt(i / count);
    petal(canvas, noise, {
      x: at.x,
      y: at.y,
      squash,
      angle: i * GOLDEN + random.between(-0.06, 0.06),
      from: radius * (out * 0.48 - 0.06),
      to: radius * mix(0.1, 1, out) * random.between(0.94, 1.04),
      wide: radius * mix(0.06, 0.15, out),
      colour: (along, across, light) => {
        ramp.read(
          clamp(
            mix(0.15, 0.4, out) +
              along * 0.55 -
              0.12 * (1 - Math.abs(across)) +
              0.05 * noise.at(across * 5 + i, along * 2),
          ),
          light,
        );
        blend(light, heart, step(0.45, 0, along) * mix(0.95, 0.75, out));
        dim(light, 0.82 + 0.25 * across * Math.sin(i * GOLDEN) + 0.22 * Math.abs(across) ** 3);
      },
    });
  }
};

const backdrop = (canvas: Canvas, random: Random, noise: Noise, garden: readonly string[], lights: string): void => {
  const ramp = new Ramp(...garden);
  const soft = canvas.coarse(8, {}, (x, y) => 0.5 + 0.55 * noise.fbm(x * 1.5, y * 1.5, 2) + 0.25 * (0.5 - y));
  canvas.paint((x, y, out) => {
    ramp.read(soft(x, y), out);
    return 1;
  });
  for (let disc = 0; disc < 46; disc++) {
    const [x, y, radius] = [random.between(0, canvas.aspect), random.next() ** 1.4, random.between(0.02, 0.075)];
    const colour = light(lights, random.between(0.02, 0.16));
    canvas.shine(
      (u, v, out) => {
        const far = Math.hypot(u - x, v - y) / radius;
        put(colour, out);
        return clamp((1 - far) * 14) * (0.8 + 0.4 * step(0.7, 1, far));
      },
      around(x, y, radius),
    );
  }
};

const stem = (canvas: Canvas, noise: Noise, x: number, y: number, colour: Light): void => {
  canvas.paint(
    (u, v, out) => {
      const side = (u - x - 0.05 * Math.sin((v - y) * 3)) / 0.016;
      put(colour, out);
      dim(out, 0.5 + 0.45 * (1 - Math.abs(side - 0.3)) + 0.05 * noise.at(u * 40, v * 8));
      return step(1.15, 0.75, Math.abs(side));
    },
    { top: y, left: x - 0.1, right: x + 0.15 },
  );
};

interface Petal {
  readonly x: number;
  readonly y: number;
  readonly squash: number;
  readonly angle: number;
  /** Where it starts and ends, from the middle. */
  readonly from: number;
  readonly to: number;
  readonly wide: number;
  /** `along` 0 to 1, `across` −1 to 1. */
  readonly colour: (along: number, across: number, out: Light) => void;
}

/** Half the width of a petal along its length. */
const outline = Float32Array.from({ length: 129 }, (_, i) => Math.sin(Math.PI * (i / 128) ** 0.85) ** 0.7);

const petal = (canvas: Canvas, noise: Noise, { x, y, squash, angle, from, to, wide, colour }: Petal): void => {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const middle = (from + to) / 2;
  const reach = (one: number, other: number): number =>
    Math.abs(one) * ((to - from) / 2) + Math.abs(other) * wide * 1.1 + 0.006;
  const [u0, v0, du, dv] = [x + cos * middle, y + sin * middle * squash, reach(cos, sin), reach(sin, cos)];
  canvas.paint(
    (u, v, out) => {
      const dx = u - x;
      const dy = (v - y) / squash;
      const along = (dx * cos + dy * sin - from) / (to - from);
      if (along < 0 || along > 1) return 0;
      const side = dy * cos - dx * sin;
      if (Math.abs(side) > wide * 1.1 + 0.006) return 0;
      const half = wide * outline[Math.floor(along * 128)]! * (1 + 0.05 * noise.at(along * 4 + angle, angle));
      const inside = (half - Math.abs(side)) * canvas.height;
      if (inside < -4) return 0;
      // Beyond the rim lies the petal's shadow.
      if (inside < 0) {
        out.fill(0);
        return 0.09 * (1 + inside / 4);
      }
      colour(along, half === 0 ? 0 : side / half, out);
      return clamp(inside + 0.3);
    },
    { left: u0 - du, right: u0 + du, top: v0 - dv, bottom: v0 + dv },
  );
};
