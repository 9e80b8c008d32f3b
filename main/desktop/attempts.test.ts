import { expect, it } from 'vitest';
import { Attempts } from './attempts.ts';

it('waits longer each time, then gives up, and forgets what is long ago', () => {
  let now = 0;
  const attempts = new Attempts(3, 60_000, () => now);
  const waits = Array.from({ length: 3 }, () => attempts.next());
  expect(waits).toEqual([250, 1000, 4000]);
  expect(attempts.next()).toBeNull();
  now = 59_000;
  expect(attempts.next()).toBeNull();
  now = 60_001;
  // Only the one at 59 s still counts.
  expect(attempts.next()).toBe(1000);
});

it('starts over when the person wants another try', () => {
  const attempts = new Attempts(1, 1000, () => 0);
  attempts.next();
  expect(attempts.next()).toBeNull();
  attempts.clear();
  expect(attempts.next()).toBe(250);
});
