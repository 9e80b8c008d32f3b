import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, lstat, mkdir, readdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { indexReportSchema } from '../../app/contract/index.ts';
import { readHolder, type Holder } from '../../main/engine/lock.ts';
import { markHere } from '../../main/engine/mark.ts';
import { connectBuilt } from '../support/built.ts';
import { run, runJson, temporaryFolder } from '../support/command-line.ts';
import { killEngine } from '../support/engine-process.ts';
import { writePaintings } from '../support/paintings.ts';
import { leaveRecord, recordOf } from '../support/runtime-record.ts';
import { isWhole, sampleOf } from '../support/hostile/whole.ts';

const isWindows = process.platform === 'win32';
const LETTERS = 'dear';
/** Number of no process. */
const ENDED = 2 ** 22 - 1;
let folder = '';
let library = '';
let mark = '';
let victim = '';
let photos = 0;
let remove: () => Promise<void>;

beforeAll(async () => {
  [folder, remove] = await temporaryFolder();
  library = join(folder, 'library');
  mark = join(library, 'engine.lock');
  victim = join(folder, 'letters.txt');
  await writeFile(victim, LETTERS);
  photos = (await writePaintings(join(folder, 'photos'))).length;
  indexReportSchema.parse(await runJson('index', join(folder, 'photos'), '--library', library));
});
afterAll(() => remove());
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(mark, { recursive: true, force: true });
  expect(await readFile(victim, 'utf8')).toBe(LETTERS);
});

const opens = async (): Promise<void> =>
  expect(await runJson('status', '--library', library)).toMatchObject({ library: { photos } });
const refusal = async (): Promise<string> => {
  const { code, stderr } = await run('status', '--library', library);
  expect(code).toBe(1);
  return stderr;
};

/** Listens, and notes what everybody who comes says; `answer` may say something to it. */
class FalseEngine {
  readonly heard: string[] = [];
  visits = 0;
  readonly server: Server;

  constructor(answer: (socket: Socket, heard: string) => void = () => undefined) {
    this.server = createServer((socket) => {
      const place = this.visits++;
      this.heard[place] = '';
      socket.on('error', () => undefined);
      socket.setEncoding('latin1').on('data', (text: string) => {
        const heard = `${this.heard[place] ?? ''}${text}`;
        this.heard[place] = heard;
        answer(socket, heard);
      });
    });
  }

  async listen(at: string | number): Promise<this> {
    if (typeof at === 'number') this.server.listen(at, '127.0.0.1');
    else this.server.listen(at);
    await once(this.server, 'listening');
    return this;
  }
}

describe('an engine.lock that names a false engine', () => {
  it('has no file deleted that it names, whoever is said to have written it', async () => {
    const { computer } = await markHere('');
    const named = { address: victim, secret: 'x' };
    const variants = [
      [{ ...named, pid: ENDED }, 'status', 0],
      [{ ...named, pid: ENDED, computer, address: '../letters.txt' }, 'doctor', 0],
      [{ ...named, pid: process.pid, computer }, 'status', 1],
      [{ ...named, pid: ENDED, computer: 'elsewhere' }, 'status', 1],
    ] as const;
    for (const [said, command, code] of sampleOf(variants, 2)) {
      await writeFile(mark, JSON.stringify(said));
      expect([said, (await run(command, '--library', library)).code]).toEqual([said, code]);
      expect(await readFile(victim, 'utf8')).toBe(LETTERS);
      await rm(mark, { force: true });
    }
  });

  if (isWhole)
    it('has nobody connect to a port or a socket that it names', async () => {
      const port = await new FalseEngine().listen(0);
      const path = isWindows ? '\\\\.\\pipe\\afterimage-false' : join(folder, 'false');
      const socket = await new FalseEngine().listen(path);
      // A server that listens on TCP has an address object.
      const number = (port.server.address() as AddressInfo).port;
      for (const address of [String(number), path]) {
        await writeFile(mark, JSON.stringify({ pid: ENDED, address, secret: 'x' }));
        await opens();
      }
      // Of a process that runs nobody can tell whether it is an older program's engine.
      await writeFile(mark, JSON.stringify({ pid: process.pid, address: String(number), secret: 'x' }));
      expect(await refusal()).toContain(`process ${String(process.pid)}`);
      expect([port.visits, socket.visits]).toEqual([0, 0]);
      port.server.close();
      socket.server.close();
    });
});

if (isWhole)
  describe('something else in the place of engine.lock', () => {
    it.skipIf(isWindows)('is refused by its name, and left alone', async () => {
      for (const plant of [
        () => symlink(victim, mark),
        () => Promise.resolve(execFileSync('mkfifo', [mark])),
        () => mkdir(join(mark, 'full'), { recursive: true }),
      ]) {
        await plant();
        const { ino } = await lstat(mark);
        expect(await refusal()).toContain(`${mark} is not the file`);
        expect((await lstat(mark)).ino).toBe(ino);
        await rm(mark, { recursive: true });
      }
    });

    it('that is huge or deep is no lock', async () => {
      await writeFile(mark, '['.repeat(4000));
      await opens();
      await writeFile(mark, '');
      await truncate(mark, 2 ** 36);
      await opens();
    });
  });

describe.skipIf(isWindows)('a false engine in the place of the real one', () => {
  /** An engine that was killed, and whose record says that the process of that number has the library. */
  const dead = async (pid: number): Promise<Holder> => {
    const { client } = await connectBuilt(library);
    const holder = await readHolder(library);
    if (holder === null) throw new Error('Nobody holds the library.');
    const record = await recordOf(holder);
    await killEngine(library);
    client.close();
    await rm(holder.address, { force: true });
    await leaveRecord(record, { ...holder, pid });
    return { ...holder, pid };
  };

  if (isWhole)
    it('whose process has ended is not even asked', async () => {
      const { address } = await dead(ENDED);
      const { server, heard } = await new FalseEngine().listen(address);
      await opens();
      expect(heard).toEqual([]);
      server.close();
    });

  it('is asked for its proof, learns one random number and is believed nothing', async () => {
    const { address, secret } = await dead(process.pid);
    const engine = await new FalseEngine((socket) => {
      socket.write(`${'a'.repeat(43)} ${'a'.repeat(43)}\nwelcome\n`);
    }).listen(address);
    expect(await refusal()).toContain('already open in another engine');
    // Some only look whether anybody is there.
    const said = engine.heard.filter((text) => text !== '');
    expect(said.length).toBeGreaterThan(0);
    for (const text of said) expect(text).toMatch(/^[\w-]{43}\n$/u);
    expect(new Set(said).size).toBe(said.length);
    expect(said.join('')).not.toContain(secret);
    engine.server.close();
    await opens();
  });

  if (isWhole)
    it('that is a link to another socket is not connected to', async () => {
      const elsewhere = await new FalseEngine().listen(join(folder, 'elsewhere.sock'));
      const { address } = await dead(process.pid);
      await symlink(join(folder, 'elsewhere.sock'), address);
      await opens();
      expect(elsewhere.visits).toBe(0);
      elsewhere.server.close();
    });
});

describe.skipIf(isWindows)('the folder of secrets and sockets', () => {
  it('that others can enter is not used, nor the library’s own instead', async () => {
    const runtime = join(folder, 'runtime');
    const ours = join(runtime, `afterimage-${String(process.getuid?.())}`);
    await mkdir(runtime, { mode: 0o700 });
    vi.stubEnv('XDG_RUNTIME_DIR', runtime);
    vi.stubEnv('TMPDIR', join(folder, 'nowhere'));
    vi.stubEnv('XDG_DATA_HOME', '/dev/null');
    const before = await readdir(library);
    for (const plant of [() => symlink(library, ours), () => mkdir(ours).then(() => chmod(ours, 0o711))]) {
      await plant();
      expect(await refusal()).toContain(ours);
      expect(await readdir(library)).toEqual(before);
      await rm(ours, { recursive: true });
    }
  });
});
