import type { Transport } from '../../app/contract/index.ts';

/** Opens a line that can carry the contract; a desktop shell brings its own over a MessagePort. */
export type OpenTransport = () => Promise<Transport>;

const fromJson = (text: unknown): unknown => {
  try {
    return typeof text === 'string' ? JSON.parse(text) : undefined;
  } catch {
    // The contract drops what is no message.
    return undefined;
  }
};

/** The engine behind the host that served this page. @throws Error when nothing answers there */
export const openWebSocket: OpenTransport = () =>
  new Promise((resolve, reject) => {
    const address = new URL('/rpc', location.href);
    address.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
    const socket = new WebSocket(address);
    const transport: Transport = {
      send: (message) => socket.send(JSON.stringify(message)),
      onMessage: (listener) => socket.addEventListener('message', ({ data }) => listener(fromJson(data))),
      onClose: (listener) => socket.addEventListener('close', () => listener()),
      close: () => socket.close(),
    };
    socket.addEventListener('open', () => resolve(transport));
    socket.addEventListener('error', () => reject(new Error(`Nothing answers at ${address.host}.`)));
  });
