import type { Root } from '../../app/contract/index.ts';

/** For tests: an ordinary folder of the library. */
export const rootAt = (path: string, more: Partial<Root> = {}): Root => ({
  id: 'r',
  path,
  state: 'ready',
  photos: 10,
  paused: false,
  excludes: [],
  follow: 'watch',
  watching: 'events',
  onlineOnly: 0,
  movedTo: null,
  ...more,
});
