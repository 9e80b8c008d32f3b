import { once } from 'node:events';
import { mkdir, readFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import { z } from 'zod';
import { createClient, errorDataSchema, methods, type MethodName, type Transport } from '../../app/contract/index.ts';
import { introduce } from '../../main/engine/handshake.ts';
import { readHolder } from '../../main/engine/lock.ts';
import { socketTransport } from '../../main/transports/socket.ts';
import { webSocketTransport } from '../../main/transports/web-socket.ts';
import { temporaryFolder } from '../support/command-line.ts';
import { isRunning } from '../support/engine-process.ts';
import { hostileMessage, hostileTexts } from '../support/hostile.ts';
import { fetchLocal, socketTo } from '../support/local-names.ts';
import { writePaintings } from '../support/paintings.ts';
import { startWeb, type RunningWeb } from '../support/web.ts';

/** These would fetch, try drivers for seconds, take folders of this machine in, or end what is tested. */
const LEFT_OUT: ReadonlySet<string> = new Set([
  'models.download',
  'models.check',
  'roots.add',
  'roots.relink',
  'models.add',
  'shutdown',
]);
// The keys of the method map are its names.
const names = (Object.keys(methods) as MethodName[]).filter((name) => !LEFT_OUT.has(name));
const MESSAGES = 10_000;
const BATCH = 100;
const MEGABYTE = 1024;

let home = '';
let remove: () => Promise<void>;
let web: RunningWeb;
let cookie = '';
let library = '';

const openPage = async (): Promise<WebSocket> => {
  const socket = socketTo(web.origin, { cookie, origin: web.origin });
  await once(socket, 'open');
  return socket;
};

beforeAll(async () => {
  [home, remove] = await temporaryFolder();
  library = join(home, 'library');
  await mkdir(join(home, 'home'));
  await writePaintings(join(home, 'photos'));
  web = await startWeb(library, { home: join(home, 'home'), folders: [join(home, 'photos')] });
  cookie = (await fetchLocal(web.address, { redirect: 'manual' })).headers.get('set-cookie')?.split(';')[0] ?? '';
  const client = createClient(webSocketTransport(await openPage()));
  await client.call('index.run', {});
  client.close();
});
afterAll(async () => {
  await web.stop();
  await remove();
});

/** Resident memory in megabytes. */
const memoryOf = async (pid: number): Promise<number> => {
  const kilobytes = /VmRSS:\s+(?<kilobytes>\d+)/u.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.groups
    ?.kilobytes;
  return Number(kilobytes) / MEGABYTE;
};
const processes = async (): Promise<readonly [host: number, engine: number]> => [
  web.process.pid ?? 0,
  (await readHolder(library))?.pid ?? 0,
];

const requestSchema = z.looseObject({ type: z.literal('request'), id: z.int().nonnegative(), method: z.enum(names) });
const replySchema = z.looseObject({ id: z.int(), output: z.unknown(), error: errorDataSchema.optional() });

/** Sends hostile messages, and notes every answer that the schema of its method does not know. */
const attack = async (transport: Transport, send: (text: string) => void): Promise<readonly unknown[]> => {
  const client = createClient(transport);
  const asked = new Map<number, MethodName>();
  const strays: unknown[] = [];
  let nextId = 2e9;
  transport.onMessage((message) => {
    const reply = replySchema.safeParse(message);
    const method = asked.get(reply.data?.id ?? -1);
    if (method === undefined) return;
    const { error, output } = reply.data ?? {};
    // What nobody has thought of comes out as an internal error.
    const isKnown = error === undefined ? methods[method].output.safeParse(output).success : error.kind !== 'internal';
    if (!isKnown) strays.push({ method, output, error });
  });
  const batches = fc.sample(fc.array(hostileMessage(names), { minLength: BATCH, maxLength: BATCH }), MESSAGES / BATCH);
  for (const batch of batches) {
    for (const message of batch) {
      const request = requestSchema.safeParse(message);
      // A number of its own tells which question an answer belongs to.
      if (request.success) asked.set(nextId, request.data.method);
      send(JSON.stringify(request.success ? { ...request.data, id: nextId++ } : message));
    }
    // Between the blows it answers.
    expect((await client.call('photos.page', {})).total).toBeGreaterThan(0);
  }
  for (const text of hostileTexts) send(text);
  expect((await client.call('search', { query: 'forest' })).results.length).toBeGreaterThan(0);
  client.close();
  return strays;
};

describe('ten thousand hostile messages to the running program', () => {
  it.runIf(process.platform === 'linux')(
    'from a page leave host and engine answering, and their memory bounded',
    async () => {
      const before = await Promise.all((await processes()).map(memoryOf));
      const pids = await processes();
      const socket = await openPage();
      for (let length = 0; length < 200; length++) socket.send(new Uint8Array(length * 50));
      const strays = await attack(webSocketTransport(socket), (text) => {
        socket.send(text);
      });
      expect(strays).toEqual([]);
      expect(await processes()).toEqual(pids);
      const after = await Promise.all(pids.map(memoryOf));
      for (const [index, megabytes] of after.entries()) expect(megabytes - (before[index] ?? 0)).toBeLessThan(400);
    },
  );

  it('that are no WebSocket frames close the line only', async () => {
    for (const bytes of [
      [0xff, 0xff, 0xff],
      [0x81, 0x05, 1, 2, 3, 4, 5],
      [0x81, 0xff, 0x7f, 255, 255, 255, 255, 255, 255, 255],
    ]) {
      const socket = await openPage();
      const closed = once(socket, 'close');
      // The stream below the socket: what is written here is no frame of its own.
      (socket as unknown as { _socket: Socket })._socket.write(Uint8Array.from(bytes));
      await closed;
    }
    expect((await fetchLocal(`${web.origin}/`, { headers: { cookie } })).status).toBe(200);
  });

  it('from another program of this person leave the engine answering', async () => {
    const { address = '', secret = '' } = (await readHolder(library)) ?? {};
    const socket = connect(address);
    await introduce(socket, secret);
    const strays = await attack(socketTransport(socket), (text) => {
      socket.write(`${text}\n`);
    });
    expect(strays).toEqual([]);
  });

  it('from somebody without the secret are not even read', async () => {
    const { address = '', pid = 0, secret = '' } = (await readHolder(library)) ?? {};
    const answerTo = async (greeting: string): Promise<string> => {
      const socket = connect(address);
      socket.on('error', () => undefined);
      let answer = '';
      socket.on('data', (data: Buffer) => (answer += data.toString()));
      socket.write(`${greeting}\n{"type":"request","id":1,"method":"status","input":{}}\n`);
      // Not `once`, which takes a line that is reset for an error.
      await new Promise((resolve) => socket.once('close', resolve));
      return answer;
    };
    for (const greeting of [
      '',
      'guess',
      '{"type":"request","id":1,"method":"shutdown","input":{}}',
      'x'.repeat(1 << 20),
    ])
      expect(await answerTo(greeting)).toBe('');
    // Whoever begins well gets a proof, which is of no use without the secret, and nothing else.
    for (const ask of ['a'.repeat(43), secret]) {
      const answer = await answerTo(ask);
      expect(answer).toMatch(/^(?:[\w-]{43} [\w-]{43}\n)?$/u);
      expect(answer).not.toContain(secret);
    }
    expect(isRunning(pid)).toBe(true);
  });
});
