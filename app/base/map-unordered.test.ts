import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { mapUnordered } from './map-unordered.ts';

const never = new AbortController().signal;

async function* count(to: number, onTake: (item: number) => void = () => undefined): AsyncGenerator<number> {
  for (let item = 0; item < to; item++) {
    onTake(item);
    yield await Promise.resolve(item);
  }
}

describe('mapUnordered', () => {
  it('gives every result once, as they come', async () => {
    const results = [];
    for await (const result of mapUnordered(count(5), 5, never, async (item) => pause(50 - 10 * item, item)))
      results.push(result);
    expect(results).toEqual([4, 3, 2, 1, 0]);
  });

  it('takes no more than there is room for, results not yet read included', async () => {
    let taken = 0;
    let running = 0;
    let most = 0;
    const results = mapUnordered(
      count(50, () => taken++),
      4,
      never,
      async (item) => {
        most = Math.max(most, ++running);
        await pause(1);
        running--;
        return item;
      },
    );
    let read = 0;
    for await (const _ of results) {
      read++;
      await pause(3);
      // One more may be on its way out of the source.
      expect(taken - read).toBeLessThanOrEqual(5);
    }
    expect([read, most]).toEqual([50, 4]);
  });

  it('goes on giving results while its source stalls', async () => {
    let open = (): void => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    async function* stalling(): AsyncGenerator<number> {
      yield 1;
      await gate;
      yield 2;
    }
    const iterator = mapUnordered(stalling(), 8, never, (item) => Promise.resolve(item));
    expect(await iterator.next()).toMatchObject({ value: 1 });
    open();
    expect(await iterator.next()).toMatchObject({ value: 2 });
    expect((await iterator.next()).done).toBe(true);
  });

  it('passes on what goes wrong in the work and in the source', async () => {
    const all = async (results: AsyncIterable<number>): Promise<void> => {
      for await (const _ of results);
    };
    await expect(
      all(
        mapUnordered(count(3), 2, never, (item) =>
          item === 1 ? Promise.reject(new Error('work')) : Promise.resolve(item),
        ),
      ),
    ).rejects.toThrow('work');
    async function* broken(): AsyncGenerator<number> {
      yield await Promise.resolve(1);
      throw new Error('source');
    }
    await expect(all(mapUnordered(broken(), 2, never, (item) => Promise.resolve(item)))).rejects.toThrow('source');
  });

  it('ends when it is told to, even while everything waits', async () => {
    const controller = new AbortController();
    async function* silent(): AsyncGenerator<number> {
      yield 1;
      await new Promise(() => undefined);
    }
    const seen = [];
    setTimeout(() => controller.abort(), 30);
    for await (const result of mapUnordered(silent(), 4, controller.signal, (item) => Promise.resolve(item)))
      seen.push(result);
    expect(seen).toEqual([1]);
  });

  it('lets go of its source when the reader leaves', async () => {
    let isLeft = false;
    async function* endless(): AsyncGenerator<number> {
      try {
        for (let item = 0; ; item++) yield await Promise.resolve(item);
      } finally {
        isLeft = true;
      }
    }
    for await (const _ of mapUnordered(endless(), 2, never, (item) => Promise.resolve(item))) break;
    await pause(10);
    expect(isLeft).toBe(true);
  });
});
