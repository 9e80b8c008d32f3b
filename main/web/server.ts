import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Readable, type Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ReadableStream } from 'node:stream/web';
import { WebSocketServer } from 'ws';
import { bridge } from '../bridge.ts';
import { respond, SECURITY_HEADERS, type Content } from '../content.ts';
import { FolderTokens } from '../folders.ts';
import { webSocketTransport } from '../transports/web-socket.ts';
import { Connections } from './connections.ts';
import { Gate } from './gate.ts';
import { listenOnLoopback } from './listen.ts';
import { webShell } from './shell.ts';

/** Bytes of one message: the longest that the contract allows is a list of 100,000 photos. */
const MESSAGE_LIMIT = 4 * 1024 * 1024;
/** Pages that are open at once. */
const SOCKET_LIMIT = 32;
/** Pictures that are taken in at once; each may be 100 MB on its way. */
const UPLOAD_LIMIT = 4;
/** A page opens six connections and a WebSocket; whoever cannot show its cookie in time is cut off. */
const CONNECTION_LIMITS = { strangers: 512, known: 256, patience: 5000 };
const PATIENCE = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 5000,
  connectionsCheckingInterval: 1000,
};
const SILENCE_MS = 120_000;
const HEADERS = { maxHeaderSize: 16 * 1024, count: 64 };

export interface WebServer {
  /** The address to open, with the token that lets a browser in. */
  readonly address: string;
  /** An address that lets one browser in within a minute: for handing it to other programs. */
  ticket(): string;
  close(): Promise<void>;
}

/** A request that the gate has let through, as the content's function knows it. */
const asFetched = (request: IncomingMessage): Request => {
  const { method = 'GET', url = '/' } = request;
  const { host = '', range } = request.headers;
  const headers = {
    'content-length': request.headers['content-length'] ?? '0',
    ...(range === undefined ? {} : { range }),
  };
  const body =
    method === 'POST'
      ? { body: ReadableStream.from(request.iterator({ destroyOnReturn: false })), duplex: 'half' }
      : {};
  // `duplex` is required for streamed bodies and missing from the typings.
  return new Request(new URL(url, `http://${host}`), { method, headers, ...body } as RequestInit);
};

export interface WebServerOptions extends Content {
  /** 0 for any free one. */
  readonly port: number;
  /** Whether the page is at 127.0.0.1 instead of an origin of its own. */
  readonly plainAddress: boolean;
}

/** Serves the interface to browsers of this machine: loopback only, and to whom the gate lets through. */
export const startWebServer = async (options: WebServerOptions): Promise<WebServer> => {
  const { engine } = options;
  const connections = new Connections(CONNECTION_LIMITS);
  const folders = new FolderTokens();
  let uploads = 0;

  const say = (response: ServerResponse, status: number, text: string, headers = {}): void => {
    const kind = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' };
    // What else was on its way with a request that is refused is not read.
    response
      .writeHead(status, { ...SECURITY_HEADERS, ...kind, connection: 'close', ...headers })
      .end(text === '' ? '' : `${text}\n`);
  };
  const reply = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const decision = gate.decide(request);
    if (decision !== null) {
      say(response, decision.status, decision.text, decision.headers);
      return;
    }
    if (!connections.recognise(request.socket)) return;
    const isUpload = request.method === 'POST';
    if (!isUpload && request.method !== 'GET') {
      say(response, 405, 'Only GET and POST are answered here.');
      return;
    }
    if (isUpload && uploads >= UPLOAD_LIMIT) {
      say(response, 429, 'Wait until the pictures before are taken in.');
      return;
    }
    uploads += Number(isUpload);
    try {
      const { status, headers, body } = await respond(asFetched(request), options);
      response.writeHead(status, Object.fromEntries(headers));
      if (body === null) response.end();
      else await pipeline(Readable.fromWeb(body), response);
    } finally {
      uploads -= Number(isUpload);
    }
  };
  const server = createServer({ ...PATIENCE, maxHeaderSize: HEADERS.maxHeaderSize }, (request, response) => {
    // A browser that goes away in the middle of a picture is no fault of ours.
    reply(request, response).catch(() => response.destroy());
  });
  server.maxHeadersCount = HEADERS.count;
  server.setTimeout(SILENCE_MS);
  server.on('connection', (socket) => connections.admit(socket));

  const sockets = new WebSocketServer({ noServer: true, maxPayload: MESSAGE_LIMIT });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // From here on nobody else listens for what goes wrong with this connection.
    socket.on('error', () => undefined);
    if (!gate.admitsSocket(request) || sockets.clients.size >= SOCKET_LIMIT || !connections.recognise(request.socket)) {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n', () => socket.destroy());
      return;
    }
    sockets.handleUpgrade(request, socket, head, (client) => {
      bridge(webSocketTransport(client), engine, webShell(engine, folders));
    });
  });

  const listening = await listenOnLoopback(server, options.port);
  const gate = new Gate(listening.port, options.plainAddress);
  return {
    address: gate.address,
    ticket: () => gate.ticket(),
    close: async () => {
      for (const client of sockets.clients) client.terminate();
      const closed = listening.close();
      server.closeAllConnections();
      await closed;
    },
  };
};
