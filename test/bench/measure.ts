import { readFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';

/** Value under which the share `q` of the samples lies. */
export const quantile = (samples: readonly number[], q: number): number => {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(q * sorted.length) - 1)] ?? NaN;
};

export const median = (samples: readonly number[]): number => quantile(samples, 0.5);

/** Seconds that one run takes. */
export const timed = async (run: () => Promise<unknown>): Promise<number> => {
  const began = performance.now();
  await run();
  return (performance.now() - began) / 1000;
};

/** Resident memory of a process in MB, now and at its highest; Linux only. */
export const memoryOf = (pid: number): { readonly now: number; readonly peak: number } => {
  const text = readFileSync(`/proc/${String(pid)}/status`, 'utf8');
  const field = (name: string): number => Number(new RegExp(`${name}:\\s+(\\d+)`, 'u').exec(text)?.[1] ?? NaN) / 1024;
  return { now: field('VmRSS'), peak: field('VmHWM') };
};

interface Line {
  readonly what: string;
  readonly measured: string;
  readonly asked: string;
  readonly met: boolean;
}

const lines: Line[] = [];

/** Notes one figure, and prints it at once. */
export const report = (what: string, measured: string, asked: string, met: boolean): void => {
  lines.push({ what, measured, asked, met });
  console.log(`${met ? 'ok  ' : 'MISS'} ${what}: ${measured} (asked ${asked})`);
};

/** All figures as the table that docs/benchmarks.md shows. */
export const table = (): string => {
  const [cpu] = cpus();
  const head = `Node ${process.versions.node}, ${process.platform}-${process.arch}, ${String(availableParallelism())} × ${cpu?.model.trim() ?? 'unknown processor'}`;
  return [
    head,
    '',
    '| what | measured | asked | |',
    '|---|---|---|---|',
    ...lines.map((line) => `| ${line.what} | ${line.measured} | ${line.asked} | ${line.met ? 'met' : 'missed'} |`),
  ].join('\n');
};
