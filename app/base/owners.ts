import type { Stats } from 'node:fs';
import { lstat, readlink } from 'node:fs/promises';
import { dirname, isAbsolute, join, parse, resolve, sep } from 'node:path';

/** Of a file or folder, what says who may change it. */
export type Access = Pick<Stats, 'uid' | 'gid' | 'mode'>;

/** Who runs this program, and where. */
export interface Person {
  readonly uid: number;
  readonly gid: number;
  readonly platform: NodeJS.Platform;
}

const ROOT = 0;
/** On macOS its members are administrators, who may become root; Homebrew lets this group write to its folders. */
const MAC_ADMINS = 80;
const WRITE_GROUP = 0o020;
const WRITE_OTHERS = 0o002;
const STICKY = 0o1000;
/** Links that are followed at most, as the system does. */
const MOST_LINKS = 40;

const me = (): Person => ({
  // Windows has neither, and none of this is asked there.
  uid: process.getuid?.() ?? -1,
  gid: process.getgid?.() ?? -1,
  platform: process.platform,
});

/** A group without other members: root's, and the one that many systems give each user under the user's own number. */
const isTrustedGroup = (group: number, { uid, gid, platform }: Person): boolean =>
  group === ROOT || (group === gid && gid === uid) || (platform === 'darwin' && group === MAC_ADMINS);

/** @returns who else may write to a file or folder than the system and this person; `owner` when it is somebody else's */
export const otherWriters = ({ uid, gid, mode }: Access, person = me()): 'nobody' | 'group' | 'everybody' | 'owner' => {
  if (uid !== ROOT && uid !== person.uid) return 'owner';
  if ((mode & WRITE_OTHERS) !== 0) return 'everybody';
  return (mode & WRITE_GROUP) !== 0 && !isTrustedGroup(gid, person) ? 'group' : 'nobody';
};

/**
 * Whether others can exchange what lies in a folder. In a sticky one they cannot remove or rename what is not theirs; but a
 * file in it may be a hard link that they have made, which has the owner of its target, so that only a folder is safe there.
 */
const holds = (folder: Stats, isFolder: boolean, shared: 'accept' | 'refuse'): boolean => {
  const isKept = (folder.mode & STICKY) !== 0 && isFolder;
  switch (otherWriters(folder)) {
    case 'nobody':
      return true;
    case 'group':
      return isKept;
    case 'everybody':
      return isKept && shared === 'accept';
    case 'owner':
      return false;
  }
};

/**
 * Whether nobody but the system and this person can change a file or folder, or put another one in its place: looks at it and
 * at every folder and link on the way to it. Systems other than Windows; lists of access rights beyond the mode are not seen.
 *
 * @param shared whether sticky folders that everybody may write to, such as `/tmp`, may be on the way
 * @throws the system's error when it is not there
 */
export const isSafeFromOthers = async (path: string, shared: 'accept' | 'refuse'): Promise<boolean> => {
  const { root } = parse(resolve(path));
  const names = resolve(path).slice(root.length).split(sep);
  let place = root;
  let folder = await lstat(root);
  for (let links = 0; ;) {
    const name = names.shift();
    if (name === undefined) return otherWriters(folder) === 'nobody';
    if (name === '' || name === '.') continue;
    if (name === '..') {
      place = dirname(place);
      folder = await lstat(place);
      continue;
    }
    const next = join(place, name);
    const found = await lstat(next);
    if (!holds(folder, found.isDirectory(), shared)) return false;
    if (found.isSymbolicLink()) {
      if (++links > MOST_LINKS) return false;
      const target = await readlink(next);
      names.unshift(...target.split(sep));
      if (isAbsolute(target)) [place, folder] = [root, await lstat(root)];
    } else [place, folder] = [next, found];
  }
};
