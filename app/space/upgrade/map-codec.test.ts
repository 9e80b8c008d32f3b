import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AfterimageError } from '../../contract/index.ts';
import type { SpaceMap } from './map.ts';
import { decodeMap, encodeMap } from './map-codec.ts';

const numbers = (length: number): fc.Arbitrary<Float32Array> =>
  fc.float32Array({ minLength: length, maxLength: length, noNaN: true });

const maps: fc.Arbitrary<SpaceMap> = fc
  .tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 }))
  .chain(([dOld, dNew]) =>
    fc.record({
      dOld: fc.constant(dOld),
      dNew: fc.constant(dNew),
      meanOld: numbers(dOld),
      meanNew: numbers(dNew),
      rotation: numbers(dOld * dNew),
    }),
  );

const damage = (bytes: Uint8Array): AfterimageError => {
  try {
    decodeMap(bytes);
  } catch (error) {
    if (error instanceof AfterimageError) return error;
    throw error;
  }
  throw new Error('Nothing was found wrong.');
};

describe('a map as bytes', () => {
  it('comes back as it was, from anywhere in a larger buffer', () => {
    fc.assert(
      fc.property(maps, fc.nat({ max: 7 }), (map, offset) => {
        const bytes = encodeMap(map);
        expect(decodeMap(bytes)).toEqual(map);
        const within = new Uint8Array(offset + bytes.length);
        within.set(bytes, offset);
        expect(decodeMap(within.subarray(offset))).toEqual(map);
      }),
    );
  });

  it('is refused when a bit of it changed or a part is missing, and says what to do', () => {
    fc.assert(
      fc.property(maps, fc.nat(), fc.nat({ max: 7 }), (map, at, bit) => {
        const bytes = encodeMap(map);
        const short = bytes.slice(0, at % bytes.length);
        bytes[at % bytes.length]! ^= 1 << bit;
        for (const broken of [bytes, short]) {
          expect(damage(broken).kind).toBe('library-damaged');
          expect(damage(broken).message).toContain('Start the upgrade again');
        }
      }),
    );
  });

  it('is little-endian, and ends with a CRC-32', () => {
    const one = Float32Array.of(1);
    const bytes = Buffer.from(encodeMap({ dOld: 1, dNew: 1, meanOld: one, meanNew: one, rotation: one }));
    expect(bytes.toString('hex', 0, 28)).toBe(`414d415001000000${'01000000'.repeat(2)}${'0000803f'.repeat(3)}`);
    expect(bytes.readUInt32LE(28)).toBe(crc32(bytes.subarray(0, 28)));
    expect(bytes.toString('latin1', 0, 4)).toBe('AMAP');
  });
});
