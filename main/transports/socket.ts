import type { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import type { Transport } from '../../app/contract/index.ts';

/** Messages as lines of JSON over a local socket or pipe. A line that is no JSON is handed on as text, and refused there. */
export const socketTransport = (socket: Socket): Transport => {
  const lines = createInterface({ input: socket, crlfDelay: Infinity });
  // An error is always followed by close, which is what everybody listens to.
  socket.on('error', () => undefined);
  return {
    send: (message) => {
      if (!socket.destroyed) socket.write(`${JSON.stringify(message)}\n`);
    },
    onMessage: (listener) => {
      lines.on('line', (line) => {
        listener(parse(line));
      });
    },
    onClose: (listener) => {
      socket.on('close', listener);
    },
    close: () => {
      socket.end();
    },
  };
};

export const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};
