import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RateLimit } from './rate-limit.ts';

describe('a rate limit', () => {
  it('allows a burst, then so many a second', () => {
    let now = 0;
    const limit = new RateLimit(3, 2, () => now);
    expect([1, 2, 3, 4].map(() => limit.take())).toEqual([true, true, true, false]);
    now = 499;
    expect(limit.take()).toBe(false);
    now = 500;
    expect([1, 2].map(() => limit.take())).toEqual([true, false]);
    now = 3_600_000;
    expect([1, 2, 3, 4].map(() => limit.take())).toEqual([true, true, true, false]);
  });

  it('never allows more than the burst and what time adds, whatever the moments', () => {
    const moments = fc.array(fc.nat(500), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 50 }),
        moments,
        (burst, perSecond, gaps) => {
          let now = 0;
          const limit = new RateLimit(burst, perSecond, () => now);
          let allowed = 0;
          for (const gap of gaps) {
            now += gap;
            if (limit.take()) allowed += 1;
          }
          expect(allowed).toBeLessThanOrEqual(burst + (now / 1000) * perSecond + 1e-6);
        },
      ),
    );
  });
});
