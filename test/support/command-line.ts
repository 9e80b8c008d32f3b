import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const programs = fileURLToPath(new URL('../../dist/main', import.meta.url));

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What makes a folder the home of a person, who keeps their data in it unless the test has said where. */
export const ownData = (home: string): Readonly<Record<string, string>> => ({
  HOME: home,
  USERPROFILE: home,
  ...(process.env.XDG_DATA_HOME === process.env.AFTERIMAGE_DATA_OF_TESTS
    ? { XDG_DATA_HOME: join(home, '.local', 'share'), LOCALAPPDATA: join(home, 'AppData', 'Local') }
    : {}),
});

/** Starts the built command line as its own process; `home` stands in for the person's home folder. */
export const startAt = (home: string | undefined, ...args: readonly string[]): ChildProcess =>
  spawn(process.execPath, [join(programs, 'cli.js'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...(home === undefined ? {} : ownData(home)) },
  });

export const start = (...args: readonly string[]): ChildProcess => startAt(undefined, ...args);

export const finished = (child: ChildProcess): Promise<Outcome> =>
  new Promise((resolve, reject) => {
    let stdout = '';
    let stderr = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.once('error', reject);
    child.once('close', (code) => {
      resolve({ code, stdout, stderr });
    });
  });

/** Runs the built command line to its end. */
export const run = (...args: readonly string[]): Promise<Outcome> => finished(start(...args));

/** Runs with `--json` and reads the last line; fails with what was printed when the exit code is not 0. */
export const runJson = async (...args: readonly string[]): Promise<unknown> => {
  const { code, stdout, stderr } = await run(...args, '--json');
  if (code !== 0) throw new Error(`afterimage ${args.join(' ')} ended with ${String(code)}: ${stderr}${stdout}`);
  return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '');
};

/** A fresh folder that is removed by the returned function. */
export const temporaryFolder = async (): Promise<readonly [path: string, remove: () => Promise<void>]> => {
  const path = await mkdtemp(join(tmpdir(), 'afterimage-test-'));
  return [path, () => rm(path, { recursive: true, force: true, maxRetries: 5 })];
};
