import { setImmediate as nextTurn } from 'node:timers/promises';

/** Milliseconds that everybody else may have to wait. */
const TURN_MS = 20;

/** As `filter`, for long lists or slow tests: in between, everything else of the process gets its turn. */
export const filterGently = async <T>(items: readonly T[], test: (item: T) => boolean): Promise<T[]> => {
  const kept: T[] = [];
  let began = performance.now();
  for (const item of items) {
    if (performance.now() - began > TURN_MS) {
      await nextTurn();
      began = performance.now();
    }
    if (test(item)) kept.push(item);
  }
  return kept;
};
