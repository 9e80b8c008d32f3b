import { describe, expect, it } from 'vitest';
import { ProgressMeter } from './progress.ts';

const clock = () => {
  let time = 0;
  return {
    now: () => time,
    pass: (seconds: number) => {
      time += seconds * 1000;
    },
  };
};

describe('ProgressMeter', () => {
  it('says nothing of rate and time before the first photo', () => {
    const meter = new ProgressMeter(clock().now);
    meter.start();
    meter.total = 10;
    expect(meter.snapshot()).toMatchObject({ photosPerSecond: null, secondsLeft: null });
  });

  it('tells rate and time left', () => {
    const { now, pass } = clock();
    const meter = new ProgressMeter(now);
    meter.start();
    meter.phase = 'indexing';
    meter.total = 100;
    for (let second = 0; second < 5; second++) {
      pass(1);
      meter.add(4);
    }
    expect(meter.snapshot()).toMatchObject({ done: 20, photosPerSecond: 4, secondsLeft: 20 });
  });

  it('forgets an old rate', () => {
    const { now, pass } = clock();
    const meter = new ProgressMeter(now);
    meter.start();
    for (let second = 0; second < 60; second++) {
      pass(1);
      meter.add(second < 30 ? 100 : 1);
    }
    expect(meter.rate()).toBeCloseTo(1, 0);
  });

  it('does not count time spent paused', () => {
    const { now, pass } = clock();
    const meter = new ProgressMeter(now);
    meter.start();
    pass(1);
    meter.add(10);
    meter.pause();
    pass(3600);
    expect(meter.rate()).toBeCloseTo(10);
    meter.resume();
    pass(1);
    meter.add(10);
    expect(meter.rate()).toBeCloseTo(10);
  });
});
