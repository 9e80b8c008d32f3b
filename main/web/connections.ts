import type { Socket } from 'node:net';

export interface ConnectionLimits {
  /** Connections on which no request of our page has come yet. */
  readonly strangers: number;
  /** Connections of our page. */
  readonly known: number;
  /** Milliseconds a stranger may take to send a request of our page. */
  readonly patience: number;
}

/**
 * Keeps the connections of our page apart from all others, so that nobody who merely opens connections can keep the page from
 * having its own: strangers are few, cut off after a moment, and the one that has been silent longest makes room for the next.
 */
export class Connections {
  readonly #limits: ConnectionLimits;
  /** In the order in which they came. */
  readonly #strangers = new Map<Socket, NodeJS.Timeout>();
  readonly #known = new Set<Socket>();

  constructor(limits: ConnectionLimits) {
    this.#limits = limits;
  }

  /** Takes a new connection in. */
  admit(socket: Socket): void {
    const [oldest] = this.#strangers.keys();
    if (oldest !== undefined && this.#strangers.size >= this.#limits.strangers) oldest.destroy();
    const deadline = setTimeout(() => socket.destroy(), this.#limits.patience);
    this.#strangers.set(socket, deadline);
    socket.once('close', () => {
      this.#forget(socket);
      this.#known.delete(socket);
    });
  }

  /** A request of our page came on it: it may stay. @returns false, and ends it, when the page has too many */
  recognise(socket: Socket): boolean {
    if (this.#known.has(socket)) return true;
    if (this.#known.size >= this.#limits.known) {
      socket.destroy();
      return false;
    }
    this.#forget(socket);
    this.#known.add(socket);
    return true;
  }

  #forget(socket: Socket): void {
    clearTimeout(this.#strangers.get(socket));
    this.#strangers.delete(socket);
  }
}
