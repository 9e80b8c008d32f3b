import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { isSafeFromOthers } from './owners.ts';
import {
  dropRelativePath,
  findProgram,
  isKeptByWindows,
  killGroup,
  pathFolders,
  runProgram,
  startNodeGroup,
  startProgram,
} from './programs.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('the path', () => {
  it('is searched in the folders that it names in full', () => {
    const PATH = ['', '.', 'bin', '/usr/bin', '../bin', '/bin'].join(delimiter);
    expect(pathFolders({ PATH })).toEqual(['/usr/bin', '/bin']);
    expect(pathFolders({})).toEqual([]);
  });

  it('is handed on without the others', () => {
    vi.stubEnv('PATH', ['.', '/usr/bin', ''].join(delimiter));
    dropRelativePath();
    expect(process.env.PATH).toBe('/usr/bin');
    // An empty path would be the folder that the program runs in.
    vi.stubEnv('PATH', '.');
    dropRelativePath();
    expect(process.env.PATH).toBeUndefined();
  });
});

describe('on Windows, a program', () => {
  const environment = {
    SystemRoot: 'C:\\Windows',
    ProgramFiles: 'C:\\Program Files',
    'ProgramFiles(x86)': 'C:\\Program Files (x86)',
    ProgramData: 'C:\\ProgramData',
    USERPROFILE: 'C:\\Users\\me',
    LOCALAPPDATA: 'D:\\Local',
    APPDATA: 'C:\\',
  };
  it.each([
    ['C:\\Windows\\explorer.exe', true],
    ['c:\\windows\\EXPLORER.EXE', true],
    ['C:/Program Files/ffmpeg/bin/ffmpeg.exe', true],
    ['C:\\Users\\me\\scoop\\shims\\ffmpeg.exe', true],
    ['D:\\Local\\Microsoft\\WinGet\\Links\\ffmpeg.exe', true],
    ['C:\\ffmpeg\\bin\\ffmpeg.exe', false],
    ['C:\\ProgramData\\chocolatey\\bin\\ffmpeg.exe', false],
    ['C:\\Users\\somebody\\ffmpeg.exe', false],
    ['C:\\Program Files Too\\ffmpeg.exe', false],
    ['C:\\Windows\\..\\ffmpeg\\ffmpeg.exe', false],
    ['D:\\ffmpeg.exe', false],
    ['\\\\server\\share\\ffmpeg.exe', false],
    ['explorer.exe', false],
    ['C:\\Windows', false],
  ])('is taken from where other users cannot write: %s %s', (path, isKept) => {
    expect(isKeptByWindows(path, environment)).toBe(isKept);
  });
});

describe.skipIf(process.platform === 'win32')('a program', () => {
  let home = '';
  let shared = '';
  let canBeSafe = false;
  beforeAll(async () => {
    home = await mkdtemp(join(homedir(), '.afterimage-programs-'));
    shared = await mkdtemp(join(tmpdir(), 'afterimage-programs-'));
    canBeSafe = await isSafeFromOthers(home, 'refuse');
    for (const folder of [home, shared])
      await writeFile(join(folder, 'tool'), '#!/bin/sh\necho "$1 from $0"\n', { mode: 0o755 });
    await writeFile(join(home, 'text'), 'text');
    await mkdir(join(home, 'folder'));
    await symlink(join(shared, 'tool'), join(home, 'link'));
  });
  afterAll(async () => {
    for (const folder of [home, shared]) await rm(folder, { recursive: true });
  });

  it('is not taken by its bare name, nor from where others can write', async () => {
    vi.stubEnv('PATH', home);
    const refused = ['tool', './tool', join(shared, 'tool'), join(home, 'link'), join(home, 'text'), join(home, 'no')];
    expect(await findProgram(refused)).toBeNull();
  });

  it('is taken from the first place where it is safe, and started', async ({ skip }) => {
    if (!canBeSafe) skip('the home folder can be changed by others here');
    const tool = await findProgram([join(shared, 'tool'), join(home, 'tool')]);
    if (tool === null) throw new Error('There is none.');
    expect(tool).toBe(join(home, 'tool'));
    expect((await runProgram(tool, ['word'], { timeout: 10_000 })).toString()).toBe(`word from ${tool}\n`);
    let said = '';
    for await (const chunk of startProgram(tool, ['again'], {}).stdout) said += String(chunk);
    expect(said).toBe(`again from ${tool}\n`);
  });
});

describe.skipIf(process.platform === 'win32')('a program that is still running', () => {
  const module = fileURLToPath(new URL('programs.ts', import.meta.url));
  /** Starts a program that would go on for a minute, tells its number, and waits to be told to exit. */
  const source = `
    import { findProgram, startProgram } from ${JSON.stringify(module)};
    const sleep = await findProgram(['/bin/sleep', '/usr/bin/sleep']);
    process.send(startProgram(sleep, ['60'], {}).pid);
    process.on('message', () => process.exit(3));`;
  const isRunning = (pid: number): boolean => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };
  let entry = '';
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'afterimage-programs-'));
    entry = join(folder, 'entry.mjs');
    await writeFile(entry, source);
  });
  afterAll(() => rm(folder, { recursive: true }));

  it.each<[how: string, end: (child: ChildProcess) => void]>([
    ['exits', (child) => child.send('exit')],
    ['is killed as a group', (child) => killGroup(child)],
    ['is killed by somebody else', (child) => child.kill('SIGKILL')],
  ])('ends when the process that started it %s', async (_, end) => {
    const child = startNodeGroup(entry, { execArgv: ['--import', import.meta.resolve('tsx')] });
    const [pid] = (await once(child, 'message')) as [number];
    expect(isRunning(pid)).toBe(true);
    end(child);
    await once(child, 'exit');
    await expect.poll(() => isRunning(pid), { timeout: 10_000 }).toBe(false);
  });
});
