/** A share of a fifth for refreshing leaves the engine and the page free for the person. */
const REST_FACTOR = 4;
const SHORTEST_REST_MS = 800;

/**
 * Runs `work` when asked, never twice at a time, and after each run rests several times as long as it took: however
 * often it is asked, it stays a small part of what goes on, and the last asking is always answered.
 *
 * @param work deals with its own errors
 */
export const coalesce = (work: () => Promise<void>): (() => void) => {
  let wanted = false;
  let busy = false;
  const run = async (): Promise<void> => {
    busy = true;
    while (wanted) {
      wanted = false;
      const began = performance.now();
      await work();
      const rest = Math.max(SHORTEST_REST_MS, REST_FACTOR * (performance.now() - began));
      await new Promise((resolve) => setTimeout(resolve, rest));
    }
    busy = false;
  };
  return () => {
    wanted = true;
    if (!busy) void run();
  };
};
