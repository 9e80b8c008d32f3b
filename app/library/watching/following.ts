import type { Follow } from '../../contract/index.ts';
import type { IsExcluded } from '../exclusions.ts';
import type { WalkStart } from '../walk.ts';

/** A root as far as following its changes goes. */
export interface FollowedRoot {
  readonly id: string;
  readonly path: string;
  readonly follow: Follow;
  readonly paused: boolean;
  /** The last scan could not reach it: it is looked for until it is back. */
  readonly isOffline: boolean;
  /** What is not watched. Another function says that the rules have changed, so give the same one while they stand. */
  readonly isExcluded: IsExcluded;
}

/** What is to be scanned again: parts of a root, or all of it. */
export type RootChange = 'everything' | readonly WalkStart[];

export interface FollowState {
  /** The system tells of changes; or they are looked for every so many seconds; or neither. */
  readonly watching: 'events' | number | null;
  /** Why the system does not tell of changes, and the remedy. */
  readonly notice: { readonly message: string; readonly command: string | null } | null;
}

export interface WatchingHost {
  /** Directory for snapshots; made when missing. */
  readonly snapshots: string;
  readonly onChange: (rootId: string, change: RootChange) => void;
  /** Called when the state of a root is another than before. */
  readonly onState: (rootId: string, state: FollowState) => void;
}
