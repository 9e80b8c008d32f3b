// @ts-check
import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** The holder touches its lock this often; one left alone for much longer belongs to a process that is gone. */
const heartbeatMs = 2_000;
const staleMs = 15_000;

/**
 * Does `work` while no other process holds the lock `folder`.
 *
 * The lock is a folder with one file named after its holder. It is made elsewhere and renamed into place, which fails
 * where a filled folder stands: so it appears whole, and only once. A dead holder's lock is renamed to a name that is
 * its alone and stays, so that two processes cannot both clear it and the second take away the lock of a third.
 *
 * @template T
 * @param {string} folder
 * @param {() => Promise<T>} work
 * @param {() => void} onWait called once when another process is found holding the lock
 * @returns {Promise<T>} what `work` gives
 */
export async function withLock(folder, work, onWait) {
  const holder = randomUUID();
  const mine = `${folder}-${holder}`;
  mkdirSync(mine, { recursive: true });
  writeFileSync(join(mine, holder), '');

  for (let waited = false; !renamed(mine, folder);) {
    if (!waited) onWait();
    waited = true;
    clearIfStale(folder);
    touch(join(mine, holder));
    await delay(100);
  }

  const heartbeat = setInterval(() => {
    touch(join(folder, holder));
  }, heartbeatMs);
  const release = () => {
    clearInterval(heartbeat);
    process.off('exit', release);
    if (holderOf(folder) === holder && renamed(folder, mine)) rmSync(mine, { recursive: true });
  };
  process.on('exit', release);
  try {
    return await work();
  } finally {
    release();
  }
}

/** @param {string} folder */
function clearIfStale(folder) {
  const holder = holderOf(folder);
  if (holder === undefined) return;
  const age = Date.now() - (statSync(join(folder, holder), { throwIfNoEntry: false })?.mtimeMs ?? Infinity);
  if (age > staleMs) renamed(folder, `${folder}-${holder}`);
}

/** @param {string} folder */
function holderOf(folder) {
  try {
    return readdirSync(folder)[0];
  } catch {
    return undefined;
  }
}

/** @param {string} from @param {string} to @returns {boolean} false where `to` is taken or `from` is gone */
function renamed(from, to) {
  try {
    renameSync(from, to);
    return true;
  } catch {
    return false;
  }
}

/** @param {string} file */
function touch(file) {
  try {
    const now = new Date();
    utimesSync(file, now, now);
  } catch {
    // Cleared as stale, after a long sleep of the machine: the work is nearly done, and nothing depends on the file.
  }
}
