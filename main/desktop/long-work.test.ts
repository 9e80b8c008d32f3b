import { expect, it } from 'vitest';
import type { Progress } from '../../app/contract/index.ts';
import { LongWork } from './long-work.ts';

const progress = (phase: Progress['phase'], done = 0): Progress => ({
  phase,
  done,
  paused: false,
  found: done,
  total: done,
  failed: 0,
  photosPerSecond: null,
  secondsLeft: null,
  current: null,
});

it('tells of work that took minutes, once, and of no other', () => {
  let now = 0;
  const said: number[][] = [];
  const work = new LongWork(
    (...what) => said.push(what),
    () => now,
  );
  work.heed(progress('indexing', 5));
  now = 30_000;
  work.heed(progress('idle'));
  expect(said).toEqual([]);
  work.heed(progress('scanning'));
  now += 181_000;
  work.heed(progress('indexing', 900));
  work.heed(progress('idle'));
  work.heed(progress('idle'));
  expect(said).toEqual([[900, 3]]);
});
