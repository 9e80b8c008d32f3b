import type { Transport } from '../../app/contract/index.ts';
import './desktop.ts';
import type { OpenTransport } from './web-socket.ts';

/** What the preload script says when it has the port. */
const PORT = 'afterimage:port';
const PATIENCE_MS = 5000;

export const portTransport = (port: MessagePort): Transport => ({
  send: (message) => port.postMessage(message),
  onMessage: (listener) => {
    port.addEventListener('message', ({ data }) => listener(data));
    port.start();
  },
  onClose: (listener) => port.addEventListener('close', () => listener()),
  close: () => port.close(),
});

/** The engine behind the desktop window that shows this page. @throws Error when the window gives no port */
export const openMessagePort: OpenTransport = () =>
  new Promise((resolve, reject) => {
    const end = new AbortController();
    const timer = setTimeout(() => {
      end.abort();
      reject(new Error('The window did not connect this page to the engine.'));
    }, PATIENCE_MS);
    const take = ({ data, source, origin, ports: [port] }: MessageEvent): void => {
      if (source !== window || origin !== location.origin || data !== PORT || port === undefined) return;
      clearTimeout(timer);
      end.abort();
      resolve(portTransport(port));
    };
    window.addEventListener('message', take, { signal: end.signal });
    window.afterimage?.connect();
  });
