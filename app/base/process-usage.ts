import { isErrno } from './errno.ts';
import { readStartNow } from './read.ts';

/** What a process has used of the computer. */
export interface ProcessUsage {
  /** Milliseconds of its own work on all cores since it began. */
  readonly cpuMs: number;
  /** Memory that it holds now together with the programs it has started, pages of mapped files included. */
  readonly residentBytes: number;
}

/** Ticks per second in /proc, on every architecture that Node runs on. */
const TICKS = 100;
const MAX_BYTES = 8192;

/**
 * Asked for several times a second, so it does not wait: /proc lies on no disk.
 *
 * @returns null where the system does not tell (other systems than Linux), and for a process that has ended
 */
export const processUsage = (pid: number): ProcessUsage | null => {
  if (process.platform !== 'linux') return null;
  try {
    const cpuMs = cpuTime(readStartNow(`/proc/${pid}/stat`, MAX_BYTES));
    const residentBytes = resident(pid) + childrenOf(pid).reduce((sum, child) => sum + resident(child), 0);
    return Number.isFinite(cpuMs) && Number.isFinite(residentBytes) ? { cpuMs, residentBytes } : null;
  } catch {
    return null;
  }
};

/** @see proc(5): behind the name in brackets come the fields from the third on; the 14th and 15th are the ticks */
const cpuTime = (stat: string): number => {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS;
};

const resident = (pid: number): number => {
  try {
    return Number(/^VmRSS:\s*(\d+) kB$/mu.exec(readStartNow(`/proc/${pid}/status`, MAX_BYTES))?.[1] ?? 0) * 1024;
  } catch (error) {
    // It has just ended.
    if (isErrno(error, 'ENOENT', 'ESRCH')) return 0;
    throw error;
  }
};

/** Programs that a process's main thread has started; none where the system does not list them. */
const childrenOf = (pid: number): readonly number[] => {
  try {
    return readStartNow(`/proc/${pid}/task/${pid}/children`, MAX_BYTES).split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
};
