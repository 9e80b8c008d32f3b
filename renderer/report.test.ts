import { describe, expect, it } from 'vitest';
import type { IndexReport } from '../app/contract/index.ts';
import { nothingDone } from '../test/support/index-report.ts';
import { describeReport } from './report.ts';

describe('describeReport', () => {
  it.each<[Partial<IndexReport>, string]>([
    [{}, 'Everything is up to date.'],
    [{ indexed: 1200 }, 'Indexed 1,200 photos in 8 s.'],
    [{ moved: 1 }, '1 moved, in 8 s.'],
    [{ copied: 2, failed: 2 }, '2 known already, in 8 s. 2 files could not be read.'],
    [{ failed: 1 }, '1 file could not be read.'],
    [{ postponed: 1 }, '1 file is still being written.'],
    [{ indexed: 2, postponed: 3 }, 'Indexed 2 photos in 8 s. 3 files are still being written.'],
    [{ offline: 30, offlineFolders: ['/media/Drive'] }, '“Drive” is not connected; its photos stay.'],
    [{ offline: 30, waitingFolders: ['/media/Drive'] }, '“Drive” waits for your approval; its photos stay.'],
    [
      { indexed: 3, moved: 10_000, metadataOnly: 2, removed: 1 },
      '3 new, 10,000 moved, 2 with new metadata, 1 gone, in 8 s.',
    ],
  ])('says %j in words', (what, text) => {
    expect(describeReport({ ...nothingDone, ...what })).toBe(text);
  });
});
