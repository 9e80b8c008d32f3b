import {
  execFile,
  fork,
  spawn,
  type ChildProcess,
  type ChildProcessByStdio,
  type ExecFileOptions,
  type ForkOptions,
  type SpawnOptions,
} from 'node:child_process';
import { access, constants, realpath } from 'node:fs/promises';
import { delimiter, isAbsolute, win32 } from 'node:path';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { isSafeFromOthers } from './owners.ts';

/**
 * The only module that starts other programs; the import rules forbid it to all other modules. A program is named by its whole path,
 * and only started from where nobody but the system and this person can have put it.
 */

declare const found: unique symbol;
/** Path of a program that `findProgram` has looked at. */
export type Program = string & { readonly [found]: true };

type Environment = Readonly<Record<string, string | undefined>>;

/** Folders of Windows that it keeps from other users, and those of the person; every user may make folders in `C:\` and in ProgramData. */
const WINDOWS_KEPT = [
  'SystemRoot',
  'ProgramFiles',
  'ProgramFiles(x86)',
  'ProgramW6432',
  'USERPROFILE',
  'LOCALAPPDATA',
  'APPDATA',
];

/** Whether a path lies where Windows lets no other user write; who may write elsewhere, Node cannot tell. */
export const isKeptByWindows = (path: string, environment: Environment): boolean =>
  win32.isAbsolute(path) &&
  WINDOWS_KEPT.some((name) => {
    const folder = environment[name] ?? '';
    // The root of a drive is not protected.
    if (!win32.isAbsolute(folder) || win32.parse(folder).root === win32.resolve(folder)) return false;
    const below = win32.relative(folder, path);
    return below !== '' && below !== '..' && !below.startsWith('..\\') && !win32.isAbsolute(below);
  });

const isSafe = async (path: string, environment: Environment, platform: NodeJS.Platform): Promise<boolean> =>
  platform === 'win32'
    ? isKeptByWindows(path, environment) && isKeptByWindows(await realpath(path), environment)
    : isSafeFromOthers(path, 'refuse');

/** @returns the first of these paths where there is a program that no other user can have put there; null when there is none */
export const findProgram = async (
  paths: readonly string[],
  environment: Environment = process.env,
  platform = process.platform,
): Promise<Program | null> => {
  for (const path of paths) {
    if (!isAbsolute(path)) continue;
    try {
      await access(path, constants.X_OK);
      // The one place where a path becomes a program.
      if (await isSafe(path, environment, platform)) return path as Program;
    } catch {
      // Not here.
    }
  }
  return null;
};

/** The folders of the path that are named in full: a relative one is whatever folder the program happens to run in. */
export const pathFolders = (environment: Environment = process.env): readonly string[] =>
  (environment.PATH ?? '').split(delimiter).filter(isAbsolute);

/** Lets nothing that this process starts, packages of others included, look for programs in the folder that it runs in. */
export const dropRelativePath = (): void => {
  const folders = pathFolders();
  // A path that is empty would stand for that folder; without one, the system looks in its own.
  if (folders.length === 0) delete process.env.PATH;
  else process.env.PATH = folders.join(delimiter);
};

/** Programs that this process waits for. They are killed when it exits: what runs for nobody would never be ended. */
const waitedFor = new Set<ChildProcess>();

const killAll = (): void => {
  for (const child of waitedFor) child.kill('SIGKILL');
};

const waitFor = (child: ChildProcess): void => {
  if (waitedFor.size === 0) process.once('exit', killAll);
  waitedFor.add(child);
  const forget = (): void => {
    waitedFor.delete(child);
    if (waitedFor.size === 0) process.off('exit', killAll);
  };
  child.once('exit', forget);
  // Without it there is no `exit`: the program could not be started.
  child.once('error', forget);
};

/** Starts a program and reads what it says on both streams. */
export const startProgram = (
  program: Program,
  args: readonly string[],
  options: Pick<SpawnOptions, 'timeout' | 'killSignal'>,
): ChildProcessByStdio<null, Readable, Readable> => {
  const child = spawn(program, [...args], { ...options, stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true });
  waitFor(child);
  return child;
};

/** Runs a program to its end. @returns what it wrote. Rejects as `execFile` of Node does, with `stderr` and `signal` */
export const runProgram = async (
  program: Program,
  args: readonly string[],
  options: Pick<ExecFileOptions, 'timeout' | 'killSignal' | 'maxBuffer'>,
): Promise<Buffer> => {
  const running = promisify(execFile)(program, [...args], { ...options, encoding: 'buffer', windowsHide: true });
  waitFor(running.child);
  return (await running).stdout;
};

/** Starts a program without waiting for it; a failure to start is not reported. */
export const launchProgram = (program: Program, args: readonly string[]): void => {
  const child = spawn(program, [...args], { stdio: 'ignore', detached: true });
  child.on('error', () => undefined);
  child.unref();
};

/** Starts a module of this program in a Node of its own: the one that runs this, or another one of ours by its whole path. */
export const startNode = (entry: string, options: ForkOptions): ChildProcess => fork(entry, [], options);

/** As `startNode`, in a group that `killGroup` ends together with every program it has started. */
export const startNodeGroup = (entry: string, options: ForkOptions): ChildProcess => {
  // Windows ends what a process has started together with it, unless it is detached.
  const child = startNode(entry, { ...options, detached: process.platform !== 'win32' });
  // What ends by itself leaves nothing running, either.
  child.once('exit', () => killGroup(child));
  return child;
};

/** Ends a process of `startNodeGroup` at once, and the programs that it has started. */
export const killGroup = (child: ChildProcess): void => {
  child.kill('SIGKILL');
  if (process.platform === 'win32' || child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // Nothing of the group is left.
  }
};
