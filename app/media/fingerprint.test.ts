import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { noise } from '../../test/support/image-files.ts';
import { decode, inspect, type Pixels } from './decode.ts';
import { fingerprint } from './fingerprint.ts';
import { reducedSize } from './reduced.ts';

const load = async (file: Buffer): Promise<Pixels> => {
  const picture = await inspect(Buffer.from(file));
  return decode(picture, reducedSize(picture));
};

/** Bits that differ between two hashes. */
const apart = (a: string, b: string): number =>
  (BigInt(`0x${a}`) ^ BigInt(`0x${b}`)).toString(2).replaceAll('0', '').length;

/** Soft clouds with some grain: as much in low as in high frequencies, like a photo. */
const scene = async (seed: number): Promise<Buffer> => {
  const random = (index: number): number => Math.abs(Math.sin(index * 12.9898 + seed * 78.233) * 43758.5453) % 1;
  const clouds = Buffer.from(Array.from({ length: 12 * 9 * 3 }, (_, index) => Math.floor(random(index) * 256)));
  const soft = await sharp(clouds, { raw: { width: 12, height: 9, channels: 3 } })
    .resize(512, 384, { kernel: 'cubic' })
    .png()
    .toBuffer();
  const grain = await noise(512, 384).ensureAlpha(0.3).png().toBuffer();
  return sharp(soft)
    .composite([{ input: grain }])
    .jpeg({ quality: 95 })
    .toBuffer();
};

describe('fingerprint', () => {
  it.each<[what: string, change: (file: Buffer) => Promise<Buffer>, bits: number]>([
    ['encoded again', (file) => sharp(file).jpeg({ quality: 40 }).toBuffer(), 3],
    ['in another format', (file) => sharp(file).webp({ quality: 70 }).toBuffer(), 3],
    ['smaller', (file) => sharp(file).resize(300).jpeg().toBuffer(), 4],
    ['brighter', (file) => sharp(file).linear(1.05, 8).jpeg().toBuffer(), 6],
    ['without colour', (file) => sharp(file).greyscale().jpeg().toBuffer(), 10],
    ['cut a little', (file) => sharp(file).extract({ left: 10, top: 8, width: 492, height: 368 }).toBuffer(), 12],
  ])('is nearly the same for a picture that was %s', async (_, change, bits) => {
    for (const seed of [1, 2, 3]) {
      const file = await scene(seed);
      const before = fingerprint(await load(file));
      const after = fingerprint(await load(await change(file)));
      expect(apart(before.phash, after.phash)).toBeLessThanOrEqual(bits);
    }
  });

  it('tells different pictures apart', async () => {
    const prints = await Promise.all(
      [1, 2, 3, 4, 5, 6].map(async (seed) => fingerprint(await load(await scene(seed)))),
    );
    for (const [index, a] of prints.entries())
      for (const b of prints.slice(index + 1)) expect(apart(a.phash, b.phash)).toBeGreaterThan(16);
  });

  it('finds a picture out of focus less than half as sharp, and an encoded one not', async () => {
    const file = await scene(4);
    const { sharpness } = fingerprint(await load(file));
    expect(fingerprint(await load(await sharp(file).blur(2).toBuffer())).sharpness).toBeLessThan(sharpness / 2);
    const encoded = fingerprint(await load(await sharp(file).jpeg({ quality: 60 }).toBuffer()));
    expect(Math.abs(Math.log2(encoded.sharpness / sharpness))).toBeLessThan(1);
  });

  it('covers the picture exactly, whatever its size', () => {
    const size = fc.integer({ min: 1, max: 300 });
    fc.assert(
      fc.property(size, size, fc.integer({ min: 0, max: 255 }), (width, height, grey) => {
        const plain = fingerprint({ data: new Uint8Array(width * height * 3).fill(grey), width, height });
        expect(plain.phash).toBe('0000000000000000');
        expect(plain.sharpness).toBeLessThan(1e-9);
      }),
    );
  });

  it('does not depend on how many pixels show the same', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 16 * 12 * 3, maxLength: 16 * 12 * 3 }),
        fc.integer({ min: 2, max: 5 }),
        (data, times) => {
          const large = new Uint8Array(data.length * times * times);
          for (let y = 0; y < 12 * times; y++)
            for (let x = 0; x < 16 * times; x++) {
              const from = (Math.floor(y / times) * 16 + Math.floor(x / times)) * 3;
              large.set(data.subarray(from, from + 3), (y * 16 * times + x) * 3);
            }
          const small = fingerprint({ data, width: 16, height: 12 });
          const same = fingerprint({ data: large, width: 16 * times, height: 12 * times });
          expect(same.phash).toBe(small.phash);
          expect(same.sharpness).toBeCloseTo(small.sharpness, 4);
        },
      ),
      { numRuns: 30 },
    );
  });
});
