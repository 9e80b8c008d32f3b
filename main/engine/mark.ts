import { createHash } from 'node:crypto';
import { hostname, uptime } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { isErrno } from '../../app/base/errno.ts';
import { FileRefused } from '../../app/base/file-refused.ts';
import { readJsonBounded, readTextBounded } from '../../app/base/read.ts';
import { AfterimageError } from '../../app/contract/index.ts';

/** Name of the file in a library that tells other computers, users and sessions that it is open. */
export const MARK = 'engine.lock';

/**
 * What it says. Anybody may have written it: it can keep a library from being opened, and nothing else. Older programs wrote
 * an address and a secret, too, which nobody follows.
 */
const markSchema = z.object({
  pid: z.int().positive(),
  /** Where the process number means something. */
  computer: z.string().max(300).optional(),
  /** Which start of that computer. */
  boot: z.string().max(100).optional(),
  /** Tells whoever made it that it is theirs. */
  token: z.string().max(100).optional(),
});
export type Mark = Readonly<z.infer<typeof markSchema>>;

const MARK_BYTES = 4096;
const SYSTEM_BYTES = 4096;
/** Clocks are set by seconds, computers started by minutes. */
const SAME_START_S = 300;

const systemText = (path: string): Promise<string> =>
  readTextBounded(path, { maxBytes: SYSTEM_BYTES }).then(
    (text) => text.trim(),
    () => '',
  );

/** A number of the system's own is to stay on the computer: machine-id(5). */
const hashed = (id: string): string => createHash('sha256').update(`afterimage ${id}`).digest('hex').slice(0, 8);

/** The computer's name and, where the system has one, a hash by which computers of one name are told apart. */
const nameComputer = async (): Promise<string> => {
  const id = await systemText('/etc/machine-id');
  return id === '' ? hostname() : `${hostname()} (${hashed(id)})`;
};

/** What stays of a computer when it is given another name: its hash; without one, nothing but the name tells. */
const identityOf = (computer: string): string => /\(([0-9a-f]{8})\)$/u.exec(computer)?.[1] ?? computer;

/** Linux has an identity of each start, other systems the second of it. */
const nameBoot = async (): Promise<string> => {
  const id = await systemText('/proc/sys/kernel/random/boot_id');
  return id === '' ? `s${String(Math.round(Date.now() / 1000 - uptime()))}` : hashed(id);
};

const secondOf = (boot: string): number => (boot.startsWith('s') ? Number(boot.slice(1)) : Number.NaN);

const isSameBoot = (a: string, b: string): boolean => a === b || Math.abs(secondOf(a) - secondOf(b)) < SAME_START_S;

/** The mark of this process. */
export const markHere = async (token: string): Promise<Mark> => ({
  pid: process.pid,
  computer: await nameComputer(),
  boot: await nameBoot(),
  token,
});

/**
 * @returns what the library's mark says; null when there is none, `broken` when it cannot be understood
 * @throws AfterimageError `library-damaged` when something else is in its place, which is left alone
 */
export const readMark = async (library: string): Promise<Mark | 'broken' | null> => {
  try {
    return await readJsonBounded(join(library, MARK), markSchema, { maxBytes: MARK_BYTES, links: 'refuse' });
  } catch (error) {
    if (!(error instanceof FileRefused)) {
      if (isErrno(error, 'EACCES', 'EPERM'))
        throw new AfterimageError('library-locked', openElsewhere(library, 'of another user'), { cause: error });
      throw error;
    }
    if (error.reason === 'missing') return null;
    if (error.reason === 'not-json' || error.reason === 'too-large') return 'broken';
    throw new AfterimageError(
      'library-damaged',
      `${error.path} is not the file that Afterimage puts there, but a link, folder, pipe or device. Delete it, then try again.`,
      { cause: error },
    );
  }
};

const openElsewhere = (library: string, where: string): string =>
  `The library ${library} is open in an Afterimage ${where}. End that first. If there is none, delete the file ${join(library, MARK)}, then try again.`;

/** @returns why a library with this mark may not be opened; null when whoever made it has ended */
export const obstacleOf = (
  library: string,
  { pid, computer, boot }: Mark,
  here: Mark,
  isAlive: (pid: number) => boolean,
): AfterimageError | null => {
  if (computer !== undefined && identityOf(computer) !== identityOf(here.computer ?? '')) {
    return new AfterimageError(
      'library-locked',
      `The library ${library} is open on another computer, ${computer}. End Afterimage there first. If it no longer runs there, or this computer was called so before, delete the file ${join(library, MARK)}, then try again.`,
    );
  }
  const isOlderStart = boot !== undefined && !isSameBoot(boot, here.boot ?? '');
  // A number that this process has now belonged to one that has ended.
  if (isOlderStart || pid === process.pid || !isAlive(pid)) return null;
  const where = `of another user, session or version on this computer (process ${String(pid)})`;
  return new AfterimageError('library-locked', openElsewhere(library, where));
};
