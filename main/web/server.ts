import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { ReadableStream } from 'node:stream/web';
import { pipeline } from 'node:stream/promises';
import { WebSocketServer } from 'ws';
import { AfterimageError, type Client, type Handlers, type ShellMethod } from '../../app/contract/index.ts';
import { bridge } from '../bridge.ts';
import { respond, SECURITY_HEADERS } from '../content.ts';
import { FolderTokens, picturesFolder } from '../folders.ts';
import { webSocketTransport } from '../transports/web-socket.ts';

const MESSAGE_LIMIT = 1024 * 1024;

export interface WebServer {
  /** The address to open, with the token that lets this browser in. */
  readonly address: string;
  close(): Promise<void>;
}

const cookieOf = (request: IncomingMessage, name: string): string =>
  (request.headers.cookie ?? '')
    .split(/;\s*/u)
    .find((pair) => pair.startsWith(`${name}=`))
    ?.slice(name.length + 1) ?? '';

const equals = (given: string, expected: string): boolean => {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
};

const shellOf = (engine: Client, folders: FolderTokens): Handlers<ShellMethod> => ({
  'shell.info': () => ({ host: 'web', nativeFolderDialog: false }),
  'shell.chooseFolder': () => {
    throw new AfterimageError(
      'invalid-request',
      'A browser has no folder dialog of the system. Choose from the list of folders.',
    );
  },
  'shell.listFolders': async ({ token }) =>
    folders.list(token === undefined ? await picturesFolder() : folders.pathOf(token)),
  'shell.addFolder': ({ token }, signal) => engine.call('roots.add', { path: folders.pathOf(token) }, signal),
  'shell.relinkFolder': ({ id, token }, signal) =>
    engine.call('roots.relink', { id, path: folders.pathOf(token) }, signal),
  'shell.addModel': ({ token }, signal) => engine.call('models.add', { path: folders.pathOf(token) }, signal),
});

/**
 * Serves the interface to browsers of this machine: loopback only, with a random token that becomes a cookie, and with Host
 * and Origin checked so that no other page, nor a name that resolves to this machine, can speak to it.
 */
export const startWebServer = async (
  engine: Client,
  renderer: string,
  temporary: string,
  port: number,
): Promise<WebServer> => {
  const token = randomBytes(24).toString('base64url');
  const folders = new FolderTokens();
  let hosts: ReadonlySet<string> = new Set();
  /** Browsers share cookies among the ports of a machine: each instance has its own. */
  let cookieName = '';

  const isOurs = (request: IncomingMessage): boolean => {
    const { host, origin } = request.headers;
    return host !== undefined && hosts.has(host) && (origin === undefined || origin === `http://${host}`);
  };
  const isKnown = (request: IncomingMessage): boolean => equals(cookieOf(request, cookieName), token);

  const answer = async (request: IncomingMessage): Promise<Response> => {
    if (!isOurs(request)) return new Response('This address is for this machine only.\n', { status: 403 });
    const url = new URL(request.url ?? '/', `http://${request.headers.host ?? ''}`);
    if (equals(url.searchParams.get('token') ?? '', token)) {
      const cookie = `${cookieName}=${token}; HttpOnly; SameSite=Strict; Path=/`;
      return new Response(null, {
        status: 303,
        headers: { location: '/', 'set-cookie': cookie, 'cache-control': 'no-store' },
      });
    }
    if (!isKnown(request))
      return new Response('Open Afterimage with the address that it printed when it started.\n', { status: 401 });
    const method = request.method ?? 'GET';
    const headers = {
      'content-length': request.headers['content-length'] ?? '0',
      ...(request.headers.range === undefined ? {} : { range: request.headers.range }),
    };
    const body =
      method === 'POST'
        ? { body: ReadableStream.from(request.iterator({ destroyOnReturn: false })), duplex: 'half' }
        : {};
    // `duplex` is required for streamed bodies and missing from the typings.
    return respond(new Request(url, { method, headers, ...body } as RequestInit), { engine, renderer, temporary });
  };
  const reply = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { status, headers, body } = await answer(request);
    response.writeHead(status, { ...SECURITY_HEADERS, ...Object.fromEntries(headers) });
    if (body === null) response.end();
    else await pipeline(Readable.fromWeb(body), response);
  };
  const server = createServer((request, response) => {
    // A browser that goes away in the middle of a picture is no fault of ours.
    reply(request, response).catch(() => response.destroy());
  });

  const sockets = new WebSocketServer({ noServer: true, maxPayload: MESSAGE_LIMIT });
  server.on('upgrade', (request, socket, head) => {
    if (!isOurs(request) || request.headers.origin === undefined || !isKnown(request) || request.url !== '/rpc') {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (client) => {
      bridge(webSocketTransport(client), engine, shellOf(engine, folders));
    });
  });

  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => {
      reject(
        new AfterimageError(
          'internal',
          `Port ${String(port)} cannot be used (${error.message}). Choose another with --port.`,
          { cause: error },
        ),
      );
    });
    server.listen(port, '127.0.0.1', resolve);
  });
  // A server that listens on TCP has an address object.
  const bound = String((server.address() as AddressInfo).port);
  cookieName = `afterimage-${bound}`;
  hosts = new Set([`127.0.0.1:${bound}`, `localhost:${bound}`]);
  return {
    address: `http://127.0.0.1:${bound}/?token=${token}`,
    close: async () => {
      for (const client of sockets.clients) client.terminate();
      server.closeAllConnections();
      await new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
      });
    },
  };
};
