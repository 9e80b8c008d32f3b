import type { Canvas } from './canvas.ts';
import { blend, type Light } from './colour.ts';
import { step, type Noise } from './noise.ts';

interface Water {
  readonly horizon: number;
  /** Slope of the waves: 0.01 a pond at dawn, 0.2 a rough sea. */
  readonly waves: number;
  /** Waves across the picture, close by. */
  readonly scale: number;
  /** Its own colour, seen where one looks down into it. */
  readonly depth: Light;
  /** How much of the sky comes back, close by and at the horizon. */
  readonly mirror: readonly [near: number, far: number];
}

/** Water from the horizon down: it reflects what has been painted above. */
export const water = (canvas: Canvas, noise: Noise, { horizon, waves, scale, depth, mirror }: Water): void => {
  const octaves = [0.6, 1.5, 3.4, 7.9, 18] as const;
  canvas.paint(
    (x, y, out) => {
      const below = y - horizon;
      const far = 1 / (below + 0.012);
      const across = (x - canvas.aspect / 2) * far * scale * 0.3;
      const along = far * scale * 0.7;
      // What a pixel covers of the surface; finer waves are not seen one by one.
      const footprint = (far * along) / canvas.height;
      let tilt = 0;
      let sway = 0;
      let rough = 0;
      for (const frequency of octaves) {
        const seen = step(0.75, 0.2, frequency * footprint);
        rough += 1 - seen;
        if (seen === 0) continue;
        tilt += noise.at(across * frequency + frequency, along * frequency) * seen;
        sway += noise.at(across * frequency * 1.3 + 40, along * frequency + frequency * 7) * seen;
      }
      if (rough > 0)
        tilt += 0.55 * rough * step(0, 0.08, below) * noise.at(x * canvas.height * 0.075, y * canvas.height * 0.62);
      const steep = waves * (0.3 + below * 2);
      canvas.look(x + sway * steep * 0.5, Math.min(horizon - 0.002, horizon - below - tilt * steep), out);
      const back = mirror[1] + (mirror[0] - mirror[1]) * step(0, 1 - horizon, below) ** 0.7;
      blend(out, depth, 1 - back * (1 - 0.35 * Math.max(0, -tilt) * Math.min(1, waves * 8)));
      return 1;
    },
    { top: horizon },
  );
};
