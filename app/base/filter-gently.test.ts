import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { filterGently } from './filter-gently.ts';

const busyFor = (ms: number): void => {
  const end = performance.now() + ms;
  while (performance.now() < end) Math.sqrt(2);
};

it('keeps what passes, in order, and gives others their turn', async () => {
  let turns = 0;
  const over = new AbortController();
  const others = (async () => {
    while (!over.signal.aborted) {
      await nextTurn();
      turns++;
    }
  })();
  const numbers = Array.from({ length: 20 }, (_, index) => index);
  const even = await filterGently(numbers, (number) => {
    busyFor(10);
    return number % 2 === 0;
  });
  over.abort();
  await others;
  expect(even).toEqual(numbers.filter((number) => number % 2 === 0));
  expect(turns).toBeGreaterThan(3);
});

it('takes a short list at once', async () => {
  expect(await filterGently([1, 2, 3], (number) => number > 1)).toEqual([2, 3]);
  expect(await filterGently([], () => true)).toEqual([]);
});
