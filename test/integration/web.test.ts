import { once } from 'node:events';
import { request, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createClient, folderListSchema, pictureSchema, type Client } from '../../app/contract/index.ts';
import { webSocketTransport } from '../../main/transports/web-socket.ts';
import { temporaryFolder } from '../support/command-line.ts';
import { lookup, socketTo } from '../support/local-names.ts';
import { writePaintings } from '../support/paintings.ts';
import { startWeb, type RunningWeb } from '../support/web.ts';

let remove: () => Promise<void>;
let web: RunningWeb;
let cookie = '';
let client: Client;
let photoId = '';

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A request with exactly these headers, as a hostile page's browser or another program would send it. */
const ask = async (path: string, headers: Record<string, string> = {}, body?: Buffer): Promise<Answer> => {
  const { hostname, port } = new URL(web.origin);
  const method = body === undefined ? 'GET' : 'POST';
  const outgoing = request({ hostname, port, path, method, headers, lookup });
  outgoing.end(body);
  const [response] = z.tuple([z.custom<IncomingMessage>()]).parse(await once(outgoing, 'response'));
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(z.instanceof(Buffer).parse(chunk));
  return { status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) };
};
const asUs = (): Record<string, string> => ({ cookie });

const open = (headers: Record<string, string>): Promise<'open' | 'refused'> =>
  new Promise((resolve) => {
    const socket = socketTo(web.origin, headers);
    socket.once('open', () => {
      socket.terminate();
      resolve('open');
    });
    socket.once('error', () => {
      resolve('refused');
    });
  });

beforeAll(async () => {
  const [folder, removeFolder] = await temporaryFolder();
  remove = removeFolder;
  await writePaintings(join(folder, 'photos'));
  web = await startWeb(join(folder, 'library'), { folders: [join(folder, 'photos')] });
  const entered = await ask(new URL(web.address).pathname + new URL(web.address).search);
  cookie = entered.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
  const socket = socketTo(web.origin, { cookie, origin: web.origin });
  await once(socket, 'open');
  client = createClient(webSocketTransport(socket));
  await client.call('index.run', {});
  photoId = (await client.call('photos.page', {})).photos[0]?.id ?? '';
});
afterAll(async () => {
  client.close();
  await web.stop();
  await remove();
});

describe('the web host', () => {
  it('listens on this machine only', async () => {
    const { port } = new URL(web.origin);
    const others = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .filter((address) => !address.internal && address.family === 'IPv4');
    for (const { address } of others) {
      const outgoing = request({ hostname: address, port, timeout: 2000 });
      outgoing.end();
      await expect(once(outgoing, 'response')).rejects.toThrow(/ECONNREFUSED/u);
    }
    expect(new URL(web.origin).hostname).toMatch(/^[a-z2-7]{26}\.localhost$/u);
  });

  it('lets nobody in without the token, and turns the token into a strict cookie', async () => {
    expect((await ask('/')).status).toBe(401);
    expect((await ask('/?token=guess')).status).toBe(401);
    expect((await ask('/', { cookie: 'afterimage=guess' })).status).toBe(401);
    expect((await ask(`/photo/${photoId}/thumbnail`)).status).toBe(401);
    const entered = await ask(new URL(web.address).search.replace('?', '/?'));
    expect(entered.status).toBe(303);
    expect(entered.headers.location).toBe('/');
    expect(entered.headers['set-cookie']?.[0]).toMatch(/HttpOnly; SameSite=Strict; Path=\//u);
  });

  it('refuses other names for this machine and other pages', async () => {
    expect((await ask('/', { ...asUs(), host: 'evil.example' })).status).toBe(403);
    expect((await ask('/', { ...asUs(), origin: 'http://evil.example' })).status).toBe(403);
    expect(await open({ cookie, origin: web.origin })).toBe('open');
    expect(await open({ cookie, origin: 'http://evil.example' })).toBe('refused');
    expect(await open({ cookie })).toBe('refused');
    expect(await open({ origin: web.origin })).toBe('refused');
  });

  it('serves the interface with a strict policy', async () => {
    const { status, headers, body } = await ask('/', asUs());
    expect(status).toBe(200);
    expect(body.toString()).toContain('<title>Afterimage');
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers['content-security-policy']).not.toContain('unsafe');
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
    });
    expect(headers['access-control-allow-origin']).toBeUndefined();
  });

  it('shows photos by id and nothing by path', async () => {
    for (const as of ['thumbnail', 'view']) {
      const { status, body, headers } = await ask(`/photo/${photoId}/${as}`, asUs());
      expect(status).toBe(200);
      expect(headers['content-type']).toMatch(/^image\//u);
      expect((await sharp(body).metadata()).width).toBe(480);
    }
    // Only videos have moments.
    expect((await ask(`/photo/${photoId}/thumbnail?at=1.0`, asUs())).status).toBe(200);
    const paths = [
      `/photo/${photoId}/thumbnail?at=-1`,
      `/photo/${photoId}/thumbnail?at=soon`,
      '/photo/0000000000000000/view',
      '/photo/..%2f..%2flibrary.json/view',
      '/../../../../etc/passwd',
      '/%2e%2e/%2e%2e/package.json',
      '/assets/..%2f..%2f..%2fpackage.json',
      '/%00',
      '/%E0%A4%A',
    ];
    for (const path of paths) expect((await ask(path, asUs())).status).toBeGreaterThanOrEqual(400);
  });

  it('draws a TIFF for browsers that cannot', async () => {
    const { results } = await client.call('search', { query: 'forest' });
    const tiff = results.find((result) => result.path.endsWith('.tif'));
    const { headers, body } = await ask(`/photo/${tiff?.id ?? ''}/view`, asUs());
    expect(headers['content-type']).toBe('image/jpeg');
    expect(await sharp(body).metadata()).toMatchObject({ format: 'jpeg', width: 480, height: 320 });
  });

  it('takes a picture, and says what is wrong with one that is none', async () => {
    const { results } = await client.call('search', { query: 'snow' });
    const picture = await ask(`/photo/${results[0]?.id ?? ''}/view`, asUs());
    const taken = await ask('/picture', { ...asUs(), origin: web.origin }, picture.body);
    const { token } = pictureSchema.parse(JSON.parse(taken.body.toString()));
    expect((await client.call('search', { query: `image:${token}` })).results[0]?.id).toBe(results[0]?.id);
    const refused = await ask('/picture', { ...asUs(), origin: web.origin }, Buffer.from('no picture at all'));
    expect(refused.status).toBe(400);
    expect(JSON.parse(refused.body.toString())).toMatchObject({ kind: 'not-a-picture' });
  });

  it('refuses a picture that is too large, and goes on', async () => {
    const large = ask(
      '/picture',
      { ...asUs(), origin: web.origin, 'content-length': String(200 * 1024 * 1024) },
      Buffer.alloc(1024),
    );
    expect(await large.catch(() => ({ status: 0 }))).not.toMatchObject({ status: 200 });
    const endless = ask(
      '/picture',
      { ...asUs(), origin: web.origin, 'transfer-encoding': 'chunked' },
      Buffer.alloc(101 * 1024 * 1024),
    );
    // The server may cut the line while the rest is still on its way.
    expect(await endless.catch(() => ({ status: 0 }))).not.toMatchObject({ status: 200 });
    expect((await ask('/', asUs())).status).toBe(200);
  });

  it('offers folders under tokens, and answers no host method', async () => {
    const list = folderListSchema.parse(await client.call('shell.listFolders', {}));
    expect(list.here.token).not.toContain('/');
    await expect(client.call('shell.addFolder', { token: '/etc' })).rejects.toMatchObject({ kind: 'not-found' });
    await expect(client.call('roots.add', { path: '/etc' })).rejects.toMatchObject({ kind: 'invalid-request' });
    await expect(client.call('photos.file', { id: photoId, as: 'view' })).rejects.toMatchObject({
      kind: 'invalid-request',
    });
    await expect(client.call('shutdown', {})).rejects.toMatchObject({ kind: 'invalid-request' });
  });
});
