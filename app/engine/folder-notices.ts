import type { Notice } from '../contract/index.ts';
import type { FollowState } from '../library/watching/watching.ts';
import { videosNotice } from '../media/ffmpeg.ts';
import type { RootRecord } from '../store/manifest.ts';

/** What is known of a folder beyond what is written down. */
export interface RootFacts {
  offline: boolean;
  /** Nobody has approved it, or another folder lies there now: it is not looked at. */
  waiting: boolean;
  /** Folders in it whose volumes are not connected. */
  unplugged: readonly string[];
  onlineOnly: number;
  unreadVideos: number;
  movedTo: string | null;
  follow: FollowState;
  /** What broke off the last run that was to look at it, until one has looked at all of it. */
  failure: string | null;
}

interface KnownFolder {
  readonly root: RootRecord;
  readonly facts: Readonly<RootFacts>;
}

/** What the person should know of the folders. */
export const folderNotices = (folders: readonly KnownFolder[]): Notice[] => {
  const videos = folders.reduce((sum, { facts }) => sum + (facts.waiting ? 0 : facts.unreadVideos), 0);
  const ofFolders = folders.flatMap(noticesOf);
  return videos === 0 ? ofFolders : [...ofFolders, videosNotice(videos)];
};

const noticesOf = ({ root: { id, path, paused, follow: wish }, facts }: KnownFolder): Notice[] => {
  const { waiting, movedTo, onlineOnly, follow, failure } = facts;
  const notice = (kind: Notice['kind'], message: string, command: string | null = null): Notice => ({
    kind,
    rootId: id,
    message,
    command,
  });
  if (waiting)
    return [
      notice(
        'approval',
        `The library names the folder ${path}. You have not approved it, another folder lies there now, or a link leads to it: it is left alone until you approve it or add the folder itself.`,
      ),
    ];
  return [
    ...(failure === null || paused
      ? []
      : [
          notice(
            'broken-off',
            `${path} could not be read to the end: ${failure} ${wish === 'manual' ? 'Scan it again then.' : 'It is tried again by itself.'}`,
          ),
        ]),
    ...(movedTo === null ? [] : [notice('moved', `The folder ${path} is gone. Was it moved to ${movedTo}?`)]),
    ...(follow.notice === null ? [] : [notice('watching', follow.notice.message, follow.notice.command)]),
    ...(onlineOnly === 0
      ? []
      : [
          notice(
            'online-only',
            `${onlineOnly === 1 ? 'One file' : `${String(onlineOnly)} files`} in ${path} ${onlineOnly === 1 ? 'is' : 'are'} only with a cloud service and ${onlineOnly === 1 ? 'was' : 'were'} not fetched. Make the folder available offline to have it indexed.`,
          ),
        ]),
  ];
};
