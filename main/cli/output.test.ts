import { expect, it } from 'vitest';
import type { IndexReport } from '../../app/contract/index.ts';
import { videosNotice } from '../../app/media/ffmpeg.ts';
import { reportLines } from './output.ts';

const nothing: IndexReport = {
  indexed: 0,
  unchanged: 3,
  moved: 0,
  copied: 0,
  metadataOnly: 0,
  removed: 0,
  offline: 0,
  failed: 0,
  seconds: 8,
  photosPerSecond: 0,
  failures: [],
  offlineFolders: [],
  onlineOnly: 0,
  unreadVideos: 0,
  postponed: 0,
  cancelled: false,
};

it('says what a run has left out, and what to do about it', () => {
  const [counts, ...rest] = reportLines(nothing);
  expect([counts, rest]).toEqual(['0 indexed, 3 unchanged, 0 gone, 0 failed in 8 s', []]);
  const { message, command } = videosNotice(2);
  expect(reportLines({ ...nothing, unreadVideos: 2, postponed: 1 })).toEqual([
    counts,
    `${message}\n  ${String(command)}`,
    '1 file is still being written. Index again when that is done.',
  ]);
});
