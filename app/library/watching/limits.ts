import { Worker } from 'node:worker_threads';
import { findProgram, runProgram } from '../../base/programs.ts';
import { readTextBounded } from '../../base/read.ts';

/** How many folders all programs of a person may watch together on Linux, in this container or on the whole machine. */
const WATCH_LIMITS = ['/proc/sys/fs/inotify/max_user_watches', '/proc/sys/user/max_inotify_watches'];

/** @returns how many folders may be watched; null where the system sets no such limit */
export const readWatchLimit = async (): Promise<number | null> => {
  if (process.platform !== 'linux') return null;
  const texts = await Promise.all(WATCH_LIMITS.map((path) => readTextBounded(path, { maxBytes: 64 }).catch(() => '')));
  const limits = texts.map((text) => Number.parseInt(text, 10)).filter((limit) => limit >= 0);
  return limits.length === 0 ? null : Math.min(...limits);
};

const REFUSED = 7;
const PROBE = `
  try {
    require('node:fs').watch(require('node:worker_threads').workerData).close();
  } catch (error) {
    process.exit(error.code === 'EMFILE' ? ${REFUSED} : 0);
  }`;

/**
 * Whether one more program may begin to watch folders. The native watcher waits for ever when it may not (it loses the
 * error of inotify_init), so a thread with an event loop of its own tries first.
 */
export const mayBeginToWatch = async (folder: string): Promise<boolean> => {
  if (process.platform !== 'linux') return true;
  const worker = new Worker(PROBE, { eval: true, workerData: folder, execArgv: [] });
  return new Promise((resolve) => {
    worker.once('error', () => resolve(false));
    worker.once('exit', (code) => resolve(code !== REFUSED));
  });
};

/** `\040` and the like, as the kernel writes spaces in names. */
const unescape = (text: string): string =>
  text.replace(/\\(\d{3})/gu, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));

const longestFor = (path: string, mounts: Iterable<readonly [point: string, type: string]>): string | null => {
  let best: readonly [string, string] = ['', ''];
  for (const [point, type] of mounts) {
    const isAbove = path === point || path.startsWith(point.endsWith('/') ? point : `${point}/`);
    // A later mount on the same place hides the earlier one.
    if (isAbove && point.length >= best[0].length) best = [point, type];
  }
  return best[1] || null;
};

/** @param mountinfo text of `/proc/self/mountinfo` (see proc_pid_mountinfo(5)) */
export const mountTypeInLinux = (mountinfo: string, path: string): string | null =>
  longestFor(
    path,
    mountinfo.split('\n').flatMap((line) => {
      const [before, after] = line.split(' - ');
      const point = before?.split(' ')[4];
      const type = after?.split(' ')[0];
      return point === undefined || type === undefined ? [] : [[unescape(point), type] as const];
    }),
  );

/** @param mounts what `mount` prints: `//me@nas/photos on /Volumes/photos (smbfs, nodev)` */
export const mountTypeInMac = (mounts: string, path: string): string | null =>
  longestFor(
    path,
    [...mounts.matchAll(/^.+? on (\/.*) \(([^,)]+)/gmu)].map(([, point = '', type = '']) => [point, type] as const),
  );

/** @returns the type of file system that a folder lies on; null when nothing says so */
export const mountTypeOf = async (path: string): Promise<string | null> => {
  if (process.platform === 'win32') return /^\\\\(?![?.]\\)|^\\\\\?\\UNC\\/iu.test(path) ? 'smb' : null;
  if (process.platform === 'linux')
    return mountTypeInLinux(
      await readTextBounded('/proc/self/mountinfo', { maxBytes: 4 * 2 ** 20 }).catch(() => ''),
      path,
    );
  if (process.platform !== 'darwin') return null;
  const mount = await findProgram(['/sbin/mount']);
  if (mount === null) return null;
  const said = await runProgram(mount, [], { timeout: 2000 }).catch(() => '');
  return mountTypeInMac(said.toString(), path);
};

/** File systems whose files other computers change without this one being told. */
const SILENT =
  /^(?:nfs|cifs|smb|9p|v9fs|afs|afpfs|ceph|coda|ncp|lustre|gluster|gfs|ocfs|beegfs|davfs|webdav|vboxsf|vmhgfs|prl_fs|drvfs|virtiofs|fuse$|fuse\.)/u;
/** FUSE file systems over a disk of this computer: every change goes through its kernel. */
const LOCAL_FUSE =
  /^fuse\.(?:ntfs|exfat|mergerfs|bindfs|gocryptfs|encfs|cryfs|veracrypt|dislocker|apfs|hfs|unionfs|mhddfs|zfs)/u;

export const isSilent = (type: string | null): boolean => type !== null && SILENT.test(type) && !LOCAL_FUSE.test(type);
