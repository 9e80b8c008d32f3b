import { describe, expect, it } from 'vitest';
import { JobClock, limitOf, TIME_LIMITS } from './job-clock.ts';

const LIMIT = 1000;
const SILENCE = 3000;
const clock = (): JobClock => new JobClock(LIMIT, SILENCE);
const busy = (ms: number) => ({ time: ms, work: ms });
const waiting = (ms: number) => ({ time: ms, work: 0 });

describe('JobClock', () => {
  it('blames a task for the work that was done while it was alone, and for no other', () => {
    const job = clock();
    job.add(busy(900), false);
    job.add(busy(900), true);
    expect(job.verdict(true)).toBe('in-time');
    job.add(busy(200), true);
    expect(job.verdict(true)).toBe('late-alone');
  });

  it('suspects a task in company', () => {
    const job = clock();
    job.add(busy(1001), false);
    expect(job.verdict(false)).toBe('late');
  });

  it('does not count that it waited behind others which have ended since', () => {
    const job = clock();
    for (let other = 0; other < 5; other++) {
      job.add(busy(900), false);
      job.endOfAnother();
    }
    expect(job.verdict(false)).toBe('in-time');
  });

  it('counts no time in which its process was kept waiting, until that has no end', () => {
    const job = clock();
    job.add(waiting(9 * LIMIT), true);
    expect(job.verdict(true)).toBe('in-time');
    job.add(waiting(2 * LIMIT), true);
    expect(job.verdict(true)).toBe('late-alone');
  });

  it('stands still while the task waits for an answer', () => {
    const job = clock();
    job.pause();
    job.pause();
    job.add(busy(5000), true);
    job.resume();
    job.add(busy(5000), true);
    expect(job.verdict(true)).toBe('in-time');
    job.resume();
    job.add(busy(1001), true);
    expect(job.verdict(true)).toBe('late-alone');
  });

  it('lets a file come as slowly as it likes, as long as it comes', () => {
    const job = clock();
    for (let piece = 0; piece < 10; piece++) {
      job.begin('read');
      job.add(busy(SILENCE - 1), true);
      expect(job.verdict(true)).toBe('in-time');
    }
    job.add(waiting(2), false);
    expect(job.verdict(false)).toBe('silent');
  });

  it('gives a step of several units as many times the limit', () => {
    const job = clock();
    job.begin('work', 3);
    job.add(busy(2900), true);
    expect(job.verdict(true)).toBe('in-time');
    job.add(busy(200), true);
    expect(job.verdict(true)).toBe('late-alone');
  });
});

describe('limits', () => {
  it('are those of the kind of task', () => {
    expect(limitOf({ kind: 'photo', path: 'a.jpg', sidecars: [], describe: false }, TIME_LIMITS)).toBe(60_000);
    expect(limitOf({ kind: 'picture', path: 'a.mp4' }, TIME_LIMITS)).toBe(300_000);
    expect(limitOf({ kind: 'texts', texts: ['dog'] }, TIME_LIMITS)).toBe(10_000);
  });
});
