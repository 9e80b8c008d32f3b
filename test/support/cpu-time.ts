import { spawn } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';

export interface TimedRun {
  /** null for a run that was ended because it took too long. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Of the program and all processes that it started and waited for; user and system. */
  readonly cpuSeconds: number;
  readonly seconds: number;
  /** Whether all processes that it started had ended a moment later. */
  readonly endedWhole: boolean;
}

const TIMES = /(?<minutes>\d+)m(?<seconds>[\d.]+)s/gu;
/** How long what a program has left behind may take to end. */
const ENDING_MS = 15_000;

/**
 * Runs a program to its end and adds up the CPU time of all its processes; not on Windows.
 *
 * @param limitMs after which it is killed, with all that it started
 */
export const timedRun = async (
  command: readonly string[],
  { env = process.env, limitMs = 600_000 }: { readonly env?: NodeJS.ProcessEnv; readonly limitMs?: number } = {},
): Promise<TimedRun> => {
  const began = performance.now();
  // Only a shell knows how much time the processes took that are gone.
  const shell = spawn('bash', ['-c', '"$@"; code=$?; times >&3; exit $code', 'timed', ...command], {
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  const group = -(shell.pid ?? Number.NaN);
  const texts = ['', '', ''];
  for (const [index, stream] of [shell.stdout, shell.stderr, shell.stdio[3]].entries())
    if (stream !== null && stream !== undefined && 'setEncoding' in stream)
      stream.setEncoding('utf8').on('data', (text: string) => (texts[index] += text));
  const limit = setTimeout(() => process.kill(group, 'SIGKILL'), limitMs);
  const code = await new Promise<number | null>((resolve, reject) => {
    shell.once('error', reject);
    shell.once('exit', resolve);
  });
  clearTimeout(limit);
  const seconds = (performance.now() - began) / 1000;
  const endedWhole = await ended(group);
  if (!endedWhole) process.kill(group, 'SIGKILL');
  const [stdout = '', stderr = '', times = ''] = texts;
  const parts = [...times.matchAll(TIMES)].map(({ groups }) => 60 * Number(groups?.minutes) + Number(groups?.seconds));
  return { code, stdout, stderr, cpuSeconds: parts.reduce((sum, part) => sum + part, 0), seconds, endedWhole };
};

const ended = async (group: number): Promise<boolean> => {
  for (const began = performance.now(); performance.now() - began < ENDING_MS; await pause(50)) {
    try {
      process.kill(group, 0);
    } catch {
      return true;
    }
  }
  return false;
};
