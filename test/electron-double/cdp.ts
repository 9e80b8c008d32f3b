import { EventEmitter } from 'node:events';
import type { CDPSession } from 'playwright-core';
import { WebSocket } from 'ws';

/** A conversation with the browser, or with one of its targets: commands and events of the DevTools protocol, with their types. */
export type Line = Pick<CDPSession, 'send' | 'on'>;

interface Incoming {
  readonly id?: number;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
  readonly sessionId?: string;
}

interface Pending {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** A connection to a browser, and through it to the targets that are attached. */
export class Cdp {
  readonly browser: Line;
  readonly #socket: WebSocket;
  readonly #pending = new Map<number, Pending>();
  readonly #events = new Map<string, EventEmitter>();
  /**
   * What a test evaluates in this process interrupts it anywhere, also amid a write to the socket, and a stream forgets what
   * is written to it then. So nothing is written but in a turn of the event loop of its own.
   */
  readonly #outbox: string[] = [];
  #next = 1;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    this.browser = this.line();
    socket.on('message', (data: Buffer) => {
      // The browser is trusted to speak its protocol.
      this.#receive(JSON.parse(data.toString('utf8')) as Incoming);
    });
    socket.on('close', () => {
      for (const { reject } of this.#pending.values()) reject(new Error('The browser is gone.'));
      this.#pending.clear();
    });
  }

  static open(address: string): Promise<Cdp> {
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(address, { perMessageDeflate: false, maxPayload: 512 * 1024 * 1024 });
      socket.once('open', () => {
        resolve(new Cdp(socket));
      });
      socket.once('error', reject);
    });
  }

  /** @param sessionId of a target that is attached; the browser itself without one */
  line(sessionId = ''): Line {
    const events = this.#eventsOf(sessionId);
    const send = (method: string, params: unknown): Promise<unknown> => this.#send(sessionId, method, params);
    const on = (event: string, listener: (payload: unknown) => void): void => void events.on(event, listener);
    // Playwright's types say what each command takes and gives, and what each event carries.
    return { send, on } as unknown as Line;
  }

  #send(sessionId: string, method: string, params: unknown = {}): Promise<unknown> {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      this.#outbox.push(JSON.stringify({ id, method, params, ...(sessionId === '' ? {} : { sessionId }) }));
      setImmediate(() => {
        for (const text of this.#outbox.splice(0)) this.#socket.send(text);
      });
    });
  }

  #eventsOf(sessionId: string): EventEmitter {
    const events = this.#events.get(sessionId) ?? new EventEmitter();
    this.#events.set(sessionId, events);
    return events;
  }

  #receive({ id, method, params, result, error, sessionId = '' }: Incoming): void {
    if (id === undefined) {
      if (method !== undefined) this.#eventsOf(sessionId).emit(method, params);
      return;
    }
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    if (error === undefined) pending?.resolve(result);
    else pending?.reject(new Error(error.message));
  }
}
