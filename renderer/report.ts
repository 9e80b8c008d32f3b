import type { IndexReport } from '../app/contract/index.ts';
import { fileName, formatCount, formatDuration, formatNumber } from './format.ts';

/** What a run did, in words: `3 new, 10,000 moved, 2 with new metadata, 1 gone. 1 file could not be read.` */
export const describeReport = (report: IndexReport): string => {
  const { indexed, moved, copied, metadataOnly, removed, failed, postponed, offlineFolders, waitingFolders } = report;
  const counted: readonly (readonly [count: number, what: string])[] = [
    [indexed, 'new'],
    [moved, 'moved'],
    [copied, 'known already'],
    [metadataOnly, 'with new metadata'],
    [removed, 'gone'],
  ];
  const done = counted.flatMap(([count, what]) => (count > 0 ? [`${formatNumber(count)} ${what}`] : []));
  const took = formatDuration(1000 * report.seconds);
  const sentences = [
    // Most runs only bring new photos.
    ...(done.length === 1 && indexed > 0 ? [`Indexed ${formatCount(indexed, 'photo')} in ${took}.`] : []),
    ...(done.length > 1 || (done.length === 1 && indexed === 0) ? [`${done.join(', ')}, in ${took}.`] : []),
    ...(failed > 0 ? [`${formatCount(failed, 'file')} could not be read.`] : []),
    ...(postponed > 0
      ? [`${formatCount(postponed, 'file')} ${postponed === 1 ? 'is' : 'are'} still being written.`]
      : []),
    ...offlineFolders.map((path) => `“${fileName(path)}” is not connected; its photos stay.`),
    ...waitingFolders.map((path) => `“${fileName(path)}” waits for your approval; its photos stay.`),
  ];
  return sentences.length === 0 ? 'Everything is up to date.' : sentences.join(' ');
};
