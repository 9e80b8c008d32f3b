import { EventEmitter } from 'node:events';

type Handler = (event: unknown, ...args: unknown[]) => unknown;

/** The main process's ear for preload scripts. */
class IpcMain extends EventEmitter {
  readonly #handlers = new Map<string, Handler>();

  handle(channel: string, handler: Handler): void {
    this.#handlers.set(channel, handler);
  }

  answer(channel: string, event: unknown, args: readonly unknown[]): Promise<unknown> {
    return Promise.resolve().then(() => {
      const handler = this.#handlers.get(channel);
      if (handler === undefined) throw new Error(`No handler registered for '${channel}'`);
      return handler(event, ...args);
    });
  }
}

export const ipcMain = new IpcMain();
