import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemoryBudget, type Release } from './memory-budget.ts';
import type { Want } from './protocol.ts';

/** Of the sizes here; what is a small file is the same for all budgets. */
const GB = 1e9;

/** Lets what has been granted be noticed. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('MemoryBudget', () => {
  it('lets a picture wait until there is room, in order of asking', async () => {
    const budget = new MemoryBudget(2 * GB);
    const order: string[] = [];
    const take = (name: string, bytes: number): Promise<Release> =>
      budget.take('picture', bytes).then((release) => {
        order.push(name);
        return release;
      });
    const first = await take('first', 1.5 * GB);
    const second = take('second', GB);
    const third = take('third', 0.1 * GB);
    await settle();
    expect(order).toEqual(['first']);
    first();
    first();
    await Promise.all([second, third]);
    expect(order).toEqual(['first', 'second', 'third']);
  });

  it('gives the largest file its turn, alone', async () => {
    const budget = new MemoryBudget(2 * GB);
    const small = await budget.take('file', 1e6);
    let isThere = false;
    const large = budget.take('file', 1.6 * GB).finally(() => (isThere = true));
    await settle();
    expect(isThere).toBe(false);
    small();
    (await large)();
  });

  it('never comes to a standstill, nor gives away much more than there is', async () => {
    const task = fc.record({ file: fc.integer({ min: 1, max: 17 }), picture: fc.integer({ min: 1, max: 17 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(task, { maxLength: 40 }), async (tasks) => {
        const budget = new MemoryBudget(1.7 * GB);
        const used: Record<Want, number> = { file: 0, picture: 0 };
        const hold = async (want: Want, bytes: number): Promise<Release> => {
          const release = await budget.take(want, bytes);
          used[want] += bytes;
          // Others than a single file and a single picture of their own share what there is.
          expect(used.picture).toBeLessThanOrEqual(1.7 * GB);
          expect(used.file + used.picture).toBeLessThanOrEqual(3.5 * GB);
          return () => {
            used[want] -= bytes;
            release();
          };
        };
        await Promise.all(
          tasks.map(async ({ file, picture }) => {
            const releaseFile = await hold('file', file * 1e8);
            await settle();
            const releasePicture = await hold('picture', picture * 1e8);
            await settle();
            releasePicture();
            releaseFile();
          }),
        );
        expect(used).toEqual({ file: 0, picture: 0 });
      }),
      { numRuns: 50 },
    );
  });
});
