import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Stream } from 'node:stream';
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
  const [stdout, stderr, times] = [shell.stdout, shell.stderr, shell.stdio[3]].map(textOf);
  const closed = once(shell, 'close');
  const limit = setTimeout(() => process.kill(group, 'SIGKILL'), limitMs);
  // How it ended, which is the shell's to tell; what it has left behind may hold its streams open.
  const [code] = (await once(shell, 'exit')) as [number | null];
  clearTimeout(limit);
  const seconds = (performance.now() - began) / 1000;
  const endedWhole = await hasEnded(group);
  if (!endedWhole) process.kill(group, 'SIGKILL');
  await closed;
  const parts = [...(times?.() ?? '').matchAll(TIMES)].map(
    ({ groups }) => 60 * Number(groups?.minutes) + Number(groups?.seconds),
  );
  return {
    code,
    stdout: stdout?.() ?? '',
    stderr: stderr?.() ?? '',
    cpuSeconds: parts.reduce((sum, part) => sum + part, 0),
    seconds,
    endedWhole,
  };
};

/** Collects what a stream brings. @returns tells what came so far */
const textOf = (stream: Stream | null | undefined): (() => string) => {
  let text = '';
  stream?.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  return () => text;
};

const hasEnded = async (group: number): Promise<boolean> => {
  const until = performance.now() + ENDING_MS;
  while (performance.now() < until) {
    try {
      process.kill(group, 0);
    } catch {
      return true;
    }
    await pause(50);
  }
  return false;
};
