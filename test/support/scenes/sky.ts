import { around, type Canvas } from './canvas.ts';
import { between, blend, light, put, type Light, type Ramp } from './colour.ts';
import { clamp, step, type Noise } from './noise.ts';
import type { Random } from './random.ts';

/** The sky, from the top of the picture to the horizon, where the ramp ends. */
export const sky = (canvas: Canvas, ramp: Ramp, horizon = 1): void =>
  canvas.paint((_x, y, out) => {
    ramp.read(y / horizon, out);
    return 1;
  });

/** A halo; `reach` is where half of it is left. */
export const glow = (canvas: Canvas, x: number, y: number, reach: number, colour: Light): void =>
  canvas.shine((u, v, out) => {
    put(colour, out);
    return 1 / (1 + ((u - x) * (u - x) + (v - y) * (v - y)) / (reach * reach));
  });

/** The sun or the moon, with a soft rim. */
export const disc = (canvas: Canvas, x: number, y: number, radius: number, colour: Light): void =>
  canvas.paint(
    (u, v, out) => {
      put(colour, out);
      return clamp((radius - Math.hypot(u - x, v - y)) * canvas.height * 0.3 + 0.5);
    },
    around(x, y, radius + 0.01),
  );

interface Clouds {
  readonly horizon: number;
  /** Part of the sky that they cover, about [0, 1]. */
  readonly cover: number;
  /** Clouds across the picture, near the top. */
  readonly scale: number;
  /** How much wider than tall; more looks like streaks. */
  readonly stretch?: number;
  /** How hard their edges are: 1 veils, 6 cotton wool. */
  readonly edge?: number;
  /** Colour of a cloud at (x, y): `lit` 0 in its own shadow, 1 towards the sun. */
  readonly colour: (x: number, y: number, lit: number, out: Light) => void;
}

/** Clouds on a ceiling that runs to the horizon. */
export const clouds = (
  canvas: Canvas,
  noise: Noise,
  { horizon, cover, scale, stretch = 1.6, edge = 2.5, colour }: Clouds,
): void => {
  const density = (u: number, v: number): number => {
    const du = noise.fbm(u * 0.7 + 9, v * 0.7, 2) * 0.35;
    const dv = noise.fbm(u * 0.7, v * 0.7 + 31, 2) * 0.35;
    return noise.fbm(u + du, v + dv, 6, 0.52) + (cover - 0.5) * 1.3;
  };
  const ceiling = (y: number): number => 1 / (Math.max(0, horizon - y) * 1.6 + 0.16);
  const sample = (x: number, y: number, towards: number): number => {
    const far = ceiling(y);
    return density(x * scale * 0.75, Math.log(far) * scale * stretch * 0.36 + towards);
  };
  const box = { bottom: horizon };
  const thick = canvas.coarse(2, box, (x, y) => sample(x, y, 0));
  const behind = canvas.coarse(4, box, (x, y) => sample(x, y, 0.16));
  canvas.paint((x, y, out) => {
    const here = thick(x, y);
    if (here <= 0) return 0;
    const lit = clamp(0.62 + (behind(x, y) - here) * 0.9 - here * 0.35);
    colour(x, y, lit, out);
    return step(0, 1 / edge, here) * step(-0.005, 0.05, horizon - y);
  }, box);
};

/** White heaps on a summer sky. */
export const cumulus = (canvas: Canvas, random: Random, noise: Noise, horizon: number): void => {
  const tone = between(light('#8fa6c2'), light('#ffffff', 1.05));
  clouds(canvas, noise, {
    horizon,
    cover: random.between(0.4, 0.58),
    scale: random.between(1.6, 2.6),
    stretch: 1.5,
    edge: 4,
    colour: (_x, _y, lit, out) => tone(clamp(lit * 1.6), out),
  });
};

/** Stars, most of them faint, some warm and some blue; `share` of those at (x, y) are there. */
export const stars = (
  canvas: Canvas,
  random: Random,
  count: number,
  horizon: number,
  share: (x: number, y: number) => number = () => 1,
): void => {
  const tints = [light('#ffffff'), light('#cfe0ff'), light('#ffe3c2'), light('#b9d2ff')] as const;
  for (let i = 0; i < count; i++) {
    const [x, y] = [random.between(0, canvas.aspect), random.between(0, horizon)];
    if (!random.chance(share(x, y))) continue;
    const power = 0.05 + 1.5 * random.next() ** 14 + 0.25 * random.next() ** 3;
    const radius = (0.7 + Math.min(1.5, power) * 0.6) / canvas.height;
    const tint = random.pick(tints);
    canvas.shine(
      (u, v, out) => {
        put(tint, out);
        return power * Math.exp(-((u - x) ** 2 + (v - y) ** 2) / radius ** 2);
      },
      around(x, y, radius * 3),
    );
  }
};

interface MilkyWay {
  readonly x: number;
  readonly y: number;
  /** Its rise, height over width. */
  readonly tilt: number;
  readonly cool: Light;
  readonly warm: Light;
}

/** A band of the galaxy with its lanes of dust and its crowd of stars. */
export const milkyWay = (canvas: Canvas, random: Random, noise: Noise, { x, y, tilt, cool, warm }: MilkyWay): void => {
  const length = Math.hypot(1, tilt);
  const glow = canvas.coarse(3, {}, (u, v) => {
    const along = (u - x + (v - y) * tilt) / length;
    const across = (v - y - (u - x) * tilt) / length + 0.05 * noise.fbm(along * 2, 3, 3);
    const haze = Math.exp(-((across / 0.12) ** 2)) * (0.7 + 0.7 * noise.fbm(u * 5, v * 5, 5, 0.6));
    const dust = step(
      0.05,
      0.7,
      noise.fbm(along * 3.4 + 40, across * 9, 7, 0.66) + 0.6 * Math.exp(-((across / 0.035) ** 2)),
    );
    return Math.max(0, haze) * (1 - 0.8 * dust) * (0.45 + 0.85 * Math.exp(-((along / 0.45) ** 2)));
  });
  canvas.shine((u, v, out) => {
    const power = glow(u, v);
    put(cool, out);
    blend(out, warm, clamp(power * power * 1.1));
    return power;
  });
  stars(canvas, random, Math.round(7000 * canvas.aspect), 1, (u, v) => clamp(glow(u, v) * 0.9));
};

interface Aurora {
  readonly foot: number;
  readonly tall: number;
  readonly low: Light;
  readonly high: Light;
}

/** Curtains of light that stand on a wavy line at about `foot`. */
export const aurora = (canvas: Canvas, noise: Noise, { foot, tall, low, high }: Aurora): void => {
  const rays = canvas.coarse(2, {}, (x, y) => {
    let sum = 0;
    for (let curtain = 0; curtain < 2; curtain++) {
      const drift = noise.fbm(x * 1.1 + curtain * 13, curtain * 7 + y * 0.35, 3);
      const base = foot - curtain * 0.09 + drift * 0.14;
      const above = (base - y) / (tall * (0.75 + 0.5 * noise.at(x * 2.4, curtain + 50)));
      const streaks = 0.55 + 0.45 * noise.fbm(x * 16 + drift * 6, curtain * 3 + y * 0.6, 3);
      const strength = clamp(0.6 + 0.8 * noise.at(x * 1.3, curtain * 9 + 4));
      sum +=
        strength * streaks * (above > 0 ? Math.exp(-above * 2.6) * step(0, 0.16, above) : 0) * (1 - curtain * 0.22);
    }
    return sum;
  });
  canvas.shine((x, y, out) => {
    const power = rays(x, y);
    put(low, out);
    blend(out, high, step(foot - tall * 0.15, foot - tall * 1.1, y));
    return power;
  });
};

/** A veil that thickens towards `to`. */
export const haze = (canvas: Canvas, colour: Light, from: number, to: number, most: number): void =>
  canvas.paint((_x, y, out) => {
    put(colour, out);
    return most * step(from, to, y);
  });
