import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { coalesce } from './coalesce.ts';

describe('coalesce', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('runs at once, then once more for everything asked meanwhile', async () => {
    let runs = 0;
    const ask = coalesce(async () => {
      runs += 1;
      await new Promise((resolve) => setTimeout(resolve, 100));
    });
    ask();
    expect(runs).toBe(1);
    for (let again = 0; again < 20; again += 1) ask();
    await vi.advanceTimersByTimeAsync(899);
    expect(runs).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(runs).toBe(2);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(runs).toBe(2);
  });

  it('rests four times as long as a long run took', async () => {
    let runs = 0;
    const ask = coalesce(async () => {
      runs += 1;
      await new Promise((resolve) => setTimeout(resolve, 2000));
    });
    ask();
    ask();
    await vi.advanceTimersByTimeAsync(9999);
    expect(runs).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(runs).toBe(2);
  });
});
