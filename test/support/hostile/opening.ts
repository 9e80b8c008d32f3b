import { cp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { programs } from '../command-line.ts';
import { timedRun, type TimedRun } from '../cpu-time.ts';
import { describeTree, type MockHome } from './mock-home.ts';
import type { PreparedLibrary } from './prepared-libraries.ts';

/** A machine that does nothing else opens or refuses a library within 5 s; on a busy one, only CPU time says anything. */
export const CPU_LIMIT_S = 5;
const PATIENCE_MS = 60_000;

/** What people do with a library, in the order in which they do it; the first without having said that they trust it. */
const commandsFor = ({ photos }: MockHome): readonly (readonly string[])[] => [
  ['status'],
  ['status', '--trust'],
  ['index', photos],
  ['doctor', '--repair'],
  ['library', 'delete', '--yes'],
];

export interface Attempt extends TimedRun {
  /** The command line, as a person would write it. */
  readonly command: string;
  /** Lines of the home that are not as they were. */
  readonly changed: readonly string[];
}

const cli = (home: MockHome, args: readonly string[]): Promise<TimedRun> =>
  timedRun([process.execPath, join(programs, 'cli.js'), ...args, '--library', home.library], {
    env: home.env,
    limitMs: PATIENCE_MS,
  });

/** Has the real program make a library, and keeps it as a pattern of those that are prepared. */
export const makePattern = async (home: MockHome, pattern: string): Promise<void> => {
  const made = await cli(home, ['index', home.photos]);
  if (made.code !== 0) throw new Error(`The library was not made: ${made.stderr}`);
  await writeFile(
    join(home.library, 'notes.txt'),
    'something of the person, which keeps the folder from being deleted',
  );
  await cp(home.library, pattern, { recursive: true, preserveTimestamps: true });
};

/** Opens a prepared library with one command after the other. */
export const openPrepared = async (
  home: MockHome,
  pattern: string,
  { prepare }: PreparedLibrary,
): Promise<readonly Attempt[]> => {
  await rm(home.library, { recursive: true });
  await cp(pattern, home.library, { recursive: true, preserveTimestamps: true });
  await prepare(home);
  const before = new Set(await describeTree(home.path, home.library));
  const attempts: Attempt[] = [];
  for (const args of commandsFor(home)) {
    const run = await cli(home, args);
    const after = new Set(await describeTree(home.path, home.library));
    attempts.push({ ...run, command: args.join(' '), changed: differences(before, after) });
  }
  return attempts;
};

const differences = (before: ReadonlySet<string>, after: ReadonlySet<string>): string[] => [
  ...[...before].filter((line) => !after.has(line)).map((line) => `was ${line}`),
  ...[...after].filter((line) => !before.has(line)).map((line) => `is ${line}`),
];
