import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { leaderGroups, sameShots, type Shot } from './grouping.ts';
import { hashDistance } from './hash-index.ts';

const pause = (): Promise<void> => Promise.resolve();
const names = (groups: readonly (readonly { readonly name: string }[])[]): string[][] =>
  groups.map((group) => group.map(({ name }) => name));

describe('leaderGroups', () => {
  it('makes no chain of small steps one group', async () => {
    const line = Array.from({ length: 9 }, (_, place) => place);
    const near = (place: number): number[] => [place - 1, place + 1].filter((other) => other in line);
    expect(await leaderGroups(line, near, pause)).toEqual([
      [0, 1],
      [2, 3],
      [4, 5],
      [6, 7],
    ]);
  });

  it('puts every photo into one group at most, all of them near the first', async () => {
    const points = fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(points, async (at) => {
        const photos = at.map((value, place) => ({ value, place }));
        const near = ({ value }: { value: number }): number[] =>
          photos.filter((other) => Math.abs(other.value - value) <= 3).map(({ place }) => place);
        const groups = await leaderGroups(photos, near, pause);
        const members = groups.flat().map(({ place }) => place);
        expect(new Set(members).size).toBe(members.length);
        for (const [first, ...others] of groups) {
          expect(others.length).toBeGreaterThan(0);
          for (const other of others) expect(Math.abs(other.value - first!.value)).toBeLessThanOrEqual(3);
        }
      }),
    );
  });

  it('lets others have a turn', async () => {
    const taken = vi.fn(pause);
    await leaderGroups(new Array<number>(1000).fill(0), () => [], taken);
    expect(taken.mock.calls.length).toBeGreaterThanOrEqual(3);
  });
});

type Photo = Shot & { readonly name: string; readonly look: number };
const photo = (name: string, facts: Partial<Photo> = {}): Photo => ({
  name,
  phash: '0123456789abcdef',
  takenAt: null,
  seconds: null,
  look: 0,
  ...facts,
});
const apart = (a: Photo, b: Photo): number => Math.abs(a.look - b.look);
const groupsOf = async (...photos: Photo[]): Promise<string[][]> => names(await sameShots(photos, apart, pause));

const NOON = Date.UTC(2024, 5, 1, 12);
/** They differ from the hash of `photo` in 12 bits, and in 24. */
const OTHER_12 = 'fed3456789abcdef';
const OTHER_24 = 'fedcba6789abcdef';

describe('sameShots', () => {
  it('knows how much the hashes of these tests differ', () => {
    const { phash } = photo('a');
    expect([OTHER_12, OTHER_24].map((other) => hashDistance(other, phash!))).toEqual([12, 24]);
  });

  it('finds copies without a time by hash and vector together', async () => {
    expect(await groupsOf(photo('a'), photo('b', { look: 1.4 }))).toEqual([['a', 'b']]);
    expect(await groupsOf(photo('a'), photo('b', { look: 1.6 }))).toEqual([]);
    expect(await groupsOf(photo('a'), photo('b', { phash: OTHER_12, look: 0.3 }))).toEqual([['a', 'b']]);
    expect(await groupsOf(photo('a'), photo('b', { phash: OTHER_12, look: 0.5 }))).toEqual([]);
  });

  it('does not take photos of other times for one shot, however alike', async () => {
    const at = (seconds: number): Partial<Photo> => ({ takenAt: NOON + seconds * 1000 });
    expect(await groupsOf(photo('a', at(0)), photo('b', at(2)))).toEqual([['a', 'b']]);
    expect(await groupsOf(photo('a', at(0)), photo('b', at(3)))).toEqual([]);
    expect(await groupsOf(photo('a', at(0)), photo('saved again'))).toEqual([['a', 'saved again']]);
  });

  it('allows a burst more than photos of unknown times', async () => {
    const burst = { takenAt: NOON, phash: OTHER_24 };
    expect(await groupsOf(photo('a', { takenAt: NOON }), photo('b', burst))).toEqual([['a', 'b']]);
    expect(await groupsOf(photo('a'), photo('b', { phash: OTHER_24 }))).toEqual([]);
  });

  it('compares by vector and time where an older program left no hash', async () => {
    const old = { takenAt: NOON, phash: null };
    expect(await groupsOf(photo('a', old), photo('b', old))).toEqual([['a', 'b']]);
    expect(await groupsOf(photo('a', old), photo('b', { ...old, look: 2 }))).toEqual([]);
    expect(await groupsOf(photo('a', { phash: null }), photo('b', { phash: null }))).toEqual([]);
  });

  it('does not compare what has no vector, nor videos of different lengths', async () => {
    expect(names(await sameShots([photo('a'), photo('b')], () => Infinity, pause))).toEqual([]);
    expect(await groupsOf(photo('a', { seconds: 10 }), photo('b', { seconds: 10.5 }))).toEqual([['a', 'b']]);
    expect(await groupsOf(photo('a', { seconds: 10 }), photo('b', { seconds: 30 }))).toEqual([]);
    expect(await groupsOf(photo('a', { seconds: 10 }), photo('b'))).toEqual([]);
  });

  it('finds what a comparison of all pairs finds', async () => {
    const flips = fc.array(fc.integer({ min: 0, max: 63 }), { maxLength: 14 });
    const facts = fc.record({
      flips,
      takenAt: fc.option(fc.integer({ min: 0, max: 6000 })),
      look: fc.double({ min: 0, max: 2, noNaN: true }),
      hashed: fc.integer({ min: 0, max: 9 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(facts, { maxLength: 14 }), async (all) => {
        const photos = all.map(({ flips: bits, hashed, ...rest }, place) => {
          const hash = bits.reduce((value, bit) => value ^ (1n << BigInt(bit)), 0x0123456789abcdefn);
          return photo(String(place), { ...rest, phash: hashed === 0 ? null : hash.toString(16).padStart(16, '0') });
        });
        const isSame = (a: Photo, b: Photo): boolean => {
          const together = a.takenAt !== null && b.takenAt !== null;
          const isHashed = a.phash !== null && b.phash !== null;
          if (together ? Math.abs(a.takenAt - b.takenAt) > 2000 : !isHashed) return false;
          const bits = isHashed ? hashDistance(a.phash, b.phash) : 8;
          return bits / 16 + apart(a, b) / 1.5 <= (together ? 1.5 : 1) && (together || bits < 16);
        };
        const near = (a: Photo): number[] => photos.flatMap((b, place) => (a !== b && isSame(a, b) ? [place] : []));
        const expected = await leaderGroups(photos, near, pause);
        expect(names(await sameShots(photos, apart, pause))).toEqual(names(expected));
      }),
    );
  });
});
