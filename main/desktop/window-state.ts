import type { Rectangle } from './settings.ts';

export const DEFAULT_SIZE = { width: 1280, height: 860 } as const;
export const LEAST_SIZE = { width: 560, height: 420 } as const;
/** So much of the upper edge has to be in reach for a hand to move the window. */
const GRIP = { width: 120, height: 40 } as const;

/**
 * Where a window is to open: where it was, as far as that place still exists. On a display that is gone, or has become
 * smaller, it would be out of reach.
 *
 * @param workAreas of the displays that are there, the first one's first
 */
export const placeOf = (bounds: Rectangle | null, workAreas: readonly Rectangle[]): Partial<Rectangle> => {
  if (bounds === null) return DEFAULT_SIZE;
  const area = workAreas.find((each) => canGrip(bounds, each));
  const room = area ?? workAreas[0] ?? { x: 0, y: 0, ...DEFAULT_SIZE };
  const width = Math.max(LEAST_SIZE.width, Math.min(bounds.width, room.width));
  const height = Math.max(LEAST_SIZE.height, Math.min(bounds.height, room.height));
  // Without a place the system finds one.
  return area === undefined ? { width, height } : { x: bounds.x, y: bounds.y, width, height };
};

const canGrip = (bounds: Rectangle, area: Rectangle): boolean =>
  Math.min(bounds.x + bounds.width, area.x + area.width) - Math.max(bounds.x, area.x) >= GRIP.width &&
  bounds.y >= area.y - 1 &&
  bounds.y + GRIP.height <= area.y + area.height;
