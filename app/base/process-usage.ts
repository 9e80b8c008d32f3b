import { readStartNow } from './read.ts';

/** What a process has used of the computer. */
export interface ProcessUsage {
  /** Milliseconds of work on all cores since it began. */
  readonly cpuMs: number;
  /** Memory that it holds now, pages of mapped files included. */
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
    return parse(readStartNow(`/proc/${pid}/stat`, MAX_BYTES), readStartNow(`/proc/${pid}/status`, MAX_BYTES));
  } catch {
    return null;
  }
};

/** @see proc(5): behind the name in brackets come the fields from the third on; the 14th and 15th are the ticks */
const parse = (stat: string, status: string): ProcessUsage | null => {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const cpuMs = ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS;
  const residentBytes = Number(/^VmRSS:\s*(\d+) kB$/mu.exec(status)?.[1]) * 1024;
  return Number.isFinite(cpuMs) && Number.isFinite(residentBytes) ? { cpuMs, residentBytes } : null;
};
