import type { WebSocket } from 'ws';
import type { Transport } from '../../app/contract/index.ts';
import { parse } from './socket.ts';

/** Bytes that may wait for a page that does not read; past it the page is cut off, and connects anew. */
const BACKLOG = 64 * 1024 * 1024;

/** The server's end of a browser's WebSocket; one message of JSON text each. */
export const webSocketTransport = (socket: WebSocket): Transport => {
  socket.on('error', () => undefined);
  return {
    send: (message) => {
      if (socket.readyState !== socket.OPEN) return;
      if (socket.bufferedAmount > BACKLOG) socket.terminate();
      else socket.send(JSON.stringify(message));
    },
    onMessage: (listener) => {
      socket.on('message', (data, isBinary) => {
        listener(isBinary || !Buffer.isBuffer(data) ? null : parse(data.toString('utf8')));
      });
    },
    onClose: (listener) => {
      socket.on('close', listener);
    },
    close: () => {
      socket.close();
    },
  };
};
