import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, truncate, writeFile } from 'node:fs/promises';
import { request, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { finished, startAt, temporaryFolder, type Outcome } from '../support/command-line.ts';
import { socketTo } from '../support/local-names.ts';
import { startWeb, type RunningWeb } from '../support/web.ts';
import { isWhole } from '../support/hostile/whole.ts';

let home = '';
let remove: () => Promise<void>;
let library = '';
let web: RunningWeb;
let cookie = '';

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const portOf = ({ origin }: RunningWeb): number => Number(new URL(origin).port);

/** A request with exactly these headers; without a host among them, under the name that was printed. */
const ask = async (
  { origin }: RunningWeb,
  path: string,
  headers: Readonly<Record<string, string>> = {},
  { method = 'GET', address = '127.0.0.1' } = {},
): Promise<Answer> => {
  const { host, port } = new URL(origin);
  const outgoing = request({ host: address, port, path, method, headers: { host, ...headers } });
  outgoing.end();
  const [response] = z.tuple([z.custom<IncomingMessage>()]).parse(await once(outgoing, 'response'));
  response.setEncoding('utf8');
  let body = '';
  for await (const chunk of response) body += z.string().parse(chunk);
  return { status: response.statusCode ?? 0, headers: response.headers, body };
};

const enter = async (opened: RunningWeb): Promise<string> => {
  const { pathname, search } = new URL(opened.address);
  return (await ask(opened, pathname + search)).headers['set-cookie']?.[0]?.split(';')[0] ?? '';
};

const hasIpv6 = async (): Promise<boolean> => {
  const probe = createServer().listen(0, '::1');
  const isThere = await once(probe, 'listening').then(
    () => true,
    () => false,
  );
  probe.close();
  return isThere;
};

beforeAll(async () => {
  [home, remove] = await temporaryFolder();
  library = join(home, 'library');
  web = await startWeb(library, { home });
  cookie = await enter(web);
});
afterAll(async () => {
  await web.stop();
  await remove();
});

describe('addresses that programs share', () => {
  it.each(['127.0.0.1', 'localhost'])('at %s, nobody gets anything but directions', async (name) => {
    const host = `${name}:${String(portOf(web))}`;
    const token = new URL(web.address).searchParams.get('token') ?? '';
    for (const path of ['/', `/?token=${token}`, '/rpc', '/photo/0123456789abcdef/original', '/assets/main.js']) {
      const { status, headers, body } = await ask(web, path, { host, cookie });
      expect([path, status]).toEqual([path, 404]);
      expect(headers['set-cookie']).toBeUndefined();
      expect(headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'sha256-[^;]+'; /u);
      expect(body).toContain('--plain-address');
      expect(body).not.toContain('<script');
      for (const secret of [token, new URL(web.origin).hostname]) expect(body).not.toContain(secret);
    }
    expect((await ask(web, '/picture', { host, cookie }, { method: 'POST' })).status).toBe(403);
    const socket = socketTo(web.origin, { host, cookie, origin: `http://${host}` });
    await expect(once(socket, 'open')).rejects.toThrow(/403/u);
  });

  it('a service worker is served nowhere, and told to go', async () => {
    const shared = `127.0.0.1:${String(portOf(web))}`;
    for (const headers of [{}, { cookie }, { host: shared }, { host: 'localhost' }, { host: 'evil.example' }])
      for (const path of ['/', '/sw.js']) {
        const answer = await ask(web, path, { 'service-worker': 'script', ...headers });
        expect(answer.status).toBe(403);
        expect(answer.headers['clear-site-data']).toBe('"cache", "storage"');
      }
  });

  it('with --plain-address, the page is at 127.0.0.1 alone, and a warning says what that gives up', async () => {
    const plain = await startWeb(join(home, 'plain'), { home, plainAddress: true });
    const port = String(portOf(plain));
    expect(plain.origin).toBe(`http://127.0.0.1:${port}`);
    await expect.poll(() => plain.printed()).toMatch(/^Warning: .*other programs/mu);
    const known = await enter(plain);
    expect((await ask(plain, '/', { cookie: known })).status).toBe(200);
    expect((await ask(plain, '/', { cookie: known, host: `localhost:${port}` })).status).toBe(404);
    expect((await ask(plain, '/', { cookie: known, 'service-worker': 'script' })).status).toBe(403);
    await plain.stop();
  });

  it('::1, which browsers try first, is ours as well, or the port is not used', async ({ skip }) => {
    if (!(await hasIpv6())) skip('This computer has no IPv6.');
    expect((await ask(web, '/', { cookie }, { address: '::1' })).status).toBe(200);
    const other = createServer().listen(0, '::1');
    await once(other, 'listening');
    const port = z.object({ port: z.number() }).parse(other.address()).port;
    const args = ['serve', '--no-open', '--library', join(home, 'taken'), '--port', String(port)];
    const { code, stderr } = await finished(startAt(home, ...args));
    other.close();
    expect([code, stderr]).toEqual([1, expect.stringContaining('Choose another with --port')]);
  });
});

if (isWhole)
  describe('connections of strangers', () => {
    const idle = async (count: number, begin: string): Promise<readonly Socket[]> => {
      const sockets = Array.from({ length: count }, () => connect(portOf(web), '127.0.0.1'));
      for (const socket of sockets) socket.on('error', () => undefined).resume();
      // Not `once`, which takes a line that is reset for an error.
      const open = (socket: Socket): Promise<unknown> =>
        new Promise((resolve) => socket.once('connect', resolve).once('close', resolve));
      await Promise.all(sockets.map(open));
      for (const socket of sockets) socket.write(begin);
      return sockets;
    };

    it.each([
      ['that say nothing', ''],
      ['that never end what they say', 'GET / HTTP/1.1\r\nHost: '],
    ])('%s do not keep the page out, and are cut off', async (_what, begin) => {
      const sockets = await idle(1000, begin);
      const end = (socket: Socket): Promise<unknown> =>
        new Promise((resolve) => (socket.closed ? resolve(null) : socket.once('close', resolve)));
      const cut = sockets.map(end);
      for (let attempt = 0; attempt < 10; attempt++) expect((await ask(web, '/', { cookie })).status).toBe(200);
      const socket = socketTo(web.origin, { cookie, origin: web.origin });
      await once(socket, 'open');
      await Promise.all(cut);
      // Ours was there all the time, and stays.
      expect(socket.readyState).toBe(socket.OPEN);
      socket.terminate();
    });
  });

if (isWhole)
  describe('what hosts read and leave', () => {
    it('an upload that a kill left behind is gone when the library is opened again', async () => {
      const other = join(home, 'left');
      await (await startWeb(other, { home })).stop();
      await writeFile(join(other, 'cache', 'dropped-0123456789abcdef'), 'a private picture');
      const again = await startWeb(other, { home });
      expect(await readdir(join(other, 'cache'))).toEqual([]);
      await again.stop();
    });

    it.skipIf(process.platform === 'win32')(
      'a file that a person names is read when it is one, and no further than it may be long',
      async () => {
        const [pipe, folder, sparse] = ['pipe.json', 'folder.json', 'sparse.json'].map((name) => join(home, name));
        execFileSync('mkfifo', [pipe ?? '']);
        await mkdir(folder ?? '');
        await writeFile(sparse ?? '', '');
        await truncate(sparse ?? '', 8 * 1024 ** 3);
        const read = (...args: readonly string[]): Promise<Outcome> =>
          finished(startAt(home, ...args, '--library', library));
        for (const [file, reason] of [
          [pipe, 'a folder, pipe or device'],
          [folder, 'a folder, pipe or device'],
          ['/dev/zero', 'a folder, pipe or device'],
          [sparse, 'larger than 256 MB'],
          [join(home, 'missing.json'), 'no such file'],
        ] as const)
          for (const command of [['library', 'import'], ['eval']]) {
            const { code, stderr } = await read(...command, file ?? '');
            expect([file, command[0], code]).toEqual([file, command[0], 1]);
            expect(stderr).toContain(reason);
            expect(stderr.trimEnd().split('\n')).toHaveLength(1);
          }
      },
    );
  });
