import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { examine, introduce, welcome } from './handshake.ts';

const secret = randomBytes(32).toString('base64url');
const other = randomBytes(32).toString('base64url');
let folder = '';
let address = '';
let server: Server;
const sockets: Socket[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'afterimage-handshake-'));
  address =
    process.platform === 'win32' ? `\\\\.\\pipe\\${folder.replaceAll(/[\\:]/gu, '-')}` : join(folder, 'engine.sock');
});
afterEach(async () => {
  vi.useRealTimers();
  for (const socket of sockets.splice(0)) socket.destroy();
  server.close();
  await rm(folder, { recursive: true, force: true });
});

/** Listens, and does this with whoever comes. */
const listen = async (admit: (socket: Socket) => void): Promise<void> => {
  server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    admit(socket);
  }).listen(address);
  await once(server, 'listening');
};
const come = async (): Promise<Socket> => {
  const socket = connect(address);
  sockets.push(socket);
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
};
/** Not `once`, which takes a line that is reset for an error. */
const isCut = (socket: Socket): Promise<void> =>
  new Promise((resolve) => {
    if (socket.closed) resolve();
    else socket.once('close', () => resolve());
  });
/** All that is heard until the line is cut. */
const hear = async (socket: Socket): Promise<string> => {
  let heard = '';
  socket.setEncoding('latin1').on('data', (text: string) => (heard += text));
  await isCut(socket);
  return heard;
};
const engineWith = (its: string): Promise<void> =>
  listen((socket) => {
    examine(socket, its).then(
      () => {
        welcome(socket);
        socket.write('first message\n');
        socket.on('data', (data) => socket.write(data)).resume();
      },
      () => undefined,
    );
  });

describe('an engine and a caller that know the same secret', () => {
  it('let each other in, and keep what follows for later', async () => {
    await engineWith(secret);
    const socket = await come();
    await introduce(socket, secret);
    socket.write('request\n');
    let heard = '';
    socket
      .setEncoding('latin1')
      .on('data', (text: string) => (heard += text))
      .resume();
    await expect.poll(() => heard).toBe('first message\nrequest\n');
  });
});

describe('an engine', () => {
  it('turns away who does not know its secret', async () => {
    await engineWith(secret);
    await expect(introduce(await come(), other)).rejects.toMatchObject({ kind: 'unauthorized' });
  });

  it.each(['', 'guess', secret.slice(1), `${secret} ${secret}`, '{"type":"request"}', 'x'.repeat(1 << 20)])(
    'says nothing to who begins otherwise',
    async (greeting) => {
      await engineWith(secret);
      const socket = await come();
      socket.write(`${greeting}\n`);
      expect(await hear(socket)).toBe('');
    },
  );

  it.each<readonly [string, (ask: string, drawn: string, signature: string) => string]>([
    ['what was asked', (ask) => ask],
    ['what it has drawn', (_ask, drawn) => drawn],
    ['its own signature', (_ask, _drawn, signature) => signature],
    ['all of its answer', (_ask, drawn, signature) => `${drawn} ${signature}`],
    ['nothing', () => ''],
  ])('takes for no proof %s', async (_what, proof) => {
    await engineWith(secret);
    const ask = randomBytes(32).toString('base64url');
    const socket = await come();
    let answer = '';
    socket.setEncoding('latin1').on('data', (text: string) => (answer += text));
    socket.write(`${ask}\n`);
    await expect.poll(() => answer).toMatch(/^[\w-]{43} [\w-]{43}\n$/u);
    const [drawn = '', signature = ''] = answer.trim().split(' ');
    socket.write(`${proof(ask, drawn, signature)}\n`);
    await isCut(socket);
    expect(answer).toBe(`${drawn} ${signature}\n`);
  });

  it('waits for nobody for ever, and reads no line without end', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    let refused = 0;
    await listen((socket) => {
      examine(socket, secret).catch(() => refused++);
    });
    const silent = await come();
    const endless = await come();
    endless.write('x'.repeat(1 << 20));
    // The one that says too much is cut off before the time is up.
    await hear(endless);
    expect([refused, silent.closed]).toEqual([1, false]);
    await vi.advanceTimersByTimeAsync(20_000);
    await hear(silent);
    expect(refused).toBe(2);
  });
});

describe('a caller', () => {
  it.each<readonly [string, (socket: Socket, heard: string) => void]>([
    ['that welcomes everybody', (socket) => socket.write('welcome\n')],
    ['that gives back what was asked', (socket, heard) => socket.write(`${heard.trim()} ${heard.trim()}\nwelcome\n`)],
    ['that guesses', (socket) => socket.write(`${other} ${other}\nwelcome\n`)],
    ['that says nothing sensible', (socket) => socket.write('\n')],
    ['that says too much', (socket) => socket.write('x'.repeat(1 << 20))],
    ['that goes away', (socket) => socket.destroy()],
  ])('tells a false engine %s nothing but a random number, and does not believe it', async (_how, answer) => {
    let heard = '';
    await listen((socket) => {
      socket.setEncoding('latin1').on('data', (text: string) => {
        heard += text;
        answer(socket, heard);
      });
    });
    await expect(introduce(await come(), secret)).rejects.toMatchObject({ kind: 'unauthorized' });
    expect(heard).toMatch(/^[\w-]{43}\n$/u);
    expect(heard).not.toContain(secret);
  });

  it('does not wait for ever for a proof', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    await listen(() => undefined);
    const meeting = introduce(await come(), secret);
    const refusal = expect(meeting).rejects.toMatchObject({ kind: 'unauthorized' });
    await vi.advanceTimersByTimeAsync(20_000);
    await refusal;
  });
});
