import { readdirSync, readFileSync } from 'node:fs';

const read = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // The process has just ended.
    return '';
  }
};

/** A process and all that descend from it; Linux only. */
const familyOf = (pid: number): readonly number[] => {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    // The name of the program stands in parentheses, and may hold some itself.
    const parent = /\) \S (?<parent>\d+) [^)]*$/u.exec(read(`/proc/${name}/stat`))?.groups?.parent;
    if (parent !== undefined) parents.set(Number(name), Number(parent));
  }
  const isOfFamily = (one: number | undefined): boolean =>
    one === pid || (one !== undefined && isOfFamily(parents.get(one)));
  return [...parents.keys()].filter(isOfFamily);
};

/** Bytes of memory that processes take: what several share counts once (the sum of their PSS). */
const memoryTaken = (pids: readonly number[]): number =>
  pids
    .map(
      (pid) =>
        1024 * Number(/^Pss:\s+(?<kilobytes>\d+)/mu.exec(read(`/proc/${pid}/smaps_rollup`))?.groups?.kilobytes ?? 0),
    )
    .reduce((sum, bytes) => sum + bytes, 0);

/** Looks at the memory of a process and its descendants every so many milliseconds. @returns ends it, and tells the most */
export const watchMemory = (pid: number, everyMs: number): (() => number) => {
  let most = 0;
  const timer = setInterval(() => (most = Math.max(most, memoryTaken(familyOf(pid)))), everyMs);
  return () => {
    clearInterval(timer);
    return most;
  };
};
