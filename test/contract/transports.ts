import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { WebSocket, WebSocketServer } from 'ws';
import type { Transport } from '../../app/contract/index.ts';
import { channelTransport } from '../../main/transports/channel.ts';
import { messagePortTransport } from '../../main/transports/message-port.ts';
import { socketTransport } from '../../main/transports/socket.ts';
import { webSocketTransport } from '../../main/transports/web-socket.ts';
import { serveSuite } from './handlers.ts';

export interface Line {
  readonly transport: Transport;
  /** Sends bytes as they are, where the line carries bytes. */
  readonly raw?: (bytes: string | Uint8Array) => void;
  /** Cuts the line from the far side, as a crash would. */
  readonly cut: () => void;
  readonly clean: () => Promise<void>;
}

/** Two ends in one process; what is carried is copied, as every other line does. */
const inProcess = (): Promise<Line> => {
  const ends = [new EventTarget(), new EventTarget()] as const;
  const cut = (): void => {
    for (const end of ends) end.dispatchEvent(new Event('close'));
  };
  const transportOf = (near: EventTarget, far: EventTarget): Transport => ({
    send: (message) => {
      const data = structuredClone(message);
      setImmediate(() => far.dispatchEvent(new MessageEvent('message', { data })));
    },
    onMessage: (listener) => {
      // Only messages of the other end arrive under this name.
      near.addEventListener('message', (event) => {
        listener((event as MessageEvent).data);
      });
    },
    onClose: (listener) => {
      near.addEventListener('close', listener);
    },
    close: cut,
  });
  serveSuite(transportOf(...ends));
  const clean = (): Promise<void> => {
    cut();
    return Promise.resolve();
  };
  return Promise.resolve({ transport: transportOf(ends[1], ends[0]), cut, clean });
};

/** Electron's port wraps the data in an event; Node's gives it as it is. */
const asElectronPort = (port: MessagePort) => ({
  postMessage: (message: unknown) => {
    port.postMessage(message);
  },
  on: (event: 'message' | 'close', listener: (event: { data: unknown }) => void) =>
    port.on(event, (data: unknown) => {
      listener({ data });
    }),
  start: () => {
    port.start();
  },
  close: () => {
    port.close();
  },
});

const messagePort = (): Promise<Line> => {
  const { port1, port2 } = new MessageChannel();
  serveSuite(messagePortTransport(asElectronPort(port1)));
  return Promise.resolve({
    transport: messagePortTransport(asElectronPort(port2)),
    cut: () => {
      port1.close();
    },
    clean: () => {
      port2.close();
      return Promise.resolve();
    },
  });
};

const childChannel = async (): Promise<Line> => {
  const child = fork(fileURLToPath(new URL('child.ts', import.meta.url)), { execArgv: ['--import', 'tsx'] });
  await once(child, 'spawn');
  return {
    transport: channelTransport(child),
    cut: () => child.kill('SIGKILL'),
    clean: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
};

const localSocket = async (): Promise<Line> => {
  const folder = await mkdtemp(join(tmpdir(), 'afterimage-contract-'));
  const path =
    process.platform === 'win32' ? `\\\\.\\pipe\\${folder.replaceAll(/[\\:]/gu, '-')}` : join(folder, 'socket');
  let cut = (): void => undefined;
  const server = createServer((socket) => {
    cut = () => {
      socket.destroy();
    };
    serveSuite(socketTransport(socket));
  }).listen(path);
  await once(server, 'listening');
  const socket = connect(path);
  await once(socket, 'connect');
  return {
    transport: socketTransport(socket),
    raw: (bytes) => {
      socket.write(bytes);
      socket.write('\n');
    },
    cut: () => {
      cut();
    },
    clean: async () => {
      socket.destroy();
      server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
};

const webSocket = async (): Promise<Line> => {
  const http = createHttpServer();
  const sockets = new WebSocketServer({ server: http });
  sockets.on('connection', (socket) => {
    serveSuite(webSocketTransport(socket));
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  // A server that listens on TCP has an address object.
  const client = new WebSocket(`ws://127.0.0.1:${String((http.address() as AddressInfo).port)}`);
  await once(client, 'open');
  return {
    transport: webSocketTransport(client),
    raw: (bytes) => {
      client.send(bytes);
    },
    cut: () => {
      for (const socket of sockets.clients) socket.terminate();
    },
    clean: async () => {
      client.terminate();
      sockets.close();
      http.close();
      await once(http, 'close');
    },
  };
};

export const lines: Readonly<Record<string, () => Promise<Line>>> = {
  'one process': inProcess,
  'a message port': messagePort,
  'a child-process channel': childChannel,
  'a local socket': localSocket,
  'a WebSocket': webSocket,
};
