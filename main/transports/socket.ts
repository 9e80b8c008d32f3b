import type { Socket } from 'node:net';
import type { Transport } from '../../app/contract/index.ts';

/** Bytes of one line, and of what may wait for a side that does not read: far more than any answer has. */
const LIMIT = 256 * 1024 * 1024;
const NEWLINE = 0x0a;

/**
 * Messages as lines of JSON over a local socket or pipe. A line that is no JSON is handed on as text, and refused there; one
 * that does not end cuts the line. Only a line feed ends a line: JSON leaves other separators of lines as they are in texts.
 */
export const socketTransport = (socket: Socket): Transport => {
  // An error is always followed by close, which is what everybody listens to.
  socket.on('error', () => undefined);
  return {
    send: (message) => {
      if (socket.destroyed) return;
      if (socket.writableLength > LIMIT) socket.destroy();
      else socket.write(`${JSON.stringify(message)}\n`);
    },
    onMessage: (listener) => {
      let begun: Buffer[] = [];
      let bytes = 0;
      socket.on('data', (chunk: Buffer) => {
        let from = 0;
        for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
          const line = Buffer.concat([...begun, chunk.subarray(from, end)]);
          [begun, bytes, from] = [[], 0, end + 1];
          listener(parse(line.toString('utf8')));
        }
        begun.push(chunk.subarray(from));
        bytes += chunk.length - from;
        if (bytes > LIMIT) socket.destroy();
      });
      socket.resume();
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
