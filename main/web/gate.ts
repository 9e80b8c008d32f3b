import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { RateLimit } from './rate-limit.ts';
import { SIGNPOST, SIGNPOST_POLICY } from './signpost.ts';

/** What is refused, or done, before anything is answered. */
interface Decision {
  readonly status: number;
  readonly text: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const URL_LIMIT = 2048;
/** Of strangers: enough for a person with an old tab, too few for a program to keep this one busy. */
const REFUSALS = { burst: 30, perSecond: 1 };
/** Of our own page: a grid that is scrolled fast asks for some hundred thumbnails a second. */
const REQUESTS = { burst: 2000, perSecond: 500 };
const TICKET_MS = 60_000;

const secret = (): string => randomBytes(24).toString('base64url');

/** A name that nobody knows or has had before: 130 random bits in 26 lower-case letters and digits. */
const newName = (): string => Array.from(randomBytes(26), (byte) => LETTERS[byte & 31]).join('');
const LETTERS = 'abcdefghijklmnopqrstuvwxyz234567';

const equals = (given: string, expected: string): boolean => {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
};

const cookieOf = (request: IncomingMessage, name: string): string =>
  (request.headers.cookie ?? '')
    .split(/;\s*/u)
    .find((pair) => pair.startsWith(`${name}=`))
    ?.slice(name.length + 1) ?? '';

const WAY_ON: Decision = {
  status: 404,
  text: SIGNPOST,
  headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': SIGNPOST_POLICY },
};

/** A worker that another program left in the browser at one of our addresses: told to go, with all it kept there. */
const NO_WORKER: Decision = {
  status: 403,
  text: 'There are no service workers here.',
  headers: { 'clear-site-data': '"cache", "storage"' },
};

/**
 * Who may speak to the web host: a browser of this machine that was opened with a secret address, and in it our own page alone.
 *
 * Neither name nor address of the sender is believed: a page elsewhere that makes its own name resolve to this machine (DNS
 * rebinding) shows in `Host`, a page that asks across origins in `Origin` or `Sec-Fetch-Site`. The page has an origin that was
 * never used before: what other programs left in the browser under addresses of this machine (service workers, cookies) has
 * no part in it.
 *
 * @see docs/decisions/0035-an-origin-of-its-own.md
 */
export class Gate {
  readonly #newHost: () => string;
  readonly #host: string;
  readonly #origin: string;
  /** Where people may look for it, and only learn where to go. */
  readonly #shared: ReadonlySet<string>;
  readonly #cookie: string;
  /** Of the printed address; it lets browsers in for as long as this program runs. */
  readonly #token = secret();
  /** What browsers hold from then on; the address that is still in a history is none of it. */
  readonly #session = secret();
  #ticket: { readonly host: string; readonly token: string; readonly until: number } | null = null;
  readonly #refusals = new RateLimit(REFUSALS.burst, REFUSALS.perSecond);
  readonly #requests = new RateLimit(REQUESTS.burst, REQUESTS.perSecond);

  /** @param isPlain whether the page is at 127.0.0.1 itself, for browsers that do not find names in `.localhost` */
  constructor(port: number, isPlain: boolean) {
    // As browsers write it: without the port where it is 80.
    const hostOf = (name: string): string => new URL(`http://${name}:${port}`).host;
    this.#newHost = () => hostOf(isPlain ? '127.0.0.1' : `${newName()}.localhost`);
    this.#host = this.#newHost();
    this.#origin = `http://${this.#host}`;
    this.#shared = new Set(['127.0.0.1', 'localhost'].map(hostOf).filter((host) => host !== this.#host));
    // Browsers share cookies among the ports of a machine: each instance has its own.
    this.#cookie = `afterimage-${port}`;
  }

  /** The address for a person to open. */
  get address(): string {
    return `${this.#origin}/?token=${this.#token}`;
  }

  /**
   * An address that lets one browser in, once and soon: arguments of a program that is started are there for all to see. Its name
   * is another one, which leads to ours: who knows ours could listen at another port of it, and be sent the cookie.
   */
  ticket(): string {
    return this.#ticketAt(this.#newHost());
  }

  #ticketAt(host: string): string {
    this.#ticket = { host, token: secret(), until: Date.now() + TICKET_MS };
    return `http://${host}/?token=${this.#ticket.token}`;
  }

  /** @returns null for a request of our own page, which is to be answered */
  decide(request: IncomingMessage): Decision | null {
    const { url = '', headers } = request;
    if (url.length > URL_LIMIT) return this.#refuse({ status: 414, text: 'This address is too long.' });
    // Browsers send a path; anything else is for a proxy.
    if (!/^\/(?!\/)/u.test(url) || !URL.canParse(url, this.#origin))
      return this.#refuse({ status: 400, text: 'This is no address here.' });
    if (headers['service-worker'] !== undefined) return this.#refuse(NO_WORKER);
    if (this.#shared.has(headers.host ?? '') && request.method === 'GET') return this.#refuse(WAY_ON);
    const { pathname, searchParams } = new URL(url, this.#origin);
    const token = pathname === '/' && request.method === 'GET' ? searchParams.get('token') : null;
    if (token !== null && this.#redeems(headers.host, token)) {
      if (headers.host !== this.#host)
        return { status: 303, text: '', headers: { location: this.#ticketAt(this.#host) } };
      // Firefox sends no strict cookie where a redirect came from another name: the page is opened anew from here.
      return { status: 200, text: '', headers: { refresh: '0; url=/', 'set-cookie': this.#setCookie } };
    }
    if (!this.#isOurs(request)) return this.#refuse({ status: 403, text: 'This address is for this machine only.' });
    if (token !== null && equals(token, this.#token)) {
      return { status: 303, text: '', headers: { location: '/', 'set-cookie': this.#setCookie } };
    }
    if (!this.#isSameSite(headers['sec-fetch-site']))
      return this.#refuse({ status: 403, text: 'Another page cannot ask here.' });
    if (!this.#isKnown(request))
      return this.#refuse({ status: 401, text: 'Open Afterimage with the address that it printed when it started.' });
    return this.#requests.take()
      ? null
      : { status: 429, text: 'Too many requests at once.', headers: { 'retry-after': '1' } };
  }

  /** Whether a WebSocket may be opened: by our own page alone, which says where it comes from. */
  admitsSocket(request: IncomingMessage): boolean {
    const { origin } = request.headers;
    return request.url === '/rpc' && origin !== undefined && this.#isOurs(request) && this.#isKnown(request);
  }

  #isOurs({ headers: { host, origin } }: IncomingMessage): boolean {
    return host === this.#host && (origin === undefined || origin === this.#origin);
  }

  /** `none` is an address that a person opened; programs that are no browsers say nothing. */
  #isSameSite(site: string | string[] | undefined): boolean {
    return site === undefined || site === 'same-origin' || site === 'none';
  }

  #isKnown(request: IncomingMessage): boolean {
    return equals(cookieOf(request, this.#cookie), this.#session);
  }

  get #setCookie(): string {
    return `${this.#cookie}=${this.#session}; HttpOnly; SameSite=Strict; Path=/`;
  }

  #redeems(host: string | undefined, token: string): boolean {
    const ticket = this.#ticket;
    if (ticket === null || host !== ticket.host || !equals(token, ticket.token)) return false;
    this.#ticket = null;
    return Date.now() <= ticket.until;
  }

  /** The secrets cannot be guessed; the limit keeps those who try from costing much. */
  #refuse(decision: Decision): Decision {
    return this.#refusals.take()
      ? decision
      : { status: 429, text: 'Too many attempts.', headers: { 'retry-after': '60' } };
  }
}
