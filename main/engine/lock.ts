import { createHash, randomBytes } from 'node:crypto';
import { chmod, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { AfterimageError } from '../../app/contract/index.ts';

/** Who has a library open, and how to speak to it. */
const holderSchema = z.object({ pid: z.int().positive(), address: z.string(), secret: z.string() });
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
  const folder = join(base, `afterimage-${String(userInfo().uid)}`);
  try {
    await mkdir(folder, { mode: 0o700 }).catch((error: unknown) => {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    });
    // Fails when the folder is somebody else's, who could then listen in.
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
  return join(folder, `${name}.sock`);
};

const removeSocket = async (holder: Holder): Promise<void> => {
  if (process.platform !== 'win32') await rm(holder.address, { force: true });
};

const PAUSE_MS = 250;
/** A holder is written right after its lock is made, and listens right after that: what is silent for longer is dead. */
const HOLDER_PATIENCE = 2;
const LISTEN_PATIENCE = 12;

/** Removes a lock whose holder is dead. @throws AfterimageError `library-locked` when it answers */
const removeIfStale = async (library: string, attempt: number): Promise<void> => {
  const holder = await readHolder(library);
  const socket = holder === null ? null : await reach(holder);
  socket?.destroy();
  if (socket !== null)
    throw new AfterimageError('library-locked', `The library ${library} is already open in another engine.`);
  const isDead = holder === null ? attempt >= HOLDER_PATIENCE : !isAlive(holder.pid) || attempt >= LISTEN_PATIENCE;
  if (!isDead) {
    await pause(PAUSE_MS);
    return;
  }
  // Renaming settles who clears the lock when two start at once: only one of them succeeds.
  const grave = `${lockPath(library)}.${String(process.pid)}`;
  if (
    await rename(lockPath(library), grave).then(
      () => true,
      () => false,
    )
  )
    await rm(grave, { force: true });
  if (holder !== null) await removeSocket(holder);
};

/**
 * Takes the library for this process. A lock left by a process that has ended, or whose number now belongs to another
 * program, is taken over.
 *
 * @returns the address to listen at, and the secret that callers must show
 * @throws AfterimageError `library-locked` while another engine has it
 */
export const acquire = async (library: string): Promise<Holder> => {
  await mkdir(library, { recursive: true, mode: 0o700 });
  const mine: Holder = {
    pid: process.pid,
    address: await makeAddress(library),
    secret: randomBytes(24).toString('base64url'),
  };
  for (let attempt = 0; attempt <= LISTEN_PATIENCE + 2; attempt++) {
    try {
      const file = await open(lockPath(library), 'wx', 0o600);
      await file.writeFile(JSON.stringify(mine));
      await file.close();
      return mine;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
    await removeIfStale(library, attempt);
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
