import { randomBytes } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { readBounded } from '../app/base/read.ts';
import { AfterimageError, photoIdSchema, toAfterimageError, type Client } from '../app/contract/index.ts';
import { libraryPaths } from '../app/store/manifest.ts';
import { isWithin, openServed } from './served.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
};

/** Media types of pictures and videos; SVG, which is a page, is none of ours. */
const PICTURE_TYPE = /^(?:image|video)\/(?!svg)[\w.-]+$/u;
const PICTURE_LIMIT = 100 * 1024 * 1024;
/** Far more than any built file of the interface. */
const MAX_ASSET_BYTES = 64 * 1024 * 1024;

/**
 * What the page may do: run and fetch what its host serves, nothing else. Markup is only ever made by Svelte's own policy,
 * of templates that were compiled into the bundle.
 */
const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob:",
  "media-src 'self'",
  "connect-src 'self'",
  "worker-src 'none'",
  "font-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types svelte-trusted-html',
].join('; ');

/** A photo that is opened as a page of its own (an SVG could be one) may do nothing at all. */
const CONTENT_POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'";

/** Sent with everything: no foreign code, no framing, no guessing of types, no trace in other pages. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': PAGE_POLICY,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), usb=()',
};

const answerOf = (
  body: ReadableStream | Uint8Array<ArrayBuffer> | string | null,
  status: number,
  headers: Readonly<Record<string, string>>,
): Response =>
  new Response(body, {
    status,
    headers: { ...SECURITY_HEADERS, 'content-security-policy': CONTENT_POLICY, ...headers },
  });

const json = (value: unknown, status: number): Response =>
  answerOf(JSON.stringify(value), status, { 'content-type': 'application/json', 'cache-control': 'no-store' });

/** A file, or the part of it that is asked for: a video is played while it is fetched, from any place. */
const file = async (
  { path, mime }: { readonly path: string; readonly mime: string },
  request: Request,
  { engine, library }: Content,
): Promise<Response> => {
  const handle = await openServed(path, library, engine).catch((cause: unknown) => {
    throw new AfterimageError('unreadable', 'This file cannot be opened: it was moved or deleted.', { cause });
  });
  const { size } = await handle.stat();
  // What the library's tables say of it is nobody's word for it that it is no page.
  const type = PICTURE_TYPE.test(mime) ? mime : 'application/octet-stream';
  const headers = { 'content-type': type, 'cache-control': 'no-store', 'accept-ranges': 'bytes' };
  const part = partOf(request.headers.get('range'), size);
  if (part === null || part.start === part.end) {
    await handle.close();
    return part === null
      ? answerOf(null, 416, { ...headers, 'content-range': `bytes */${size}` })
      : answerOf(null, 200, { ...headers, 'content-length': '0' });
  }
  const { start, end, isWhole } = part;
  const length = { 'content-length': String(end - start) };
  // The stream closes the file, also when nobody reads it to its end. Node's web streams and the global ones are the same
  // objects under two declarations.
  const body = Readable.toWeb(handle.createReadStream({ start, end: end - 1 })) as unknown as ReadableStream;
  return isWhole
    ? answerOf(body, 200, { ...headers, ...length })
    : answerOf(body, 206, { ...headers, ...length, 'content-range': `bytes ${start}-${end - 1}/${size}` });
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
  /** The library's folder. */
  readonly library: string;
}

/**
 * Answers what the interface fetches rather than calls: its own files, photos by id, and pictures dropped on it by
 * token. The same function serves the loopback web server and the desktop window's protocol.
 */
export const respond = async (request: Request, content: Content): Promise<Response> => {
  const { pathname, searchParams } = new URL(request.url);
  try {
    if (request.method === 'POST' && pathname === '/picture') return json(await takePicture(request, content), 200);
    if (request.method !== 'GET')
      return json(new AfterimageError('invalid-request', 'Only GET is answered here.').toData(), 405);
    const photo = /^\/photo\/(?<id>[^/]+)\/(?<as>thumbnail|view|original)$/u.exec(pathname)?.groups;
    if (photo !== undefined) {
      const id = photoIdSchema.safeParse(photo.id);
      if (!id.success) throw new AfterimageError('not-found', 'There is no such photo.');
      const as = photo.as === 'view' || photo.as === 'original' ? photo.as : 'thumbnail';
      const at = searchParams.get('at');
      const moment = at === null ? {} : { at: Number(at) };
      const shown = await content.engine.call('photos.file', { id: id.data, as, ...moment });
      return await file(shown, request, content);
    }
    const token = /^\/picture\/(?<token>[0-9a-f]{32})$/u.exec(pathname)?.groups?.token;
    if (token !== undefined) {
      const kept = await content.engine.call('pictures.file', { token });
      return await file(kept, request, content);
    }
    return await asset(pathname, content.renderer);
  } catch (error) {
    const { kind, ...rest } = toAfterimageError(error).toData();
    return json(
      { kind, ...rest },
      kind === 'not-found' || kind === 'unreadable' ? 404 : kind === 'internal' ? 500 : 400,
    );
  }
};

const asset = async (pathname: string, renderer: string): Promise<Response> => {
  // Built files have plain names: what is written in any other way is none of them.
  const path = join(renderer, pathname === '/' ? 'index.html' : pathname);
  const type = TYPES[extname(path)];
  const isOurs = async (): Promise<boolean> => isWithin(await realpath(path), await realpath(renderer));
  if (type === undefined || !(await isOurs().catch(() => false)))
    throw new AfterimageError('not-found', 'There is no such page.');
  return answerOf(await readBounded(path, { maxBytes: MAX_ASSET_BYTES }), 200, {
    'content-type': type,
    // Built file names carry a hash of their content; the page itself does not.
    'cache-control': pathname.startsWith('/assets/') ? 'private, max-age=31536000, immutable' : 'no-cache',
    ...(type.startsWith('text/html') ? { 'content-security-policy': PAGE_POLICY } : {}),
  });
};

const tooLarge = (): AfterimageError =>
  new AfterimageError('not-a-picture', 'This picture is larger than 100 MB. Drop a smaller one.');

const takePicture = async (request: Request, { engine, library }: Content): Promise<unknown> => {
  if (request.body === null) throw new AfterimageError('not-a-picture', 'Nothing was sent.');
  if (Number(request.headers.get('content-length')) > PICTURE_LIMIT) throw tooLarge();
  const { own, cache } = libraryPaths(library);
  const path = join(cache, `dropped-${randomBytes(8).toString('hex')}`);
  let received = 0;
  const limited = async function* (source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of source) {
      received += chunk.length;
      if (received > PICTURE_LIMIT) throw tooLarge();
      yield chunk;
    }
  };
  try {
    await pipeline(Readable.fromWeb(request.body), limited, (await own.openNew(path)).createWriteStream());
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
    await own.remove(path);
  }
};
