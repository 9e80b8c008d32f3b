import { errnoOf } from '../base/errno.ts';
import type { FailureKind } from '../contract/index.ts';
import type { RootRecord } from '../store/manifest.ts';
import type { FileRow } from '../store/rows.ts';
import type { Catalogue } from './catalogue.ts';
import { kindOf } from '../media/formats.ts';
import { exactFileIdOf, fileIdOf } from './ids.ts';
import type { IsExcluded } from './exclusions.ts';
import { deviceOf, isBelow, placeOf, unpluggedOf, volumesAbove, type Place } from './place.ts';
import { ancestorsOf, isHeld, walk, type FoundFile, type WalkStart } from './walk.ts';

/** A file that is new, has changed, or has to be looked at again. */
export interface PendingFile extends Omit<FoundFile, 'lead' | 'isOnlineOnly'> {
  readonly fileId: string;
  readonly rootId: string;
  /** Key of the file whose shot this one belongs to; null when it stands for itself. */
  readonly groupId: string | null;
  /** What the path was known for. */
  readonly before: FileRow | null;
  /** The picture is as it was; only what is written about it has changed. */
  readonly isDescriptionOnly: boolean;
}

export interface ScanResult {
  /** The root could not be read; nothing was learned of its photos. */
  readonly offline: boolean;
  /** The folder that was read; null when none was. */
  readonly place: Place | null;
  readonly unchanged: number;
  /** Files that only a cloud service has, or has what describes them, and that are not known as they are now: left alone. */
  readonly onlineOnly: number;
  /** Keys of all files that cannot be read here: only a cloud service has them, or nothing here reads them. */
  readonly unreachable: ReadonlySet<string>;
  /** Videos that nothing here can read: left alone. */
  readonly unreadVideos: number;
  readonly pending: readonly PendingFile[];
  /** Files that follow what becomes of the ones they belong to. */
  readonly companions: readonly PendingFile[];
  /** Found to be no photo without reading it, and not known as such yet. */
  readonly problems: readonly PendingFile[];
  /** Failed before and unchanged since: the reason stands. */
  readonly stillFailed: readonly FileRow[];
  readonly removed: readonly FileRow[];
  /** Folders, relative to the root, that other volumes were mounted on when something was last found there. */
  readonly volumes: readonly string[];
  /** Those of them whose volume is not connected now: what is known of them stays. */
  readonly unplugged: readonly string[];
  /** Sub-folders that could not be read, with the reason. */
  readonly unreadable: readonly { readonly relPath: string; readonly message: string }[];
}

/** Reasons that may have gone away although the file looks the same. */
const WORTH_RETRYING: ReadonlySet<FailureKind> = new Set(['unreadable', 'vanished', 'disk-full']);

/** Whether a file is as it was known: under the same name, to the last accent, too. */
export const isSame = (known: FileRow, found: Pick<FileRow, 'relPath' | 'size' | 'mtime' | 'inode'>): boolean =>
  // Not the device: its number changes with every reboot of some systems.
  known.size === found.size &&
  known.mtime === found.mtime &&
  known.inode === found.inode &&
  known.relPath === found.relPath;

/** Starts up to which it is quicker to compare a path with each of them. */
const FEW = 8;

const folderOf = (relPath: string): string => relPath.slice(0, Math.max(0, relPath.lastIndexOf('/')));

/** Whether a path lies in what is looked at. All files of a folder are asked for, however little that is. */
const scopeOf = (starts: readonly WalkStart[] | undefined): ((relPath: string) => boolean) => {
  if (starts === undefined) return () => true;
  if (starts.length <= FEW) {
    const prefixes = starts.map(({ folder, deep }) => ({ prefix: folder === '' ? '' : `${folder}/`, deep }));
    return (relPath) =>
      prefixes.some(
        ({ prefix, deep }) => relPath.startsWith(prefix) && (deep || !relPath.includes('/', prefix.length)),
      );
  }
  const flat = new Set(starts.map(({ folder }) => folder));
  const deep = new Set(starts.filter((start) => start.deep).map(({ folder }) => folder));
  if (deep.has('')) return () => true;
  return (relPath) => {
    const folder = folderOf(relPath);
    return flat.has(folder) || ancestorsOf(folder).some((each) => deep.has(each));
  };
};

/**
 * Whether a folder stands where the root was: another one, and empty (the root was moved, or is on a drive that is not
 * plugged in); or on another device, and with nothing in it that is known.
 */
const isStandIn = (
  root: RootRecord,
  { device, inode }: Place,
  known: ReadonlyMap<string, FileRow>,
  seen: ReadonlyMap<string, string>,
): boolean => {
  const isOther = root.inode !== '' && inode !== root.inode;
  const isElsewhere = device !== root.device;
  if (known.size === 0 || !(isOther || isElsewhere)) return false;
  return seen.size === 0 || (isOther && isElsewhere && ![...seen.keys()].some((fileId) => known.has(fileId)));
};

/** What is found where there is nothing to look at. */
export const OFFLINE: ScanResult = {
  offline: true,
  place: null,
  unchanged: 0,
  onlineOnly: 0,
  unreachable: new Set(),
  unreadVideos: 0,
  pending: [],
  companions: [],
  problems: [],
  stillFailed: [],
  removed: [],
  volumes: [],
  unplugged: [],
  unreadable: [],
};

export interface ScanOptions {
  readonly isExcluded: IsExcluded;
  readonly canReadVideos: boolean;
  /** Where to look; everywhere unless given. */
  readonly starts?: readonly WalkStart[] | undefined;
  readonly onFound: (files: number, folder: string) => void;
  readonly signal: AbortSignal;
}

/**
 * Compares a root, or parts of it, with what the library knows of it; reads no photo. A root that is gone, or that is an
 * bare mount point (a drive that is not plugged in leaves one), is offline: its photos stay.
 */
export const scanRoot = async (root: RootRecord, catalogue: Catalogue, options: ScanOptions): Promise<ScanResult> => {
  const { isExcluded, canReadVideos, starts, onFound, signal } = options;
  const place = await placeOf(root.path);
  if (place === null) return OFFLINE;
  const isInScope = scopeOf(starts);
  const known = new Map<string, FileRow>();
  for (const file of catalogue.files.values())
    if (file.rootId === root.id && isInScope(file.relPath)) known.set(file.fileId, file);
  /** The devices that files lie on, by the files' keys. */
  const seen = new Map<string, string>();
  /** Folders with files of other volumes than the root's. */
  const foreign = new Set<string>();
  const unreachable = new Set<string>();
  const pending: PendingFile[] = [];
  const companions: PendingFile[] = [];
  /** Companions that are as they were, if only what they belong to is. */
  const followers: PendingFile[] = [];
  const problems: PendingFile[] = [];
  const stillFailed: FileRow[] = [];
  const unreadable: { relPath: string; message: string }[] = [];
  let unchanged = 0;
  let onlineOnly = 0;
  let unreadVideos = 0;

  /** Two names may differ in nothing but the writing of their accents: the second one, or one elsewhere, has its own key. */
  const keyOf = (relPath: string): string => {
    const plain = fileIdOf(root.id, relPath);
    const holder = catalogue.files.get(plain)?.relPath ?? relPath;
    return seen.has(plain) || (holder !== relPath && !isInScope(holder)) ? exactFileIdOf(root.id, relPath) : plain;
  };

  const consider = (found: FoundFile): void => {
    const fileId = keyOf(found.relPath);
    // Names that are no text may look alike: one of them is enough to tell of.
    if (seen.has(fileId)) return;
    seen.set(fileId, found.device);
    if (found.device !== place.device && found.device !== '') foreign.add(folderOf(found.relPath));
    const before = known.get(fileId) ?? null;
    const isUnreadVideo = !canReadVideos && kindOf(found.relPath) === 'video';
    const isDescribedElsewhere = before !== null && isHeld(found, before);
    const isElsewhere = found.isOnlineOnly || isDescribedElsewhere;
    if (isElsewhere || isUnreadVideo) unreachable.add(fileId);
    const same = before !== null && isSame(before, found);
    const leadId = found.lead === null ? null : fileIdOf(root.id, found.lead);
    // One that leads to nowhere leaves its companions to themselves.
    const groupId = leadId === null || (known.get(leadId)?.failure ?? null) !== null ? null : leadId;
    const failed = same && before.failure !== null && groupId === null;
    if (failed && !WORTH_RETRYING.has(before.failure.kind)) {
      stillFailed.push(before);
      return;
    }
    const isIndexed = same && before.failure === null && before.groupId === groupId;
    const { lead: _lead, isOnlineOnly: _online, ...facts } = found;
    const file = { ...facts, fileId, rootId: root.id, groupId, before, isDescriptionOnly: isIndexed };
    if (isIndexed && groupId !== null) {
      followers.push(file);
      return;
    }
    if (isIndexed && (isDescribedElsewhere || before.sidecars === found.sidecars)) {
      unchanged += 1;
      return;
    }
    if (isElsewhere) {
      onlineOnly += 1;
      return;
    }
    if (groupId === null && isUnreadVideo) {
      unreadVideos += 1;
      return;
    }
    if (found.problem !== null) problems.push(file);
    else if (groupId !== null) companions.push(file);
    else pending.push(file);
  };

  try {
    for await (const step of walk(root.path, isExcluded, signal, starts)) {
      if (step.unreadable !== null) unreadable.push(step.unreadable);
      for (const found of step.files) consider(found);
      if (step.files.length > 0) onFound(step.files.length, step.files[0]?.relPath ?? '');
    }
  } catch (error) {
    signal.throwIfAborted();
    if (errnoOf(error) !== undefined) return OFFLINE;
    throw error;
  }
  // Pulled meanwhile, a drive leaves the folder that it was mounted on: what was not seen need not be gone.
  if ((await deviceOf(root.path)) !== place.device || isStandIn(root, place, known, seen)) return OFFLINE;

  const moving = new Set(pending.map(({ fileId }) => fileId));
  for (const file of followers) {
    const shown = catalogue.files.get(file.groupId ?? '')?.photoId;
    if (moving.has(file.groupId ?? '') || shown !== file.before?.photoId) companions.push(file);
    else unchanged += 1;
  }

  const unplugged = await unpluggedOf(root, (folder, device) =>
    [...known.values()].some((file) => isBelow(file, folder) && seen.get(file.fileId) === device),
  );
  const unknownGround = [...unplugged, ...unreadable.map(({ relPath }) => relPath)];
  const removed = [...known.values()].filter(
    (file) => !seen.has(file.fileId) && !unknownGround.some((folder) => isBelow(file, folder)),
  );
  return {
    offline: false,
    place,
    unchanged,
    onlineOnly,
    unreachable,
    unreadVideos,
    pending,
    companions,
    problems,
    stillFailed,
    removed,
    volumes: [...(await volumesAbove(root.path, foreign)), ...unplugged],
    unplugged,
    unreadable,
  };
};
