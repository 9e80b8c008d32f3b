import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Look } from './look.svelte.ts';

const place = fc.integer({ min: -400, max: 400 });

describe('Look', () => {
  it('leaves the point under the pointer where it is', () => {
    fc.assert(
      fc.property(place, place, fc.double({ min: 1.1, max: 3, noNaN: true }), (x, y, factor) => {
        const look = new Look();
        look.zoom(2, 30, -20);
        const shown = [(x - look.x) / look.scale, (y - look.y) / look.scale];
        look.zoom(factor, x, y);
        expect((x - look.x) / look.scale).toBeCloseTo(shown[0]!, 6);
        expect((y - look.y) / look.scale).toBeCloseTo(shown[1]!, 6);
      }),
    );
  });

  it('fits the pane again when it is made small, and does not move then', () => {
    const look = new Look();
    look.zoom(4, 100, 50);
    look.pan(10, 10);
    look.zoom(0.01);
    look.pan(10, 10);
    expect([look.scale, look.x, look.y]).toEqual([1, 0, 0]);
  });
});
