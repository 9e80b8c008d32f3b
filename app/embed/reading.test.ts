import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { whileReading } from './reading.ts';

const steps: string[] = [];
const host = { begin: (step: string): void => void steps.push(step) };

beforeEach(() => {
  steps.length = 0;
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => vi.useRealTimers());

it('says nothing of what is read at once', async () => {
  expect(await whileReading(host, () => Promise.resolve('bytes'))).toBe('bytes');
  await vi.advanceTimersByTimeAsync(5000);
  expect(steps).toEqual([]);
});

it('tells of bytes that come slowly, and when the work goes on', async () => {
  await whileReading(host, async (onBytes) => {
    for (let piece = 0; piece < 4; piece++) {
      await vi.advanceTimersByTimeAsync(1500);
      onBytes();
      onBytes();
    }
  });
  expect(steps).toEqual(['read', 'read', 'read', 'read', 'work']);
});

it('tells of a file that never opens', async () => {
  void whileReading(host, () => new Promise(() => undefined));
  await vi.advanceTimersByTimeAsync(1500);
  expect(steps).toEqual(['read']);
});
