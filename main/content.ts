import { randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AfterimageError, photoIdSchema, toAfterimageError, type Client } from '../app/contract/index.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
};

const PICTURE_LIMIT = 100 * 1024 * 1024;

/** Sent with everything: no foreign code, no framing, no guessing of types, no trace in other pages. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; media-src 'self'; connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), usb=()',
};

const json = (value: unknown, status: number): Response =>
  new Response(JSON.stringify(value), { status, headers: { 'content-type': 'application/json' } });

/** A file, or the part of it that is asked for: a video is played while it is fetched, from any place. */
const file = async (path: string, type: string, cache: string, request: Request): Promise<Response> => {
  const { size } = await stat(path);
  const headers = { 'content-type': type, 'cache-control': cache, 'accept-ranges': 'bytes' };
  const part = partOf(request.headers.get('range'), size);
  if (part === null)
    return new Response(null, { status: 416, headers: { ...headers, 'content-range': `bytes */${size}` } });
  const { start, end } = part;
  const length = { 'content-length': String(end - start) };
  if (end === start) return new Response(null, { headers: { ...headers, ...length } });
  // Node's web streams and the global ones are the same objects under two declarations.
  const body = Readable.toWeb(createReadStream(path, { start, end: end - 1 })) as unknown as ReadableStream;
  return part.isWhole
    ? new Response(body, { headers: { ...headers, ...length } })
    : new Response(body, {
        status: 206,
        headers: { ...headers, ...length, 'content-range': `bytes ${start}-${end - 1}/${size}` },
      });
};

interface BytePart {
  readonly start: number;
  /** Behind the last byte. */
  readonly end: number;
  readonly isWhole: boolean;
}

/**
 * The bytes that a header asks for; the whole file where it asks for none, for several parts, or in words unknown here.
 *
 * @returns null when no such bytes are there
 * @see RFC 9110, section 14
 */
export const partOf = (range: string | null, size: number): BytePart | null => {
  const { first = '', last = '' } = /^bytes=(?<first>\d*)-(?<last>\d*)$/u.exec(range ?? '')?.groups ?? {};
  const [from, to] = [Number(first), Number(last)];
  if ((first === '' && last === '') || (first !== '' && last !== '' && to < from))
    return { start: 0, end: size, isWhole: true };
  const start = first === '' ? Math.max(0, size - to) : from;
  const end = first === '' || last === '' ? size : Math.min(size, to + 1);
  return start < end ? { start, end, isWhole: false } : null;
};

export interface Content {
  readonly engine: Client;
  /** The built interface. */
  readonly renderer: string;
  /** Folder for pictures on their way to the engine. */
  readonly temporary: string;
}

/**
 * Answers what the interface fetches rather than calls: its own files, photos by id, and pictures dropped on it by
 * token. The same function serves the loopback web server and the desktop window's protocol.
 */
export const respond = async (request: Request, content: Content): Promise<Response> => {
  const { pathname } = new URL(request.url);
  try {
    if (request.method === 'POST' && pathname === '/picture') return json(await takePicture(request, content), 200);
    if (request.method !== 'GET')
      return json(new AfterimageError('invalid-request', 'Only GET is answered here.').toData(), 405);
    const photo = /^\/photo\/(?<id>[^/]+)\/(?<as>thumbnail|view|original)$/u.exec(pathname)?.groups;
    if (photo !== undefined) {
      const id = photoIdSchema.safeParse(photo.id);
      if (!id.success) throw new AfterimageError('not-found', 'There is no such photo.');
      const as = photo.as === 'view' || photo.as === 'original' ? photo.as : 'thumbnail';
      const shown = await content.engine.call('photos.file', { id: id.data, as });
      return await file(shown.path, shown.mime, 'private, max-age=600', request);
    }
    const token = /^\/picture\/(?<token>[0-9a-f]{32})$/u.exec(pathname)?.groups?.token;
    if (token !== undefined) {
      const kept = await content.engine.call('pictures.file', { token });
      return await file(kept.path, kept.mime, 'private, max-age=600', request);
    }
    return await asset(request, content.renderer);
  } catch (error) {
    const { kind, ...rest } = toAfterimageError(error).toData();
    return json(
      { kind, ...rest },
      kind === 'not-found' || kind === 'unreadable' ? 404 : kind === 'internal' ? 500 : 400,
    );
  }
};

const asset = async (request: Request, renderer: string): Promise<Response> => {
  const { pathname } = new URL(request.url);
  // Built files have plain names: what is written in any other way is none of them.
  const path = normalize(join(renderer, pathname === '/' ? 'index.html' : pathname));
  const type = TYPES[extname(path)];
  if (!path.startsWith(renderer + sep) || type === undefined)
    throw new AfterimageError('not-found', 'There is no such page.');
  // Built file names carry a hash of their content; the page itself does not.
  const cache = pathname.startsWith('/assets/') ? 'private, max-age=31536000, immutable' : 'no-cache';
  return file(path, type, cache, request).catch((error: unknown) => {
    throw new AfterimageError('not-found', 'There is no such page.', { cause: error });
  });
};

const tooLarge = (): AfterimageError =>
  new AfterimageError('not-a-picture', 'This picture is larger than 100 MB. Drop a smaller one.');

const takePicture = async (request: Request, { engine, temporary }: Content): Promise<unknown> => {
  if (request.body === null) throw new AfterimageError('not-a-picture', 'Nothing was sent.');
  if (Number(request.headers.get('content-length')) > PICTURE_LIMIT) throw tooLarge();
  const path = join(temporary, `dropped-${randomBytes(8).toString('hex')}`);
  let received = 0;
  const limited = async function* (source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of source) {
      received += chunk.length;
      if (received > PICTURE_LIMIT) throw tooLarge();
      yield chunk;
    }
  };
  try {
    await pipeline(Readable.fromWeb(request.body), limited, createWriteStream(path, { mode: 0o600 }));
    return await engine.call('pictures.add', { path });
  } catch (error) {
    // The engine names the file; this one has a name that nobody gave it.
    const { kind, message } = toAfterimageError(error);
    throw kind === 'not-a-picture' && received <= PICTURE_LIMIT
      ? new AfterimageError(
          kind,
          'This is not a picture that Afterimage can read. It takes JPEG, PNG, WebP, AVIF, HEIC, GIF, TIFF, JPEG XL and raw files of cameras.',
        )
      : new AfterimageError(kind, message);
  } finally {
    await rm(path, { force: true });
  }
};
