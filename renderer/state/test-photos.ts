import type { PhotoCell } from '../../app/contract/index.ts';

export const idOf = (index: number): string => index.toString(16).padStart(16, '0');

/** For tests: an ordinary photo as it stands in a grid. */
export const photoCell = (id: string, more: Partial<PhotoCell> = {}): PhotoCell => ({
  id,
  width: 4,
  height: 3,
  offline: false,
  favourite: false,
  seconds: null,
  ...more,
});
