import { expect, it } from 'vitest';
import { videosNotice } from '../../app/media/ffmpeg.ts';
import { nothingDone } from '../../test/support/index-report.ts';
import { reportLines } from './output.ts';

it('says what a run has left out, and what to do about it', () => {
  const [counts, ...rest] = reportLines(nothingDone);
  expect([counts, rest]).toEqual(['0 indexed, 3 unchanged, 0 gone, 0 failed in 8 s', []]);
  const { message, command } = videosNotice(2);
  expect(reportLines({ ...nothingDone, unreadVideos: 2, postponed: 1 })).toEqual([
    counts,
    message,
    `  ${String(command)}`,
    '1 file is still being written. Index again when that is done.',
  ]);
});
