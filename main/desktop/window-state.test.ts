import { describe, expect, it } from 'vitest';
import { DEFAULT_SIZE, LEAST_SIZE, placeOf } from './window-state.ts';

const screen = { x: 0, y: 0, width: 1920, height: 1040 };
const right = { x: 1920, y: 0, width: 1280, height: 1000 };

describe('placeOf', () => {
  it('has a usual size the first time', () => {
    expect(placeOf(null, [screen])).toEqual(DEFAULT_SIZE);
  });

  it('opens where it was, on whichever display', () => {
    const bounds = { x: 2000, y: 100, width: 900, height: 700 };
    expect(placeOf(bounds, [screen, right])).toEqual(bounds);
  });

  it('keeps its size, but not its place, when the display is gone or its title could not be gripped', () => {
    for (const bounds of [
      { x: 2000, y: 100, width: 900, height: 700 },
      { x: 1850, y: 100, width: 900, height: 700 },
      { x: -850, y: 100, width: 900, height: 700 },
      { x: 100, y: 1020, width: 900, height: 700 },
      { x: 100, y: -300, width: 900, height: 700 },
    ])
      expect(placeOf(bounds, [screen])).toEqual({ width: 900, height: 700 });
  });

  it('becomes no larger than its display and no smaller than it can be used', () => {
    expect(placeOf({ x: 0, y: 0, width: 5000, height: 4000 }, [screen])).toEqual(screen);
    expect(placeOf({ x: 0, y: 0, width: 200, height: 100 }, [screen])).toEqual({ x: 0, y: 0, ...LEAST_SIZE });
  });
});
