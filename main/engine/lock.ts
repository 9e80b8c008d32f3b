import { createHash, createHmac, randomBytes } from 'node:crypto';
import { lstat, realpath } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { userInfo } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { OwnFolder } from '../../app/base/disk.ts';
import { isErrno } from '../../app/base/errno.ts';
import { FileRefused } from '../../app/base/file-refused.ts';
import { readJsonBounded } from '../../app/base/read.ts';
import { AfterimageError } from '../../app/contract/index.ts';
import { MARK, markHere, obstacleOf, readMark, type Mark } from './mark.ts';
import { runtimeFolder } from './runtime-folder.ts';

/** The engine that has a library open, as its record in the person's runtime folder tells it to this person's other programs. */
const recordSchema = z.object({ pid: z.int().positive(), secret: z.string().regex(/^[\w-]{43}$/u) });

export interface Holder extends Readonly<z.infer<typeof recordSchema>> {
  /** Where it listens: made of the library's place and the secret, never read from anywhere. */
  readonly address: string;
}

const RECORD_BYTES = 1024;
const PAUSE_MS = 250;
/** An engine listens right after it has taken its lock, until its very end: one that is silent for longer is dead. */
const PATIENCE = 12;
/** A mark that is just being written is whole in milliseconds. */
const MARK_PATIENCE = 4;
/** Removing a stale lock takes milliseconds. */
const CLEARING_MS = 2000;

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return isErrno(error, 'EPERM');
  }
};

/** What one library's engine has in the runtime folder. */
interface Seat {
  readonly folder: OwnFolder;
  /** Real path of the library. */
  readonly library: string;
  /** Name of the record. */
  readonly record: string;
}

const seatOf = async (library: string): Promise<Seat> => {
  const name = createHash('sha256').update(library).digest('hex').slice(0, 16);
  return { folder: await runtimeFolder(), library, record: `engine.${name}.json` };
};

const derive = (secret: string, what: string): string =>
  createHmac('sha256', secret).update(what).digest('hex').slice(0, 20);

/** Tells a mark of this engine from others; says nothing of the secret. */
const tokenOf = (secret: string): string => derive(secret, 'mark');

/**
 * Socket paths are limited to about 100 bytes, so sockets do not lie in the library. On Windows, where pipes lie in no folder,
 * nobody can take a name that is not known before the engine has it.
 */
const makeAddress = ({ folder, library }: Seat, secret: string): string => {
  const name = derive(secret, `address ${library}`);
  return process.platform === 'win32' ? `\\\\.\\pipe\\afterimage-${name}` : join(folder.path, `engine.${name}.sock`);
};

/** @returns null when there is none; a record that cannot be understood is as good as none, too */
const readRecord = async (seat: Seat): Promise<Holder | null> => {
  const path = join(seat.folder.path, seat.record);
  try {
    const record = await readJsonBounded(path, recordSchema, { maxBytes: RECORD_BYTES, links: 'refuse' });
    return { ...record, address: makeAddress(seat, record.secret) };
  } catch (error) {
    if (error instanceof FileRefused) return null;
    throw error;
  }
};

/**
 * @returns the engine of this person that holds the library, dead or alive; null when there is none
 * @throws AfterimageError `unreadable` when there is no runtime folder
 */
export const readHolder = async (library: string): Promise<Holder | null> => {
  const real = await realpath(library).catch(() => null);
  return real === null ? null : readRecord(await seatOf(real));
};

/** Whether another computer, user or session has the library, so that no engine of this person is to be waited for. */
export const isHeldElsewhere = async (library: string): Promise<boolean> => {
  const hasHolder = async (): Promise<boolean> => (await readHolder(library)) !== null;
  if (await hasHolder()) return false;
  const mark = await readMark(library).catch(() => null);
  if (mark === null || mark === 'broken') return false;
  // An engine that has begun meanwhile has made its record before its mark.
  return obstacleOf(library, mark, await markHere(''), isAlive) !== null && !(await hasHolder());
};

/** Whether a socket of this person is there; its folder was looked at with the record. Windows tells nothing of a pipe. */
const isOurSocket = async (address: string): Promise<boolean> => {
  if (process.platform === 'win32') return true;
  const found = await lstat(address).catch(() => null);
  return found?.isSocket() === true && found.uid === userInfo().uid;
};

/** @returns an open socket to whoever listens for a holder that lives; null when nobody does. Who it is has still to be proved */
export const reach = async ({ pid, address }: Holder): Promise<Socket | null> => {
  if (!isAlive(pid) || !(await isOurSocket(address))) return null;
  return new Promise((resolve) => {
    const socket = connect(address);
    socket.once('connect', () => {
      resolve(socket);
    });
    socket.once('error', () => {
      resolve(null);
    });
  });
};

const removeSocket = async ({ folder }: Seat, { address }: Holder): Promise<void> => {
  if (process.platform !== 'win32') await folder.remove(basename(address));
};

/** Removes a library's mark if it is this one. */
const removeMark = async (library: string, token: string): Promise<void> => {
  const mark = await readMark(library).catch(() => null);
  if (mark !== null && mark !== 'broken' && mark.token === token) await new OwnFolder(library).remove(MARK);
};

/** Clears something away. Only one process does so at a time; others wait a little, and look again. */
const inTurn = async (folder: OwnFolder, name: string, work: () => Promise<void>): Promise<void> => {
  const turn = `${name}.clearing`;
  if (!(await folder.writeNew(turn, String(process.pid)))) {
    const found = await lstat(join(folder.path, turn)).catch(() => null);
    // A time to come is none that a running program has written.
    if (found !== null && Math.abs(Date.now() - found.mtimeMs) > CLEARING_MS) await folder.remove(turn);
    await pause(PAUSE_MS);
    return;
  }
  try {
    await work();
  } finally {
    await folder.remove(turn);
  }
};

const locked = (library: string): AfterimageError =>
  new AfterimageError('library-locked', `The library ${library} is already open in another engine.`);

/** Clears the record of a holder that is dead, waits for one that may live. @throws AfterimageError `library-locked` */
const settleRecord = async (seat: Seat, attempt: number): Promise<void> => {
  const holder = await readRecord(seat);
  const socket = holder === null ? null : await reach(holder);
  socket?.destroy();
  if (socket !== null) throw locked(seat.library);
  if (attempt < PATIENCE && (holder === null || isAlive(holder.pid))) {
    await pause(PAUSE_MS);
    return;
  }
  await inTurn(seat.folder, seat.record, async () => {
    // Somebody may have been faster: what is theirs stays.
    if ((await readRecord(seat))?.secret !== holder?.secret) return;
    if (holder !== null) {
      await removeMark(seat.library, tokenOf(holder.secret));
      await removeSocket(seat, holder);
    }
    await seat.folder.remove(seat.record);
  });
};

/** Clears the mark of a process that is dead. @throws AfterimageError `library-locked`, `library-damaged` */
const settleMark = async (library: OwnFolder, here: Mark, attempt: number): Promise<void> => {
  const found = await readMark(library.path);
  if (found === null) return;
  if (found === 'broken' && attempt < MARK_PATIENCE) {
    await pause(PAUSE_MS);
    return;
  }
  const obstacle = found === 'broken' ? null : obstacleOf(library.path, found, here, isAlive);
  if (obstacle !== null) throw obstacle;
  await inTurn(library, MARK, async () => {
    if (JSON.stringify(await readMark(library.path)) === JSON.stringify(found)) await library.remove(MARK);
  });
};

const takenAgainAndAgain = (library: string): AfterimageError =>
  new AfterimageError('library-locked', `Another program keeps taking the library ${library}. End it, then try again.`);

/**
 * A library that this process has to itself. It is taken in two steps: among this person's programs, by a record in the
 * runtime folder; and from everybody else, by a mark in the library. The first one writes nothing into the library.
 */
export class Lock {
  readonly holder: Holder;
  readonly #seat: Seat;

  private constructor(holder: Holder, seat: Seat) {
    this.holder = holder;
    this.#seat = seat;
  }

  /**
   * Takes a library, made where there is none, among this person's programs. A record left by a process that has ended, or whose
   * number now belongs to another program, is taken over.
   *
   * @throws AfterimageError `library-locked` while another engine has it, `unreadable` without a runtime folder
   */
  static async take(library: string): Promise<Lock> {
    const seat = await seatOf(await new OwnFolder(library).create());
    const secret = randomBytes(32).toString('base64url');
    const mine: Holder = { pid: process.pid, secret, address: makeAddress(seat, secret) };
    for (let attempt = 0; attempt < 4 * PATIENCE; attempt++) {
      if (await seat.folder.writeNew(seat.record, JSON.stringify({ pid: mine.pid, secret })))
        return new Lock(mine, seat);
      await settleRecord(seat, attempt);
    }
    throw takenAgainAndAgain(library);
  }

  /**
   * Keeps other computers, users and sessions out: from here the library may be written to.
   *
   * @throws AfterimageError `library-locked` while one of them has it; `library-damaged` when the mark cannot be made
   */
  async mark(): Promise<void> {
    const library = new OwnFolder(this.#seat.library);
    const here = await markHere(tokenOf(this.holder.secret));
    for (let attempt = 0; attempt < 4 * PATIENCE; attempt++) {
      if (await library.writeNew(MARK, JSON.stringify(here))) return;
      await settleMark(library, here, attempt);
    }
    throw takenAgainAndAgain(library.path);
  }

  /** Lets the library go. @param library where it is by now */
  async release(library = this.#seat.library): Promise<void> {
    await removeMark(library, tokenOf(this.holder.secret));
    await removeSocket(this.#seat, this.holder);
    if ((await readRecord(this.#seat))?.secret === this.holder.secret)
      await this.#seat.folder.remove(this.#seat.record);
  }
}
