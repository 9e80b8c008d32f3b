import { describe, expect, it } from 'vitest';
import { TimeExceeded, withinTime } from './deadline.ts';

describe('withinTime', () => {
  it('gives what the work gives, and throws what it throws', () => {
    expect(withinTime(60_000, () => [1, 2])).toEqual([1, 2]);
    expect(() =>
      withinTime(60_000, () => {
        throw new RangeError('no');
      }),
    ).toThrow(RangeError);
  });

  it.each([
    [
      'a loop',
      () => {
        for (;;);
      },
    ],
    ['a regular expression', () => /^(a+)+$/u.test(`${'a'.repeat(64)}b`)],
    ['work in work', () => withinTime(60_000, () => /^(a+)+$/u.test(`${'a'.repeat(64)}b`))],
  ])('breaks off %s that does not end, and works again afterwards', (_, endless) => {
    expect(() => withinTime(50, endless)).toThrow(TimeExceeded);
    expect(withinTime(60_000, () => 'again')).toBe('again');
  });
});
