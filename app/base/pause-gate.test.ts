import { expect, it } from 'vitest';
import { PauseGate } from './pause-gate.ts';

it('lets work pass while it is open, and all that waits when it opens', async () => {
  const gate = new PauseGate();
  await gate.passed();
  gate.close();
  gate.close();
  const passed: number[] = [];
  const waiting = [1, 2].map(async (number) => {
    await gate.passed();
    passed.push(number);
  });
  await Promise.resolve();
  expect(passed).toEqual([]);
  gate.open();
  await Promise.all(waiting);
  expect(passed).toEqual([1, 2]);
});
