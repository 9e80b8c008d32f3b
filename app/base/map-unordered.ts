/**
 * Runs `work` on each item, several at a time, and yields the results as they come. An item is taken from `source` only
 * when there is room for its result: a reader that is slow, or a source that stalls, holds everything up without harm.
 *
 * @param limit items in work and results not yet read, together
 * @param signal ends the iteration; what is in work by then is not waited for
 */
export async function* mapUnordered<Item, Output>(
  source: AsyncIterable<Item>,
  limit: number,
  signal: AbortSignal,
  work: (item: Item) => Promise<Output>,
): AsyncGenerator<Output, void> {
  const iterator = source[Symbol.asyncIterator]();
  const finished: Output[] = [];
  const failures: unknown[] = [];
  let running = 0;
  let isPulling = false;
  let isExhausted = false;
  let wake = (): void => undefined;

  const fail = (error: unknown): void => void failures.push(error);
  const process = async (item: Item): Promise<void> => {
    running++;
    await work(item).then((output) => finished.push(output), fail);
    running--;
    void pull();
    wake();
  };
  const pull = async (): Promise<void> => {
    if (isPulling) return;
    isPulling = true;
    while (!isExhausted && failures.length === 0 && running + finished.length < limit) {
      const next = await iterator.next().catch(fail);
      if (next === undefined || next.done === true) isExhausted = true;
      else void process(next.value);
    }
    isPulling = false;
    wake();
  };

  const isDone = (): boolean => isExhausted && running === 0;
  const onAbort = (): void => wake();
  signal.addEventListener('abort', onAbort);
  try {
    for (;;) {
      void pull();
      if (signal.aborted) return;
      if (failures.length > 0) throw failures[0];
      if (finished.length > 0) yield* finished.splice(0, 1);
      else if (isDone()) return;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
  } finally {
    isExhausted = true;
    signal.removeEventListener('abort', onAbort);
    // Not awaited: a source that stalls would hold up the one who wants to leave.
    void iterator.return?.().catch(() => undefined);
  }
}
