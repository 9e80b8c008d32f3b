import type { TaskHost } from './protocol.ts';

const REPORT_MS = 1000;

/**
 * Tells the host that a task waits for a disk or the network, and whenever bytes have come, so that this time is not counted as
 * work. Reads that end within a second, as nearly all do, are not reported.
 *
 * @param read is given what to call when bytes have come
 */
export const whileReading = async <T>(
  { begin }: Pick<TaskHost, 'begin'>,
  read: (onBytes: () => void) => Promise<T>,
): Promise<T> => {
  const told = { isSlow: false, at: 0 };
  const tell = (): void => {
    told.isSlow = true;
    told.at = performance.now();
    begin('read');
  };
  const timer = setTimeout(tell, REPORT_MS);
  try {
    return await read(() => {
      if (told.isSlow && performance.now() - told.at >= REPORT_MS) tell();
    });
  } finally {
    clearTimeout(timer);
    if (told.isSlow) begin('work');
  }
};
