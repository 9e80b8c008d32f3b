import type { IndexReport } from '../../app/contract/index.ts';

/** What a run tells that found everything as it was, to be varied. */
export const nothingDone: IndexReport = {
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
  waitingFolders: [],
  onlineOnly: 0,
  unreadVideos: 0,
  postponed: 0,
  cancelled: false,
};
