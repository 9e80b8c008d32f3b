import { setTimeout as pause } from 'node:timers/promises';
import { readHolder } from '../../main/engine/lock.ts';

export const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** Kills the engine that has the library open, as a system does that is out of memory, and waits until it is gone. */
export const killEngine = async (library: string): Promise<void> => {
  const pid = (await readHolder(library))?.pid;
  if (pid === undefined) return;
  if (isRunning(pid)) process.kill(pid, 'SIGKILL');
  while (isRunning(pid)) await pause(2);
};

/** Starts nothing before the engine has taken the library. */
export const engineBegins = async (library: string): Promise<void> => {
  while ((await readHolder(library)) === null) await pause(2);
};
