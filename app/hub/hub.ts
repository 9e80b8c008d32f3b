import type { Readable } from 'node:stream';
import { EnvHttpProxyAgent, request } from 'undici';
import { AfterimageError } from '../contract/index.ts';
import { fileAddress } from './address.ts';
import { Destinations, PrivatePlace } from './destinations.ts';
import { Interrupted, refused } from './failures.ts';

const MAX_HOPS = 5;
const CONNECT_MS = 15_000;

/** What an answer says under a name, in small letters; null where it says nothing, or several things. */
type Header = (name: string) => string | null;

/** What a hub says of a file, whoever then sends it. */
export interface Stated {
  readonly bytes: number | null;
  readonly sha256: string | null;
  /** Of small files: the SHA-1 of `blob <length>\0` and the bytes. */
  readonly blobSha1: string | null;
}

export interface Answer {
  readonly status: number;
  readonly header: Header;
  readonly body: Readable;
  readonly stated: Stated;
}

/** A hub of models, or a mirror of it; `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` say how it is reached. */
export class Hub {
  readonly #base: URL;
  readonly #agent: EnvHttpProxyAgent;
  readonly #stallMs: number;
  readonly #destinations: Destinations;
  #answered = false;

  /**
   * @param stallMs how long a connection may say nothing
   * @throws AfterimageError `invalid-request` when the environment names a proxy that is none
   */
  constructor(base: URL, stallMs: number) {
    this.#base = base;
    this.#stallMs = stallMs;
    this.#destinations = new Destinations(base);
    this.#agent = new EnvHttpProxyAgent({
      connect: { timeout: CONNECT_MS, lookup: this.#destinations.lookup },
      // Where it is given none of its own, https takes this one, too.
      ...proxy('httpProxy', 'HTTP_PROXY', 'ALL_PROXY'),
      ...proxy('httpsProxy', 'HTTPS_PROXY'),
    });
  }

  /** Whether anything ever came from there: until then, being offline is the best guess. */
  get answered(): boolean {
    return this.#answered;
  }

  address(repository: string, revision: string, path: string): URL {
    return fileAddress(this.#base, repository, revision, path);
  }

  /**
   * Asks for a file from byte `from` on, and follows where it is sent. The answer's body must be read or destroyed.
   *
   * @throws Interrupted when the connection fails, AfterimageError `download-failed` for a redirect that is not followed
   */
  async get(file: URL, from: number, signal: AbortSignal): Promise<Answer> {
    let url = file;
    let stated: Stated = { bytes: null, sha256: null, blobSha1: null };
    for (let hop = 0; hop <= MAX_HOPS; hop++) {
      const { statusCode: status, headers, body } = await this.#ask(url, from, signal);
      const header: Header = (name) => {
        const value = headers[name];
        return typeof value === 'string' ? value : null;
      };
      // Only the hub is asked what the file is: others send what they were given.
      if (url.origin === this.#base.origin) stated = merged(stated, header);
      const location = header('location');
      if (status < 300 || status >= 400 || location === null) return { status, header, body, stated };
      await body.dump({ limit: 2 ** 14, signal }).catch(() => undefined);
      const next = this.#destinations.next(url, location);
      if (next === null) throw refused(file, `${url.host} redirects to an address that is not safe to follow`, status);
      url = next;
    }
    throw refused(file, `${url.host} redirects again and again`);
  }

  async #ask(url: URL, from: number, signal: AbortSignal): ReturnType<typeof request> {
    try {
      const response = await request(url, {
        dispatcher: this.#agent,
        signal,
        headersTimeout: this.#stallMs,
        bodyTimeout: this.#stallMs,
        headers: {
          'user-agent': 'afterimage',
          // What is counted and hashed are the file's bytes.
          'accept-encoding': 'identity',
          ...(from > 0 ? { range: `bytes=${String(from)}-` } : {}),
        },
      });
      this.#answered = true;
      // A body that is given up unread says so; nobody needs to know.
      response.body.on('error', () => undefined);
      return response;
    } catch (error) {
      if (error instanceof PrivatePlace) throw refused(url, error.message);
      throw Interrupted.of(error, signal);
    }
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }
}

/** Everybody takes `proxy:3128`, too, for an address. */
const proxy = <K extends string>(option: K, ...variables: readonly string[]): Partial<Record<K, string>> => {
  const textOf = (variable: string): string => process.env[variable.toLowerCase()] ?? process.env[variable] ?? '';
  const variable = variables.find((name) => textOf(name) !== '');
  if (variable === undefined) return {};
  const text = textOf(variable);
  const address = text.includes('://') ? text : `http://${text}`;
  if (/^(https?|socks5?):/iu.test(address) && URL.canParse(address)) {
    // The one key is K.
    return { [option]: address } as Record<K, string>;
  }
  throw new AfterimageError(
    'invalid-request',
    `${variable} names no proxy that can be used. Write it as in http://proxy.example:3128.`,
  );
};

const merged = (before: Stated, header: Header): Stated => {
  const tag = (name: string): string => (header(name) ?? '').replace(/^(W\/)?"?|"$/gu, '');
  const linked = tag('x-linked-etag');
  const size = header('x-linked-size') ?? '';
  return {
    bytes: /^\d+$/u.test(size) ? Number(size) : before.bytes,
    sha256: /^[0-9a-f]{64}$/u.test(linked) ? linked : before.sha256,
    blobSha1: [linked, tag('etag')].find((value) => /^[0-9a-f]{40}$/u.test(value)) ?? before.blobSha1,
  };
};
