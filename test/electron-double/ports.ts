import { EventEmitter } from 'node:events';

/** Where a port's other end is: in this process, or in a page. */
interface Remote {
  post(data: unknown): void;
  close(): void;
}

/** One end of a channel. Messages wait until somebody listens. */
export class MessagePortMain extends EventEmitter {
  remote: Remote | null = null;
  #waiting: unknown[] | null = [];
  #isClosed = false;

  postMessage(data: unknown): void {
    if (!this.#isClosed) this.remote?.post(structuredClone(data));
  }

  start(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = null;
    for (const data of waiting) this.emit('message', { data, ports: [] });
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.remote?.close();
  }

  /** The other end said something. */
  receive(data: unknown): void {
    if (this.#isClosed) return;
    if (this.#waiting === null) this.emit('message', { data, ports: [] });
    else this.#waiting.push(data);
  }

  /** The other end is gone. */
  cut(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.emit('close');
  }
}

export class MessageChannelMain {
  readonly port1 = new MessagePortMain();
  readonly port2 = new MessagePortMain();

  constructor() {
    const join = (from: MessagePortMain, to: MessagePortMain): void => {
      from.remote = {
        post: (data) => {
          to.receive(data);
        },
        close: () => {
          to.cut();
        },
      };
    };
    join(this.port1, this.port2);
    join(this.port2, this.port1);
  }
}
