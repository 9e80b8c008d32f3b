import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
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
    const headers = connect(web.port, '127.0.0.1');
    const body = connect(web.port, '127.0.0.1');
    for (const socket of [headers, body]) socket.on('error', () => undefined).resume();
    // Not `once`, which takes a line that is reset for an error.
    const cut = [headers, body].map((socket) => new Promise((resolve) => socket.on('close', resolve)));
    headers.write(`GET / HTTP/1.1\r\nHost: ${web.host}\r\n`);
    body.write(`${web.begin('POST', '/picture')}Content-Length: 1000\r\n\r\n`);
    const drip = setInterval(() => {
      headers.write('X-Slow: 1\r\n');
      body.write('x');
    }, 500);
    await Promise.all(cut);
    clearInterval(drip);
    expect(await web.statusOf('/')).toBe(200);
    expect(await readdir(join(web.home, 'library', 'cache'))).toEqual([]);
  });

  it('is refused too many headers, too long ones, and what can be read in two ways', async () => {
    const begin = `GET / HTTP/1.1\r\nHost: ${web.host}\r\n`;
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
    await expect.poll(async () => (await web.raw(`${head}abc`)).slice(0, 12)).toBe('HTTP/1.1 200');
  });

  it('is told to wait when it asks faster than any page', async () => {
    const flood = await Promise.all(
      Array.from({ length: 16 }, async () => {
        const line = `${web.begin()}\r\n`;
        return web.raw(`${line.repeat(999)}${web.begin()}Connection: close\r\n\r\n`, 'cut');
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
    ['of another name of this machine', { Host: 'other.localhost' }],
    ['without the cookie', { Cookie: '' }],
  ])('is refused %s, and the line cut', async (_what, changed) => {
    const ours = { Host: web.host, Origin: web.origin, Cookie: web.cookie };
    const headers = Object.entries({ ...ours, ...changed }).filter(([, value]) => value !== '');
    expect(await web.raw(upgrade(Object.fromEntries(headers)))).toMatch(/^HTTP\/1\.1 403 /u);
    expect(await web.raw(upgrade(ours))).toMatch(/^HTTP\/1\.1 101 /u);
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
    const before = process.memoryUsage().rss;
    let id = 0;
    const ask = (): void =>
      socket.send(JSON.stringify({ type: 'request', id: id++, method: 'photos.page', input: {} }));
    while (id < 600) ask();
    // Who does not read learns that the line is cut when they write.
    const asking = setInterval(ask, 50);
    await once(socket, 'close');
    clearInterval(asking);
    expect(process.memoryUsage().rss - before).toBeLessThan(400 * 1024 * 1024);
    expect(await web.statusOf('/')).toBe(200);
  });
});
