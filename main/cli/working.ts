import type { Client, IndexReport } from '../../app/contract/index.ts';
import { printOver } from '../terminal.ts';
import { progressLine } from './output.ts';

/** Does what a person may stop with Ctrl+C; `stop` asks for that, however often it is pressed. */
export const interruptible = async <T>(stop: () => unknown, work: () => Promise<T>): Promise<T> => {
  process.on('SIGINT', stop);
  try {
    return await work();
  } finally {
    process.off('SIGINT', stop);
  }
};

export interface LiveLine {
  show(text: string): void;
  clear(): void;
}

/** A line on the error stream that is written over and over; nothing for programs, and where nobody watches. */
export const liveLine = (json: boolean | undefined): LiveLine => {
  const write = (text: string): void => {
    if (json !== true) printOver(text);
  };
  return {
    show: write,
    clear: () => {
      write('');
    },
  };
};

/** Indexes folders, or all of them, with a line that tells how far it is. What is not whole makes the exit code 1. */
export const runIndex = async (
  client: Client,
  json: boolean | undefined,
  rootIds?: readonly string[],
): Promise<IndexReport> => {
  const stop = (): void => {
    client.call('index.cancel', {}).catch(() => undefined);
  };
  const line = liveLine(json);
  const end = client.on('progress', (progress) => {
    line.show(progressLine(progress));
  });
  try {
    const report = await interruptible(stop, () =>
      client.call('index.run', rootIds === undefined ? {} : { rootIds: [...rootIds] }),
    );
    if (report.offlineFolders.length + report.waitingFolders.length > 0 || report.cancelled) process.exitCode = 1;
    return report;
  } finally {
    end();
    line.clear();
  }
};
