import type { IndexerHost } from '../../app/engine/indexer.ts';
import { Catalogue } from '../../app/library/catalogue.ts';
import type { RootRecord } from '../../app/store/manifest.ts';

/** A folder of a library that is looked at when asked, to be varied. */
export const plainRoot: RootRecord = {
  id: 'r',
  path: '/not/there',
  device: '1',
  inode: '1',
  volumes: [],
  paused: false,
  excludes: [],
  follow: 'manual',
};

/** A host around an indexer of one folder, in which nothing needs a vector and nothing is kept; to be varied. */
export const quietHost = (): IndexerHost => ({
  catalogue: new Catalogue(),
  roots: () => [plainRoot],
  waitingRoots: () => [],
  isExcluded: () => () => false,
  canReadVideos: () => Promise.resolve(false),
  hasVector: () => true,
  prepare: () => Promise.resolve(),
  viewsOf: () => 0,
  embed: async function* () {
    // There is nothing to embed.
  },
  commit: () => Promise.resolve(),
  removeFiles: () => Promise.resolve(),
  photo: () => Promise.resolve(null),
  setScanned: () => Promise.resolve(),
  finish: () => Promise.resolve(),
  ready: () => Promise.resolve(),
  onProgress: () => undefined,
  onEnd: () => undefined,
});
