import { readdirSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { findProgram, runProgram } from '../base/programs.ts';

const { PRIORITY_BELOW_NORMAL, PRIORITY_LOW } = constants.priority;
/** Where systems have `chrt`; the last one is NixOS. */
const CHRT = ['/usr/bin/chrt', '/bin/chrt', '/run/current-system/sw/bin/chrt'];
const CHRT_MS = 5000;

/**
 * Lets the person's other programs, and their queries, go first.
 *
 * Linux keeps a priority for each thread, and a new one takes that of the thread that starts it. There, what has merely a low
 * one still ends its turn of some milliseconds when somebody else wants the core, at each of the many steps of a query; what is
 * `SCHED_IDLE` does not. Only `chrt` of util-linux can ask for that.
 *
 * @see sched(7), setpriority(2)
 */
export const giveWay = async (): Promise<void> => {
  if (process.platform !== 'linux') {
    // Windows lets what has its lowest class starve.
    setPriority(process.platform === 'win32' ? PRIORITY_BELOW_NORMAL : PRIORITY_LOW);
    return;
  }
  for (const thread of readdirSync('/proc/self/task')) quietly(() => setPriority(Number(thread), PRIORITY_LOW));
  const chrt = await findProgram(CHRT);
  if (chrt === null) return;
  const args = ['--all-tasks', '--idle', '--pid', '0', String(process.pid)];
  await runProgram(chrt, args, { timeout: CHRT_MS }).catch(() => undefined);
};

/** A thread that has ended meanwhile is no reason not to work. */
const quietly = (ask: () => unknown): void => {
  try {
    ask();
  } catch {
    // As it was.
  }
};
