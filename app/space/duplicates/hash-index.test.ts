import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hammingDistance, HashIndex, packHashes, REACH } from './hash-index.ts';

const hash = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const digits = (value: bigint): string => value.toString(16).padStart(16, '0');
const differing = (a: bigint, b: bigint): number => (a ^ b).toString(2).replaceAll('0', '').length;

/** Hashes of which some differ by a few bits only. */
const hashes = fc
  .array(fc.tuple(hash, fc.array(fc.array(fc.integer({ min: 0, max: 63 }), { maxLength: 20 }), { maxLength: 3 })), {
    minLength: 1,
    maxLength: 12,
  })
  .map((families) =>
    families.flatMap(([first, others]) => [
      first,
      ...others.map((flips) => flips.reduce((value, bit) => value ^ (1n << BigInt(bit)), first)),
    ]),
  );

describe('hammingDistance', () => {
  it('counts the bits that differ', () => {
    fc.assert(
      fc.property(hash, hash, (a, b) => {
        expect(hammingDistance(packHashes([digits(a), digits(b)]), 0, 1)).toBe(differing(a, b));
      }),
    );
  });
});

describe('HashIndex', () => {
  it('finds exactly the hashes within reach, each once', () => {
    fc.assert(
      fc.property(hashes, (values) => {
        const packed = packHashes(values.map(digits));
        const index = new HashIndex(packed, Uint32Array.from(values.keys()));
        for (const [at, value] of values.entries()) {
          const found: [number, number][] = [];
          index.near(at, (other, distance) => found.push([other, distance]));
          const near = values
            .map((other, place): [number, number] => [place, differing(value, other)])
            .filter(([place, distance]) => place !== at && distance <= REACH);
          expect(found.sort(([a], [b]) => a - b)).toEqual(near);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('finds members only', () => {
    const index = new HashIndex(packHashes([digits(1n), digits(3n), digits(7n), null]), Uint32Array.of(2));
    const found: number[] = [];
    index.near(0, (other) => found.push(other));
    index.near(2, (other) => found.push(other));
    expect(found).toEqual([2]);
  });
});
