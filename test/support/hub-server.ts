import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { CatalogueEntry } from '../../app/hub/catalogue.ts';

/** An entry of a catalogue that asks for these files. */
export const entryOf = (files: CatalogueEntry['files']): CatalogueEntry => ({
  id: 'tried',
  name: 'Tried',
  slot: 'small',
  goodAt: 'Being fetched.',
  languages: 'english',
  repository: 'somewhere/tried-ONNX',
  revision: '0123456789abcdef0123456789abcdef01234567',
  layout: 'transformers',
  dimension: 8,
  logitScale: 100,
  logitBias: null,
  licence: { spdx: 'MIT', name: 'MIT License', url: 'https://example.org/', notice: '', tokenizer: null },
  figures: { imagenet: null, cocoTextToImage: null, flickrTextToImage: null, xm3600: null },
  files,
});

/** What happens to one request instead of a plain answer. */
export type Fault = (request: IncomingMessage, response: ServerResponse, content: Buffer) => void;

export interface HubServer {
  /** What `HF_ENDPOINT` would be. */
  readonly endpoint: string;
  /** All requests so far, as `path` or `path from byte`. */
  readonly requests: readonly string[];
  /** Lets the next requests for a file go wrong, one fault each, and no others; after them all goes well again. */
  readonly fail: (path: string, ...faults: readonly Fault[]) => void;
  /** Lets every request for a file go wrong. */
  readonly failAlways: (path: string, fault: Fault) => void;
  readonly close: () => Promise<void>;
}

export const sha256 = (content: Buffer): string => createHash('sha256').update(content).digest('hex');

const blobSha1 = (content: Buffer): string =>
  createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex');

/** The bytes that are asked for: all, or those from `Range` on. */
const wanted = (request: IncomingMessage, content: Buffer): { readonly start: number; readonly isRange: boolean } => {
  const start = Number(/^bytes=(\d+)-$/u.exec(request.headers.range ?? '')?.[1] ?? NaN);
  return Number.isNaN(start) ? { start: 0, isRange: false } : { start: Math.min(start, content.length), isRange: true };
};

/** Begins an answer. @returns the bytes that are to follow */
const begin = (request: IncomingMessage, response: ServerResponse, content: Buffer): Buffer => {
  const { start, isRange } = wanted(request, content);
  const total = content.length;
  if (isRange && start >= total) {
    response.writeHead(416, { 'content-range': `bytes */${total}` });
    return Buffer.alloc(0);
  }
  response.writeHead(isRange ? 206 : 200, {
    'content-length': total - start,
    ...(isRange ? { 'content-range': `bytes ${start}-${total - 1}/${total}` } : {}),
  });
  return content.subarray(start);
};

export const plainly: Fault = (request, response, content) => {
  response.end(begin(request, response, content));
};

/** Cuts the connection after so many bytes. */
export const drop =
  (after: number): Fault =>
  (request, response, content) => {
    response.write(begin(request, response, content).subarray(0, after), () => response.destroy());
  };

/** Says nothing any more after so many bytes. */
export const stall =
  (after: number): Fault =>
  (request, response, content) => {
    response.write(begin(request, response, content).subarray(0, after));
  };

export const status =
  (code: number, headers: Readonly<Record<string, string>> = {}): Fault =>
  (_request, response) => {
    response.writeHead(code, headers).end('no');
  };

export const redirect = (location: string, code = 302): Fault => status(code, { location });

/** Answers with something else, as long as it is. */
export const instead =
  (other: Buffer): Fault =>
  (request, response) => {
    plainly(request, response, other);
  };

/** Announces another length than it sends; without one when `length` is null. */
export const announce =
  (length: number | null): Fault =>
  (_request, response, content) => {
    if (length === null) response.writeHead(200).end(content);
    else {
      response.writeHead(200, { 'content-length': length }).flushHeaders();
      // Node itself refuses to send more than it announced.
      response.socket?.end(content.subarray(0, length));
    }
  };

/** Knows no ranges. */
export const wholeOnly: Fault = (_request, response, content) => {
  response.writeHead(200, { 'content-length': content.length }).end(content);
};

/** Sends at most so many bytes a second, over all connections that share it. */
export const throttle = (bytesPerSecond: number): Fault => {
  const step = Math.min(2 ** 18, Math.ceil(bytesPerSecond / 100));
  let free = 0;
  const slowly = async function* (body: Buffer): AsyncGenerator<Buffer> {
    for (let start = 0; start < body.length; start += step) {
      free = Math.max(free, performance.now() - 20) + (step / bytesPerSecond) * 1000;
      yield body.subarray(start, start + step);
      // Timers are late by a millisecond or so: what they took too long is made up for.
      const wait = free - performance.now();
      if (wait > 1) await pause(wait);
    }
  };
  return (request, response, content) => {
    pipeline(slowly(begin(request, response, content)), response).catch(() => undefined);
  };
};

/**
 * A hub of models on this machine: `/<repository>/resolve/<revision>/<path>` for any repository and revision.
 *
 * @param files by path inside the repository
 * @param linked paths of large files: they are described by `X-Linked-*` and sent by “another” server
 */
export const startHub = async (
  files: Readonly<Record<string, Buffer>>,
  linked: readonly string[] = [],
): Promise<HubServer> => {
  const requests: string[] = [];
  const once = new Map<string, Fault[]>();
  const always = new Map<string, Fault>();
  const server = createServer((request, response) => {
    const [, isSent, path = ''] = /^\/(?:(cdn)|[^/]+\/[^/]+\/resolve\/[^/]+)\/(.+)$/u.exec(request.url ?? '') ?? [];
    const content = files[path];
    requests.push(path + (request.headers.range === undefined ? '' : ` from ${request.headers.range.slice(6, -1)}`));
    if (content === undefined) {
      response.writeHead(404, { 'x-error-code': 'EntryNotFound' }).end();
    } else if (linked.includes(path) && isSent === undefined) {
      requests.pop();
      response
        .writeHead(302, {
          location: `http://localhost:${String(port(server))}/cdn/${path}`,
          'x-linked-size': String(content.length),
          'x-linked-etag': `"${sha256(content)}"`,
        })
        .end();
    } else {
      if (!linked.includes(path)) response.setHeader('etag', `"${blobSha1(content)}"`);
      const fault = once.get(path)?.shift() ?? always.get(path) ?? plainly;
      fault(request, response, content);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, resolve));
  return {
    endpoint: `http://127.0.0.1:${String(port(server))}`,
    requests,
    fail: (path, ...faults) => {
      once.set(path, [...faults]);
    },
    failAlways: (path, fault) => {
      always.set(path, fault);
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

/** A proxy: joins whoever asks with a server on this machine, refuses others, and remembers who was asked for. */
export const startProxy = async (): Promise<{
  readonly address: string;
  readonly asked: readonly string[];
  readonly close: () => void;
}> => {
  const asked: string[] = [];
  const proxy = createServer();
  proxy.on('connect', (request, socket) => {
    const [host = '', service = ''] = (request.url ?? '').split(':');
    asked.push(request.url ?? '');
    if (!host.startsWith('127.')) {
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
      return;
    }
    const far = connect(Number(service), host, () => socket.write('HTTP/1.1 200 OK\r\n\r\n'));
    for (const end of [far, socket]) end.on('error', () => undefined);
    far.pipe(socket).pipe(far);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  return { address: `http://127.0.0.1:${String(port(proxy))}`, asked, close: () => proxy.close() };
};

// A server that listens has an address with a port.
const port = (server: Server): number => (server.address() as AddressInfo).port;
