import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { constants, setPriority } from 'node:os';

const { PRIORITY_BELOW_NORMAL, PRIORITY_LOW } = constants.priority;

/**
 * Lets the person's other programs, and their queries, go first.
 *
 * Linux keeps a priority for each thread, and a new one takes that of the thread that starts it. There, what has merely a low
 * one still ends its turn of some milliseconds when somebody else wants the core, at each of the many steps of a query; what is
 * `SCHED_IDLE` does not. Only `chrt` of util-linux can ask for that.
 *
 * @see sched(7), setpriority(2)
 */
export const giveWay = (): void => {
  if (process.platform !== 'linux') {
    // Windows lets what has its lowest class starve.
    setPriority(process.platform === 'win32' ? PRIORITY_BELOW_NORMAL : PRIORITY_LOW);
    return;
  }
  for (const thread of readdirSync('/proc/self/task')) quietly(() => setPriority(Number(thread), PRIORITY_LOW));
  quietly(() =>
    execFileSync('chrt', ['--all-tasks', '--idle', '--pid', '0', String(process.pid)], { stdio: 'ignore' }),
  );
};

/** A thread that has ended meanwhile, or a system without `chrt`, is no reason not to work. */
const quietly = (ask: () => unknown): void => {
  try {
    ask();
  } catch {
    // As it was.
  }
};
