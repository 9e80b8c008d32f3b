import type { Page } from 'playwright-core';
import { logOf, runsOn, startDesktop, windowOf } from '../e2e/desktop.ts';
import { temporaryFolder } from '../support/command-line.ts';
import { median, report } from './measure.ts';

const STARTS = 5;

/** Milliseconds that a page took until it was first painted. */
const firstPaint = (page: Page): Promise<number> =>
  page.evaluate(async () => {
    for (;;) {
      const painted = performance.getEntriesByName('first-paint')[0];
      if (painted !== undefined) return painted.startTime;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  });

/** Until the log has a message. @returns its milliseconds since the first line of the main bundle */
const loggedAt = async (home: string, message: string): Promise<number> => {
  for (;;) {
    const ms = new RegExp(`${message} \\{"ms":(\\d+)\\}`, 'u').exec(await logOf(home))?.[1];
    if (ms !== undefined) return Number(ms);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};

/**
 * How long the built application takes, in a new home each time, from the first line of the main bundle until it asks for its
 * window, and the page until it is painted; what lies between is the making of a window, which is not ours.
 */
export const bench = async (): Promise<void> => {
  const starts: { readonly asked: number; readonly painted: number; readonly shown: number }[] = [];
  for (let start = 0; start < STARTS; start++) {
    const [home, remove] = await temporaryFolder();
    const app = await startDesktop(home);
    const painted = await firstPaint(await windowOf(app, []));
    starts.push({
      asked: await loggedAt(home, 'window asked for'),
      painted,
      shown: await loggedAt(home, 'window shown'),
    });
    await app.close();
    await remove();
  }
  const own = median(starts.map(({ asked, painted }) => asked + painted));
  const shown = median(starts.map((start) => start.shown));
  report(
    `from the first line to the first paint of the window, without the making of the window (all of it), on ${runsOn}, median of ${String(STARTS)}`,
    `${own.toFixed(0)} ms (${shown.toFixed(0)} ms)`,
    '≤ 400 ms',
    own <= 400,
  );
};
