import type { FollowState } from './following.ts';

/** Why the system cannot tell of the changes of a root. */
export type Obstacle =
  | { readonly kind: 'folders'; readonly folders: number; readonly limit: number }
  | { readonly kind: 'used-up' }
  | { readonly kind: 'network'; readonly type: string }
  | { readonly kind: 'failure'; readonly reason: string };

/** Thrown where watching meets an obstacle. */
export class ObstacleError extends Error {
  readonly obstacle: Obstacle;

  constructor(obstacle: Obstacle) {
    super(obstacle.kind);
    this.obstacle = obstacle;
  }
}

export const obstacleOf = (error: unknown): Obstacle => {
  if (error instanceof ObstacleError) return error.obstacle;
  const reason = error instanceof Error ? error.message : String(error);
  // ENOSPC as the native watcher words it.
  return /no space left on device|too many open files/iu.test(reason)
    ? { kind: 'used-up' }
    : { kind: 'failure', reason };
};

/** Seconds between scans that stand in for events; and the most of the time that scanning may take, as a share. */
const PAUSE = 300;
const NETWORK_PAUSE = 900;
const MOST_SHARE = 0.05;

/** @returns seconds between the scans that stand in for events */
export const pauseFor = (obstacle: Obstacle, scanSeconds: number): number =>
  Math.max(obstacle.kind === 'network' ? NETWORK_PAUSE : PAUSE, Math.ceil(scanSeconds / MOST_SHARE));

const SMALLEST_LIMIT = 524_288;
/** Raises both limits of inotify at once and for good. */
const raise = (folders: number): string => {
  const watches = Math.max(SMALLEST_LIMIT, 2 ** Math.ceil(Math.log2(folders * 2)));
  const settings = `fs.inotify.max_user_watches=${watches}\\nfs.inotify.max_user_instances=1024\\n`;
  return `printf '${settings}' | sudo tee /etc/sysctl.d/60-afterimage.conf && sudo sysctl --system`;
};

const intervalText = (seconds: number): string => {
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} minutes` : `${Math.round(minutes / 60)} hours`;
};

/** What to tell the person, with the remedy. */
export const noticeOf = (path: string, obstacle: Obstacle, seconds: number): NonNullable<FollowState['notice']> => {
  const instead = `Changes are looked for every ${intervalText(seconds)} instead.`;
  switch (obstacle.kind) {
    case 'folders':
      return {
        message: `With ${path} there are ${obstacle.folders} or more folders to be watched, and this system lets all programs together watch ${obstacle.limit}. ${instead} Raise the limit with this command; Afterimage notices by itself.`,
        command: raise(obstacle.folders),
      };
    case 'used-up':
      return {
        message: `${path} cannot be watched: other programs have used up what this system lets programs watch. ${instead} Raise the limits with this command; Afterimage notices by itself.`,
        command: raise(0),
      };
    case 'network':
      return {
        message: `${path} lies on a network drive (${obstacle.type}), which does not tell of changes that other computers make. ${instead} To see them at once, scan the folder yourself.`,
        command: null,
      };
    case 'failure':
      return {
        message: `${path} cannot be watched: ${obstacle.reason} ${instead} Watching is tried again by itself; check that the folder and its volume are in order.`,
        command: null,
      };
  }
};
