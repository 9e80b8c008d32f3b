import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ScrollSpace, TALLEST } from './scroll-space.ts';

const spaceOf = (content: number, viewport: number, top = 0): ScrollSpace => {
  const space = new ScrollSpace();
  space.resize(content, viewport, top);
  return space;
};

describe('ScrollSpace', () => {
  it('is the browser’s own scrolling as long as the list is not too tall', () => {
    const space = spaceOf(50_000, 800);
    space.scrolled(12_345);
    expect([space.top, space.bar, space.shift, space.height]).toEqual([12_345, 12_345, 0, 50_000]);
  });

  it('never asks for a taller element than browsers draw', () => {
    expect(spaceOf(30_000_000, 800).height).toBe(TALLEST);
  });

  it('moves pixel by pixel in small steps, and settles without moving the list', () => {
    const space = spaceOf(30_000_000, 800, 10_000_000);
    const bar = space.bar;
    space.scrolled(bar + 120);
    expect(space.top).toBe(10_000_120);
    space.settle();
    expect(space.top).toBe(10_000_120);
    expect(space.bar).toBeLessThan(bar + 120);
  });

  it('follows the bar in proportion when it is dragged, to both ends', () => {
    const space = spaceOf(30_000_000, 800);
    space.scrolled(TALLEST - 800);
    expect(space.top).toBe(30_000_000 - 800);
    space.scrolled((TALLEST - 800) / 2);
    expect(space.top).toBeCloseTo((30_000_000 - 800) / 2, 0);
    space.scrolled(0);
    expect(space.top).toBe(0);
  });

  it('does not stop short of the end when small steps use up the bar', () => {
    const space = spaceOf(30_000_000, 800, 5000);
    let steps = 0;
    while (space.top > 0 && steps < 1000) {
      space.scrolled(Math.max(0, space.bar - 100));
      steps += 1;
    }
    expect(space.top).toBe(0);
    expect(steps).toBeGreaterThan(40);
  });

  it('stays within the list whatever is done to it', () => {
    const action = fc.oneof(
      fc.record({ kind: fc.constant('scroll' as const), value: fc.integer({ min: -500, max: TALLEST + 500 }) }),
      fc.record({ kind: fc.constant('move' as const), value: fc.integer({ min: -500, max: 40_000_000 }) }),
      fc.record({ kind: fc.constant('settle' as const), value: fc.constant(0) }),
    );
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 40_000_000 }), fc.array(action), (content, actions) => {
        const space = spaceOf(content, 800);
        for (const { kind, value } of actions) {
          if (kind === 'scroll') space.scrolled(value);
          else if (kind === 'move') space.moveTo(value);
          else space.settle();
          expect(space.top).toBeGreaterThanOrEqual(0);
          expect(space.top).toBeLessThanOrEqual(Math.max(0, content - 800));
          expect(space.bar).toBeGreaterThanOrEqual(0);
          expect(space.bar).toBeLessThanOrEqual(Math.max(0, space.height - 800));
        }
      }),
    );
  });
});
