import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rm,
  stat,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { createServer } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { leaveRecord, recordOf } from '../../test/support/runtime-record.ts';
import { Lock, readHolder, type Holder } from './lock.ts';
import { markHere, readMark, type Mark } from './mark.ts';

const isWindows = process.platform === 'win32';
let folder = '';
let library = '';
let mark = '';
/** Number of a process that has ended. */
let ended = 0;
/** A mark of this computer. */
let here: Mark;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'afterimage-lock-'));
  library = join(folder, 'library');
  mark = join(library, 'engine.lock');
  await mkdir(library);
  vi.stubEnv('XDG_RUNTIME_DIR', folder);
  vi.stubEnv('LOCALAPPDATA', folder);
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  ended = child.pid ?? 0;
  here = { ...(await markHere('somebody')), pid: ended };
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

const take = async (): Promise<Lock> => {
  const lock = await Lock.take(library);
  try {
    await lock.mark();
    return lock;
  } catch (error) {
    await lock.release();
    throw error;
  }
};
const leaveMark = (left: unknown): Promise<void> => writeFile(mark, JSON.stringify(left));
/** Takes the library over, lets it go, and leaves nothing of it. */
const takeOver = async (): Promise<void> => {
  const lock = await take();
  expect(await readHolder(library)).toEqual(lock.holder);
  expect(await readMark(library)).toMatchObject({ pid: process.pid });
  await lock.release();
  expect(existsSync(mark)).toBe(false);
  expect(await readHolder(library)).toBeNull();
};
/** What a process has left that was killed with the library open. */
const leaveLock = async (pid: number): Promise<Holder> => {
  const { holder } = await take();
  await leaveRecord(await recordOf(holder), { ...holder, pid });
  return { ...holder, pid };
};

describe('the lock of a library', () => {
  it('tells nobody in the library how to speak to the engine, or where', async () => {
    const lock = await take();
    expect(await readdir(library)).toEqual(['engine.lock']);
    const said = await readFile(mark, 'utf8');
    for (const secret of [lock.holder.secret, lock.holder.address, folder]) expect(said).not.toContain(secret);
    await lock.release();
  });

  it('is taken among the programs of a person without a trace in the library', async () => {
    const lock = await Lock.take(library);
    expect(await readdir(library)).toEqual([]);
    const listener = createServer((socket) => socket.destroy()).listen(lock.holder.address);
    await once(listener, 'listening');
    await expect(Lock.take(library)).rejects.toThrow('already open in another engine');
    listener.close();
    await lock.release();
    await takeOver();
  });

  it('of a process that has ended is taken over, with the mark that it left', async () => {
    const dead = await leaveLock(ended);
    await takeOver();
    expect(existsSync(dead.address)).toBe(false);
  });

  it('of a process whose number another program has now is taken over', async () => {
    await leaveLock(process.ppid);
    await takeOver();
  });

  it('of a process that has ended is taken over even when somebody listens at its address', async () => {
    const dead = await leaveLock(ended);
    const listener = createServer((socket) => socket.destroy()).listen(dead.address);
    await once(listener, 'listening');
    const lock = await take();
    expect(lock.holder.address).not.toBe(dead.address);
    listener.close();
    await lock.release();
  });

  it.skipIf(isWindows)('is one lock, whatever the path of the library', async () => {
    await symlink(library, join(folder, 'link'));
    const lock = await take();
    expect(await readHolder(join(folder, 'link'))).toEqual(lock.holder);
    await lock.release();
  });

  it('that cannot be understood is none', async () => {
    const { holder } = await take();
    await writeFile(await recordOf(holder), '{');
    await writeFile(mark, '');
    await takeOver();
  });
});

describe('the mark in a library', () => {
  it('of a process of this computer that has ended is taken over', async () => {
    expect(here.computer).toContain(hostname());
    await leaveMark(here);
    await takeOver();
  });

  it('of a process that runs is kept, and named', async () => {
    await leaveMark({ ...here, pid: process.ppid });
    await expect(take()).rejects.toMatchObject({
      kind: 'library-locked',
      message: expect.stringContaining(`process ${String(process.ppid)}`),
    });
    await expect(take()).rejects.toThrow(`delete the file ${await realpath(library)}`);
    expect(await readMark(library)).toMatchObject({ pid: process.ppid });
    expect(await readHolder(library)).toBeNull();
  });

  it('of an earlier start of this computer is taken over, whoever has the number now', async () => {
    await leaveMark({ ...here, pid: process.ppid, boot: 's86400' });
    await takeOver();
  });

  it('of an older program is not followed, and taken over when its process has ended', async () => {
    const victim = join(folder, 'letters.txt');
    await writeFile(victim, 'dear');
    const older = { address: victim, secret: 'x' };
    await leaveMark({ ...older, pid: ended });
    await takeOver();
    await leaveMark({ ...older, pid: process.ppid });
    await expect(take()).rejects.toMatchObject({ kind: 'library-locked' });
    expect(await readFile(victim, 'utf8')).toBe('dear');
  });

  it.each(['elsewhere', `${hostname()} (another)`])(
    'of another computer (%s) stays until the person deletes it',
    async (computer) => {
      await leaveMark({ ...here, computer });
      const refusal = take();
      await expect(refusal).rejects.toMatchObject({ kind: 'library-locked' });
      await expect(refusal).rejects.toThrow(computer);
      await expect(refusal).rejects.toThrow(`delete the file ${join(await realpath(library), 'engine.lock')}`);
      expect(await readMark(library)).toEqual({ ...here, computer });
      await rm(mark);
      await takeOver();
    },
  );

  it('of this computer under another name is taken over, where computers have a number', async () => {
    const renamed = here.computer?.replace(hostname(), 'renamed') ?? '';
    await leaveMark({ ...here, computer: renamed });
    if (renamed === 'renamed') await expect(take()).rejects.toMatchObject({ kind: 'library-locked' });
    else await takeOver();
  });

  it('of another computer does not hide an engine that runs here', async () => {
    const lock = await take();
    const listener = createServer((socket) => socket.destroy()).listen(lock.holder.address);
    await once(listener, 'listening');
    await leaveMark({ ...here, computer: 'elsewhere' });
    await expect(take()).rejects.toThrow('already open in another engine');
    listener.close();
  });

  it.each(['', 'null', '[]', '{"pid":-1}', '{"pid":"1"}', `{"pid":1,"computer":"${'x'.repeat(5000)}"}`])(
    'that says nothing sensible is none: %j',
    async (text) => {
      await writeFile(mark, text);
      await takeOver();
    },
  );

  it('that is huge is none', async () => {
    await writeFile(mark, '');
    await truncate(mark, 2 ** 36);
    await takeOver();
  });

  it.skipIf(isWindows)('that is a link, a pipe or a folder keeps the library shut, and is left as it is', async () => {
    const victim = join(folder, 'letters.txt');
    await writeFile(victim, JSON.stringify(here));
    const { mtimeMs } = await stat(victim);
    for (const plant of [
      () => symlink(victim, mark),
      () => symlink('/dev/zero', mark),
      () => Promise.resolve(execFileSync('mkfifo', [mark])),
      () => mkdir(mark),
    ]) {
      await plant();
      const planted = await lstat(mark);
      await expect(take()).rejects.toMatchObject({
        kind: 'library-damaged',
        message: expect.stringContaining('Delete it'),
      });
      expect((await lstat(mark)).ino).toBe(planted.ino);
      await rm(mark, { recursive: true });
    }
    expect((await stat(victim)).mtimeMs).toBe(mtimeMs);
    // Nothing stays behind.
    await takeOver();
  });
});

describe.skipIf(isWindows)('what is planted where a mark is cleared away', () => {
  it('goes, and nothing that it leads to', async () => {
    const turn = `${mark}.clearing`;
    const album = join(folder, 'album');
    await mkdir(album);
    await writeFile(join(album, 'a.jpg'), 'a');
    for (const plant of [
      () => symlink(join(album, 'a.jpg'), turn),
      () => symlink(album, turn),
      () => Promise.resolve(execFileSync('mkfifo', [turn])),
      () => mkdir(turn),
    ]) {
      await leaveMark(here);
      await plant();
      await takeOver();
      expect(await readdir(library)).toEqual([]);
      expect(await readFile(join(album, 'a.jpg'), 'utf8')).toBe('a');
    }
  });
});

describe.skipIf(isWindows)('the folder of secrets and sockets', () => {
  const runtime = (): string => join(folder, `afterimage-${String(process.getuid?.())}`);
  const refused = async (): Promise<void> => {
    // No other place is left to it.
    vi.stubEnv('TMPDIR', join(folder, 'nowhere'));
    vi.stubEnv('XDG_DATA_HOME', '/dev/null');
    vi.stubEnv('HOME', '/dev/null');
    await expect(Lock.take(library)).rejects.toMatchObject({
      kind: 'unreadable',
      message: expect.stringContaining(runtime()),
    });
    expect(await readdir(library)).toEqual([]);
  };

  it('is for its owner alone', async () => {
    const lock = await take();
    expect((await stat(runtime())).mode & 0o777).toBe(0o700);
    for (const name of await readdir(runtime()))
      if (name.endsWith('.json')) expect((await stat(join(runtime(), name))).mode & 0o777).toBe(0o600);
    await lock.release();
  });

  it('is not one that others can enter', async () => {
    await mkdir(runtime());
    await chmod(runtime(), 0o711);
    await refused();
  });

  it('is no link, and no file', async () => {
    await mkdir(join(folder, 'theirs'), { mode: 0o700 });
    await symlink(join(folder, 'theirs'), runtime());
    await refused();
    expect(await readdir(join(folder, 'theirs'))).toEqual([]);
    await rm(runtime());
    await writeFile(runtime(), '');
    await refused();
  });

  it('does not lie where others can put another one in its place', async () => {
    await chmod(folder, 0o777);
    await refused();
    await chmod(folder, 0o1777);
    await takeOver();
  });

  it('lies in the person’s own data where another user has taken its names', async () => {
    await mkdir(runtime());
    await chmod(runtime(), 0o711);
    vi.stubEnv('TMPDIR', folder);
    vi.stubEnv('XDG_DATA_HOME', join(folder, 'data'));
    vi.stubEnv('HOME', folder);
    const own = process.platform === 'darwin' ? join(folder, 'Library', 'Application Support') : join(folder, 'data');
    const lock = await take();
    expect(lock.holder.address).toContain(join(own, 'afterimage', 'runtime'));
    expect((await readHolder(library))?.address).toBe(lock.holder.address);
    await lock.release();
  });

  it('is looked for elsewhere where the system names none', async () => {
    vi.stubEnv('XDG_RUNTIME_DIR', 'relative');
    vi.stubEnv('TMPDIR', folder);
    const lock = await take();
    expect(lock.holder.address).toContain(runtime());
    await lock.release();
  });
});
