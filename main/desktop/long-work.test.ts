import { expect, it } from 'vitest';
import type { Progress } from '../../app/contract/index.ts';
import { LongWork } from './long-work.ts';

const progress = (phase: Progress['phase'], done = 0, paused = false): Progress => ({
  phase,
  done,
  paused,
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

it('counts no time that work was paused', () => {
  let now = 0;
  const said: number[][] = [];
  const work = new LongWork(
    (...what) => said.push(what),
    () => now,
  );
  const run = (worked: number, paused: number): void => {
    work.heed(progress('indexing', 5));
    now += worked;
    work.heed(progress('indexing', 6, true));
    now += paused;
    work.heed(progress('indexing', 6));
    now += worked;
    work.heed(progress('idle'));
  };
  run(50_000, 3_600_000);
  expect(said).toEqual([]);
  run(60_000, 3_600_000);
  expect(said).toEqual([[6, 2]]);
});
