import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { AttackedWeb } from '../support/attacked-web.ts';

let web: AttackedWeb;

beforeEach(async () => {
  web = await AttackedWeb.make();
  await web.start();
  return () => web.clean();
});

describe('who keeps the server busy', () => {
  it('is cut off when it never ends its headers, or its body', { timeout: 60_000 }, async () => {
    const begun = performance.now();
    const headers = connect(web.port, '127.0.0.1');
    const body = connect(web.port, '127.0.0.1');
    for (const socket of [headers, body]) socket.on('error', () => undefined);
    headers.write(`GET / HTTP/1.1\r\nHost: 127.0.0.1:${web.port}\r\n`);
    body.write(`${web.begin('POST', '/picture')}Content-Length: 1000\r\n\r\n`);
    const drip = setInterval(() => {
      headers.write('X-Slow: 1\r\n');
      body.write('x');
    }, 500);
    const endOf = async (socket: Socket): Promise<number> => {
      socket.resume();
      await once(socket, 'close');
      return performance.now() - begun;
    };
    try {
      const [first, second] = await Promise.all([endOf(headers), endOf(body)]);
      expect(first).toBeLessThan(15_000);
      expect(second).toBeLessThan(40_000);
    } finally {
      clearInterval(drip);
    }
    expect(await web.statusOf('/')).toBe(200);
    expect(await readdir(join(web.home, 'library', 'cache'))).toEqual([]);
  });

  it('is refused too many headers, too long ones, and what can be read in two ways', async () => {
    const begin = `GET / HTTP/1.1\r\nHost: 127.0.0.1:${web.port}\r\n`;
    expect(await web.raw(`${begin}Cookie: ${'x'.repeat(40_000)}\r\n\r\n`)).toMatch(/^HTTP\/1\.1 431 /u);
    expect(await web.raw(`${begin}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 400 /u,
    );
    expect(await web.raw('GET / HTTP/1.1\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /u);
    expect(await web.raw('\x16\x03\x01\0\0nonsense\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /u);
    expect(await web.statusOf('/')).toBe(200);
  });

  it('waits when it sends more pictures at once than are taken in', async () => {
    const head = `${web.begin('POST', '/picture')}Content-Length: 3\r\n\r\n`;
    const slow = Array.from({ length: 4 }, () => {
      const socket = connect(web.port, '127.0.0.1');
      socket.write(head);
      return socket;
    });
    await expect.poll(async () => (await readdir(join(web.home, 'library', 'cache'))).length).toBe(4);
    expect(await web.raw(`${head}abc`)).toMatch(/^HTTP\/1\.1 429 /u);
    for (const socket of slow) socket.destroy();
    await expect.poll(() => readdir(join(web.home, 'library', 'cache'))).toEqual([]);
    await expect.poll(async () => (await web.raw(`${head}abc`, 300)).slice(0, 12)).toBe('HTTP/1.1 200');
  });

  it('is told to wait when it asks faster than any page', async () => {
    const flood = await Promise.all(
      Array.from({ length: 16 }, async () => {
        const line = `${web.begin()}\r\n`;
        return web.raw(line.repeat(1000), 8000);
      }),
    );
    expect(flood.some((answers) => answers.includes('HTTP/1.1 429 '))).toBe(true);
    await expect.poll(() => web.statusOf('/')).toBe(200);
  });
});

/** The request that opens a WebSocket, with these headers. */
const upgrade = (headers: Readonly<Record<string, string>>): string =>
  [
    'GET /rpc HTTP/1.1',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==',
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    '\r\n',
  ].join('\r\n');

describe('a WebSocket', () => {
  it.each([
    ['without an origin', { Origin: '' }],
    ['of another page', { Origin: 'http://evil.example' }],
    ['of no page', { Origin: 'null' }],
    ['of another name', { Host: 'evil.example' }],
    ['without the cookie', { Cookie: '' }],
  ])('is refused %s, and the line cut', async (_what, changed) => {
    const ours = { Host: `127.0.0.1:${web.port}`, Origin: web.origin, Cookie: web.cookie };
    const headers = Object.entries({ ...ours, ...changed }).filter(([, value]) => value !== '');
    expect(await web.raw(upgrade(Object.fromEntries(headers)))).toMatch(/^HTTP\/1\.1 403 /u);
    expect(await web.raw(upgrade(ours), 300)).toMatch(/^HTTP\/1\.1 101 /u);
  });

  it('that is reset while it is refused harms nobody', async () => {
    for (let count = 0; count < 50; count++) {
      const socket = connect(web.port, '127.0.0.1');
      socket.on('error', () => undefined);
      await once(socket, 'connect');
      socket.write(upgrade({ Host: 'evil.example', Origin: 'http://evil.example' }));
      socket.resetAndDestroy();
    }
    expect(await web.statusOf('/')).toBe(200);
  });

  it('is closed for a message that is too long, or compressed', async () => {
    const socket = await web.openSocket();
    expect(socket.extensions).toBe('');
    socket.send('x'.repeat(4 * 1024 * 1024 + 1));
    const [code] = await once(socket, 'close');
    expect(code).toBe(1009);
  });

  it('is one of a few', async () => {
    const sockets = await Promise.all(Array.from({ length: 32 }, () => web.openSocket()));
    await expect(web.openSocket()).rejects.toThrow(/403/u);
    for (const socket of sockets) socket.terminate();
    await expect
      .poll(() =>
        web.openSocket().then(
          (socket) => (socket.terminate(), true),
          () => false,
        ),
      )
      .toBe(true);
  });

  it('that asks and never reads is cut off before it fills the memory', { timeout: 60_000 }, async () => {
    const socket = await web.openSocket();
    socket.pause();
    const closed = once(socket, 'close');
    const before = process.memoryUsage().rss;
    for (let id = 0; id < 600; id++)
      socket.send(JSON.stringify({ type: 'request', id, method: 'photos.page', input: {} }));
    await pause(3000);
    expect(process.memoryUsage().rss - before).toBeLessThan(400 * 1024 * 1024);
    socket.resume();
    await closed;
    expect(await web.statusOf('/')).toBe(200);
  });
});
