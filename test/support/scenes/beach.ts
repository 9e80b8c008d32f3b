import { around, type Canvas, type Painter } from './canvas.ts';
import { blend, dim, light, put, Ramp, type Light } from './colour.ts';
import { clamp, step } from './noise.ts';

/** A shore straight from above: sand, foam, shallows, the deep. */
export const beachFromAbove: Painter = (canvas, random, noise) => {
  const turn = random.between(-0.5, 0.5) + random.pick([Math.PI, Math.PI / 2, -Math.PI / 2]);
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  const shore = random.between(-0.02, 0.16);
  const sea = new Ramp([0, '#bfeee4'], [0.12, '#7fdcd4'], [0.4, '#2fb0bd'], [0.75, '#147a9c'], [1, '#0d4f78']);
  const [dry, wet, foam] = [light('#ecd9b4'), light('#b89a70'), light('#ffffff')];
  const swellAt = (x: number, y: number): number => {
    const along = (x - canvas.aspect / 2) * cos + (y - 0.5) * sin;
    const out = (y - 0.5) * cos - (x - canvas.aspect / 2) * sin + shore + 0.12 * noise.fbm(along * 1.7, 3, 3);
    return out + 0.02 * noise.fbm(along * 7, out * 3, 3);
  };
  const swells = canvas.coarse(3, {}, swellAt);
  const patches = canvas.coarse(3, {}, (x, y) => noise.fbm(x * 4, y * 4, 5));
  canvas.paint((x, y, out) => {
    const swell = swells(x, y);
    const patch = patches(x, y);
    const along = (x - canvas.aspect / 2) * cos + (y - 0.5) * sin;
    if (swell < 0) {
      put(dry, out);
      blend(out, wet, step(-0.12, -0.02, swell + 0.03 * patch));
      dim(out, 1 + 0.05 * noise.at(x * 70, y * 70) + 0.05 * patch);
    } else {
      sea.read(swell * 1.35 + 0.05 * patch, out);
      dim(out, 1 + 0.07 * noise.fbm(along * 10, swell * 34, 2));
    }
    if (swell < -0.02 || swell > 0.42) return 1;
    // Three waves on their way in; the froth is torn where it is old.
    const lace = 0.8 - Math.abs(noise.fbm(x * 26, y * 26, 3)) * 1.5;
    let froth = 0;
    for (let wave = 0; wave < 3; wave++) {
      const behind = swell - wave * 0.105 - 0.03 * noise.fbm(along * 3 + wave * 20, wave * 7, 4) - 0.004;
      if (behind < -0.01 || behind > 0.08) continue;
      const age = (1 - wave * 0.22) * step(-0.25, 0.3, noise.at(along * 2.3, wave * 5) + 0.35 - wave * 0.15);
      froth = Math.max(
        froth,
        age * step(-0.004, 0.001, behind) * step(0.075, 0, behind) * clamp(lace + step(0.018, 0, behind)),
      );
    }
    blend(out, foam, clamp(froth));
    return 1;
  });
  for (let parasol = random.whole(0, 9); parasol > 0; parasol--) {
    const [x, y] = [random.between(0, canvas.aspect), random.between(0, 1)];
    if (swellAt(x, y) < -0.13)
      openParasol(
        canvas,
        x,
        y,
        random.between(0.018, 0.026),
        light(random.pick(['#e4572e', '#f2c14e', '#2a7fb8', '#f28ca6', '#3aa17e'])),
      );
  }
};

const openParasol = (canvas: Canvas, x: number, y: number, radius: number, cloth: Light): void => {
  const [white, dark] = [light('#fdfaf2'), light('#4a3a2a')];
  const disc = (u: number, v: number): number => clamp((radius - Math.hypot(u, v)) * canvas.height + 0.5);
  canvas.paint(
    (u, v, out) => {
      put(dark, out);
      return 0.5 * disc(u - x - 0.012, v - y - 0.014);
    },
    around(x + 0.012, y + 0.014, radius + 0.002),
  );
  canvas.paint(
    (u, v, out) => {
      const angle = Math.atan2(v - y, u - x);
      put(Math.floor((angle / Math.PI + 1) * 4) % 2 === 0 ? cloth : white, out);
      dim(out, 0.92 - 0.14 * Math.sin(angle + 0.8));
      return disc(u - x, v - y);
    },
    around(x, y, radius + 0.002),
  );
};
