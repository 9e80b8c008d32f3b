import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { after, back, Bursts, emptyHistory, forth, newGesture, type History } from './history.ts';

/** Edits one state after the other. */
const edited = (
  states: readonly (readonly [state: number, gesture: number | null])[],
): readonly [number, History<number>] =>
  states.reduce<readonly [number, History<number>]>(
    ([now, history], [state, gesture]) => [state, after(history, now, gesture)],
    [0, emptyHistory()],
  );

describe('History', () => {
  it('goes back through every edit and forth again', () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { minLength: 1, maxLength: 40 }), (states) => {
        let [now, history] = edited(states.map((state) => [state, null]));
        const seen = [now];
        for (let step = back(history, now); step !== null; step = back(history, now)) {
          [now, history] = step;
          seen.unshift(now);
        }
        expect(seen).toEqual([0, ...states]);
        for (let step = forth(history, now); step !== null; step = forth(history, now)) [now, history] = step;
        expect(now).toBe(states.at(-1));
      }),
    );
  });

  it('takes back the edits of one gesture in one step', () => {
    const [drag, other] = [newGesture(), newGesture()];
    const [now, history] = edited([
      [1, null],
      [2, drag],
      [3, drag],
      [4, drag],
      [5, other],
    ]);
    const first = back(history, now);
    expect(first?.[0]).toBe(4);
    expect(back(first![1], 4)?.[0]).toBe(1);
  });

  it('does not go on with a gesture that was taken back, and forgets what was taken back', () => {
    const drag = newGesture();
    const [now, history] = edited([
      [1, drag],
      [2, drag],
    ]);
    const [undone, then] = back(history, now)!;
    expect(undone).toBe(0);
    const again = after(then, undone, drag);
    expect(again.past).toEqual([0]);
    expect(again.future).toEqual([]);
  });

  it('takes key presses that follow each other quickly for one gesture', () => {
    const bursts = new Bursts();
    const [first, second, late] = [bursts.next(0), bursts.next(400), bursts.next(1400)];
    expect(second).toBe(first);
    expect(late).not.toBe(first);
  });
});
