import { once } from 'node:events';
import { mkdir, realpath, writeFile } from 'node:fs/promises';
import { request, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { WebSocket } from 'ws';
import { z } from 'zod';
import { AfterimageError, type Client } from '../../app/contract/index.ts';
import { startWebServer, type WebServer, type WebServerOptions } from '../../main/web/server.ts';
import { temporaryFolder } from './command-line.ts';
import { socketTo } from './local-names.ts';

export const PHOTO = '0123456789abcdef';

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** The web host over an engine that knows one photo, and ways to ask it what no browser would ask. */
export class AttackedWeb {
  /** What the engine says the photo's file is. */
  shown = { path: '', mime: 'image/jpeg' };
  readonly home: string;
  cookie = '';
  #web: WebServer | null = null;
  readonly #remove: () => Promise<void>;

  private constructor(home: string, remove: () => Promise<void>) {
    this.home = home;
    this.#remove = remove;
  }

  static async make(): Promise<AttackedWeb> {
    const [home, remove] = await temporaryFolder();
    for (const folder of ['renderer/assets', 'library/cache', 'library/thumbnails', 'photos'])
      await mkdir(join(home, folder), { recursive: true });
    await writeFile(join(home, 'renderer', 'index.html'), '<title>Ours</title>');
    await writeFile(join(home, 'photos', 'photo.jpg'), 'photo');
    return new AttackedWeb(home, remove);
  }

  async start(options: Partial<WebServerOptions> = {}): Promise<void> {
    this.shown = { path: join(this.home, 'photos', 'photo.jpg'), mime: 'image/jpeg' };
    this.#web = await startWebServer({
      engine: this.#engine(),
      renderer: join(this.home, 'renderer'),
      library: join(this.home, 'library'),
      port: 0,
      plainAddress: false,
      ...options,
    });
    this.cookie = (await this.enter(this.web.address))?.split(';')[0] ?? '';
  }

  async clean(): Promise<void> {
    await this.#web?.close();
    await this.#remove();
  }

  get web(): WebServer {
    if (this.#web === null) throw new TypeError('The web host has not been started.');
    return this.#web;
  }

  get origin(): string {
    return new URL(this.web.address).origin;
  }

  /** What browsers call it in their requests. */
  get host(): string {
    return new URL(this.web.address).host;
  }

  get port(): number {
    return Number(new URL(this.web.address).port);
  }

  /** The first lines of a request of our own page. */
  begin(method = 'GET', path = '/'): string {
    return `${method} ${path} HTTP/1.1\r\nHost: ${this.host}\r\nCookie: ${this.cookie}\r\n`;
  }

  async ask(
    path: string,
    headers: Readonly<Record<string, string>> = { cookie: this.cookie },
    method = 'GET',
  ): Promise<Answer> {
    const outgoing = request({
      host: '127.0.0.1',
      port: this.port,
      path,
      method,
      headers: { host: this.host, ...headers },
    });
    outgoing.end();
    const [response] = z.tuple([z.custom<IncomingMessage>()]).parse(await once(outgoing, 'response'));
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(z.instanceof(Buffer).parse(chunk));
    return { status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) };
  }

  async statusOf(path: string, headers?: Readonly<Record<string, string>>, method?: string): Promise<number> {
    return (await this.ask(path, headers, method)).status;
  }

  /** @returns the cookie that an address gives, or the one that it leads to; nothing when it lets nobody in */
  async enter(address: string): Promise<string | undefined> {
    const { pathname, search, host } = new URL(address);
    const { headers } = await this.ask(pathname + search, { host });
    const { location } = headers;
    return location?.startsWith('http:') === true ? this.enter(location) : headers['set-cookie']?.[0];
  }

  /** What is answered to these bytes: the beginning of it, or all until the line is cut. */
  async raw(text: string, until: 'begun' | 'cut' = 'begun'): Promise<string> {
    const socket = connect(this.port, '127.0.0.1');
    socket.on('error', () => undefined);
    let answer = '';
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      answer += chunk;
      if (until === 'begun' && answer.includes('\r\n')) socket.destroy();
    });
    socket.write(text, 'latin1');
    // Not `once`, which takes a line that is reset for an error.
    await new Promise((resolve) => socket.on('close', resolve));
    return answer;
  }

  async openSocket(): Promise<WebSocket> {
    const { cookie, origin } = this;
    const socket = socketTo(origin, { cookie, origin });
    await once(socket, 'open');
    return socket;
  }

  /** Knows one photo, and answers with more than its caller ever reads when it is asked for a page. */
  #engine(): Client {
    const call = async (method: string): Promise<unknown> => {
      await pause(1);
      if (method === 'photos.file') return this.shown;
      if (method === 'roots.folders') return { folders: [await realpath(join(this.home, 'photos'))] };
      if (method === 'photos.page') return { total: 0, photos: [], filler: 'x'.repeat(1 << 20) };
      if (method === 'pictures.add') return { token: 'a'.repeat(32), width: 1, height: 1 };
      throw new AfterimageError('not-found', 'Nothing here.');
    };
    return {
      // The methods that are asked for here, with the answers of their contract.
      call: call as unknown as Client['call'],
      on: () => () => undefined,
      onClose: () => undefined,
      close: () => undefined,
    };
  }
}
