import type { Transport } from '../../app/contract/index.ts';

/** What Electron's `MessagePortMain` has of a message port; named here so that only the desktop imports Electron. */
interface Port {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown }) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  start(): void;
  close(): void;
}

/** The main process's end of the channel to a window. */
export const messagePortTransport = (port: Port): Transport => ({
  send: (message) => {
    port.postMessage(message);
  },
  onMessage: (listener) => {
    port.on('message', ({ data }) => {
      listener(data);
    });
    port.start();
  },
  onClose: (listener) => {
    port.on('close', listener);
  },
  close: () => {
    port.close();
  },
});
