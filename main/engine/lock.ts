import { createHash, randomBytes } from 'node:crypto';
import { chmod, link, lstat, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { hostname, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { AfterimageError } from '../../app/contract/index.ts';

/** Who has a library open, and how to speak to it. */
const holderSchema = z.object({
  pid: z.int().positive(),
  address: z.string(),
  secret: z.string(),
  /** Where the process number and the address mean something; older programs do not say it. */
  computer: z.string().optional(),
});
export type Holder = Readonly<z.infer<typeof holderSchema>>;

const lockPath = (library: string): string => join(library, 'engine.lock');

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
};

/** The computer's name and, where the system has one, a mark by which computers of one name are told apart. */
const nameComputer = async (): Promise<string> => {
  const id = (await readFile('/etc/machine-id', 'utf8').catch(() => '')).trim();
  // The number itself is to stay on the computer: machine-id(5).
  const mark = createHash('sha256').update(`afterimage ${id}`).digest('hex').slice(0, 8);
  return id === '' ? hostname() : `${hostname()} (${mark})`;
};

/** What stays of a computer when it is given another name: its mark; without one, nothing but the name tells. */
const identityOf = (computer: string): string => /\(([0-9a-f]{8})\)$/u.exec(computer)?.[1] ?? computer;

/** @returns who holds the library's lock, dead or alive; null when nobody does */
export const readHolder = async (library: string): Promise<Holder | null> => {
  try {
    return holderSchema.parse(JSON.parse(await readFile(lockPath(library), 'utf8')));
  } catch {
    return null;
  }
};

/** @returns an open socket to the holder's engine, or null when nobody listens there */
export const reach = (holder: Holder): Promise<Socket | null> =>
  new Promise((resolve) => {
    const socket = connect(holder.address);
    socket.once('connect', () => {
      resolve(socket);
    });
    socket.once('error', () => {
      resolve(null);
    });
  });

/** A folder of ours below `base` that only its owner can enter; null when that cannot be had. */
const privateFolder = async (base: string): Promise<string | null> => {
  const { uid } = userInfo();
  const folder = join(base, `afterimage-${String(uid)}`);
  try {
    await mkdir(folder, { mode: 0o700 }).catch((error: unknown) => {
      if (!isCode(error, 'EEXIST')) throw error;
    });
    // Somebody else's folder, or a link to one, would let them listen in.
    const found = await lstat(folder);
    if (!found.isDirectory() || found.uid !== uid) return null;
    await chmod(folder, 0o700);
    return folder;
  } catch {
    return null;
  }
};

/** Socket paths are limited to about 100 bytes, so sockets do not lie in the library but where the system keeps such things. */
const makeAddress = async (library: string): Promise<string> => {
  const name = `${createHash('sha256').update(library).digest('hex').slice(0, 16)}-${randomBytes(6).toString('hex')}`;
  if (process.platform === 'win32') return `\\\\.\\pipe\\afterimage-${name}`;
  const runtime = process.env.XDG_RUNTIME_DIR;
  const folder =
    (runtime === undefined ? null : await privateFolder(runtime)) ?? (await privateFolder(tmpdir())) ?? library;
  return join(folder, `engine.${name}.sock`);
};

const removeSocket = async (holder: Holder): Promise<void> => {
  if (process.platform !== 'win32') await rm(holder.address, { force: true });
};

const PAUSE_MS = 250;
/** An engine listens right after it has taken its lock, until its very end: one that is silent for longer is dead. */
const PATIENCE = 12;
/** Whoever clears away a dead lock is done in milliseconds. */
const CLEARING_MS = 5000;

const isCode = (error: unknown, ...codes: readonly string[]): boolean =>
  error instanceof Error && 'code' in error && codes.includes(String(error.code));

/** Makes a file with its content in one step. @returns false when there is one already */
const place = async (path: string, content: string): Promise<boolean> => {
  const draft = `${path}.${String(process.pid)}.${randomBytes(4).toString('hex')}`;
  await writeFile(draft, content, { mode: 0o600, flag: 'wx' });
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    // Some file systems know no links; there the content follows a moment after the file.
    return await writeFile(path, content, { mode: 0o600, flag: 'wx' }).then(
      () => true,
      (reason: unknown) => {
        if (isCode(reason, 'EEXIST')) return false;
        throw reason;
      },
    );
  } finally {
    await rm(draft, { force: true });
  }
};

/**
 * Clears away the lock of a dead holder. Only one process clears at a time, and looks again before it does, so that the
 * lock of somebody who was faster stays.
 */
const clear = async (library: string, dead: Holder | null): Promise<void> => {
  const turn = `${lockPath(library)}.clearing`;
  if (!(await place(turn, String(process.pid)))) {
    const age = await stat(turn).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    );
    if (age > CLEARING_MS) await rm(turn, { force: true });
    await pause(PAUSE_MS);
    return;
  }
  try {
    if ((await readHolder(library))?.secret !== dead?.secret) return;
    await rm(lockPath(library), { force: true });
    if (dead !== null) await removeSocket(dead);
  } finally {
    await rm(turn, { force: true });
  }
};

/**
 * Clears a lock whose holder is dead, waits for one that may live.
 *
 * @throws AfterimageError `library-locked` when it answers, or is on another computer, where nobody here can tell
 */
const settle = async (library: string, attempt: number, here: string): Promise<void> => {
  const holder = await readHolder(library);
  const socket = holder === null ? null : await reach(holder);
  socket?.destroy();
  if (socket !== null) {
    throw new AfterimageError('library-locked', `The library ${library} is already open in another engine.`);
  }
  if (holder?.computer !== undefined && identityOf(holder.computer) !== identityOf(here)) {
    throw new AfterimageError(
      'library-locked',
      `The library ${library} is open on another computer, ${holder.computer}. End Afterimage there first. If it no longer runs there, or this computer was called so before, delete the file ${lockPath(library)}, then try again.`,
    );
  }
  const isDead = attempt >= PATIENCE || (holder !== null && !isAlive(holder.pid));
  if (isDead) await clear(library, holder);
  else await pause(PAUSE_MS);
};

/**
 * Takes the library for this process. A lock left by a process of this computer that has ended, or whose number now belongs
 * to another program, is taken over.
 *
 * @returns the address to listen at, and the secret that callers must show
 * @throws AfterimageError `library-locked` while another engine has it
 */
export const acquire = async (library: string): Promise<Holder> => {
  await mkdir(library, { recursive: true, mode: 0o700 });
  const computer = await nameComputer();
  const mine: Holder = {
    pid: process.pid,
    address: await makeAddress(library),
    secret: randomBytes(24).toString('base64url'),
    computer,
  };
  for (let attempt = 0; attempt < 4 * PATIENCE; attempt++) {
    if (await place(lockPath(library), JSON.stringify(mine))) return mine;
    await settle(library, attempt, computer);
  }
  throw new AfterimageError(
    'library-locked',
    `Another program keeps taking the library ${library}. End it, then try again.`,
  );
};

export const release = async (library: string, mine: Holder): Promise<void> => {
  if ((await readHolder(library))?.secret === mine.secret) await rm(lockPath(library), { force: true });
  await removeSocket(mine);
};
