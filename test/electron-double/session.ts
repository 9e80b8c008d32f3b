import { EventEmitter } from 'node:events';
import { toBrowser } from './addresses.ts';
import type { Line } from './cdp.ts';

type Handle = (request: Request) => Response | Promise<Response>;
type BeforeRequest = (details: { url: string }, answer: (verdict: { cancel?: boolean }) => void) => void;
type Failed = (details: { url: string; error: string }) => void;
type CheckHandler = (contents: null, permission: string, origin: string, details: object) => boolean;
type RequestHandler = (
  contents: null,
  permission: string,
  answer: (granted: boolean) => void,
  details: { requestingUrl: string; isMainFrame: boolean },
) => void;

/** What Electron calls a permission, and Chromium. */
const PERMISSIONS: readonly (readonly [electron: string, chromium: string])[] = [
  ['clipboard-read', 'clipboard-read'],
  ['clipboard-sanitized-write', 'clipboard-write'],
  ['geolocation', 'geolocation'],
  ['media', 'camera'],
  ['media', 'microphone'],
  ['midi', 'midi'],
  ['notifications', 'notifications'],
  ['idle-detection', 'idle-detection'],
  ['window-management', 'window-management'],
];

/** A request that waits for an answer. */
export interface PausedRequest {
  readonly requestId: string;
  readonly resourceType: string;
  readonly frameId: string;
  readonly request: {
    readonly url: string;
    readonly urlFragment?: string;
    readonly method: string;
    readonly headers: Record<string, string>;
    readonly postData?: string;
    readonly postDataEntries?: readonly { readonly bytes?: string }[];
  };
}

interface Fulfilment {
  readonly responseCode: number;
  readonly responseHeaders: { name: string; value: string }[];
  readonly body: string;
}

/** Who may answer for what in the windows of a session. */
export class Session extends EventEmitter {
  readonly protocols = new Map<string, Handle>();
  #beforeRequest: BeforeRequest | null = null;
  #failed: Failed | null = null;
  #check: CheckHandler = () => true;
  #request: RequestHandler = (_contents, _permission, answer) => {
    answer(true);
  };
  /** Origins that may load something, for which permissions are set. */
  readonly origins = new Set<string>();
  isSpellCheckerEnabled = true;

  readonly webRequest = {
    onBeforeRequest: (listener: BeforeRequest): void => {
      this.#beforeRequest = listener;
    },
    onErrorOccurred: (listener: Failed | null): void => {
      this.#failed = listener;
    },
  };

  setPermissionRequestHandler(handler: RequestHandler): void {
    this.#request = handler;
  }

  setPermissionCheckHandler(handler: CheckHandler): void {
    this.#check = handler;
  }

  setDevicePermissionHandler(): void {
    // There are no devices.
  }

  setSpellCheckerEnabled(enabled: boolean): void {
    this.isSpellCheckerEnabled = enabled;
  }

  /** Tells the browser what the handlers say of each permission, for every origin of the program's own. */
  async grant(browser: Line): Promise<void> {
    for (const origin of this.origins)
      for (const [permission, name] of PERMISSIONS) {
        const isKnown = this.#check(null, permission, origin, {});
        const isGranted = await new Promise<boolean>((resolve) => {
          this.#request(null, permission, resolve, { requestingUrl: `${origin}/`, isMainFrame: true });
        });
        const setting = isKnown && isGranted ? 'granted' : 'denied';
        const place = { permission: { name }, origin: new URL(toBrowser(origin)).origin };
        // Not every Chromium knows every name.
        await browser.send('Browser.setPermission', { ...place, setting }).catch(() => undefined);
      }
  }

  /** @returns what the browser is to take for the answer; null when the request is denied, or there is nobody to answer */
  async respond(request: PausedRequest['request'], url: string): Promise<Fulfilment | null> {
    const listener = this.#beforeRequest;
    if (listener !== null) {
      const { cancel } = await new Promise<{ cancel?: boolean }>((resolve) => {
        listener({ url }, resolve);
      });
      if (cancel === true) return this.#fail(url, 'net::ERR_BLOCKED_BY_CLIENT');
    }
    const handle = this.protocols.get(/^[a-z]+(?=:)/u.exec(url)?.[0] ?? '');
    if (handle === undefined) return this.#fail(url, 'net::ERR_INTERNET_DISCONNECTED');
    const body = bodyOf(request);
    const response = await handle(
      new Request(url, { method: request.method, headers: request.headers, ...(body === null ? {} : { body }) }),
    );
    const bytes = Buffer.from(await response.arrayBuffer());
    return {
      responseCode: response.status,
      responseHeaders: [...response.headers].map(([name, value]) => ({ name, value })),
      body: bytes.toString('base64'),
    };
  }

  #fail(url: string, error: string): null {
    this.#failed?.({ url, error });
    return null;
  }
}

const bodyOf = ({ method, postDataEntries, postData = '' }: PausedRequest['request']): Buffer<ArrayBuffer> | null => {
  if (method === 'GET' || method === 'HEAD') return null;
  if (postDataEntries === undefined) return Buffer.from(postData);
  return Buffer.concat(postDataEntries.map(({ bytes = '' }) => Buffer.from(bytes, 'base64')));
};
