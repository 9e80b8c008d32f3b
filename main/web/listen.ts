import type { Server } from 'node:http';
import { createServer, type AddressInfo, type Server as Listener } from 'node:net';
import { isErrno } from '../../app/base/errno.ts';
import { AfterimageError } from '../../app/contract/index.ts';

/** Ports that are tried where any will do; one may be free at 127.0.0.1 and taken at ::1. */
const TRIES = 20;

const bind = async (listener: Listener, port: number, host: string): Promise<void> => {
  await new Promise<void>((resolve, reject) => {
    listener.once('error', reject);
    listener.listen({ port, host, exclusive: true }, () => {
      listener.off('error', reject);
      resolve();
    });
  });
};

const shut = (listener: Listener): Promise<void> =>
  new Promise((resolve) => {
    listener.close(() => {
      resolve();
    });
  });

export interface Listening {
  readonly port: number;
  /** Takes no further connections; those that are there stay. */
  close(): Promise<void>;
}

/**
 * Listens at both loopback addresses. Browsers try ::1 first for names in `.localhost`: if it were left to others, another
 * program could answer there under our name and be sent our secrets. Where there is no IPv6, no browser can reach it either.
 *
 * @param port 0 for any that is free at both
 * @throws AfterimageError `internal` when the port cannot be had
 */
export const listenOnLoopback = async (server: Server, port: number): Promise<Listening> => {
  for (let attempt = 1; ; attempt++) {
    const second = createServer((socket) => server.emit('connection', socket));
    try {
      await bind(server, port, '127.0.0.1');
      // A server that listens on TCP has an address object.
      const { port: chosen } = server.address() as AddressInfo;
      const hasSecond = await bind(second, chosen, '::1').then(
        () => true,
        (error: unknown) => {
          if (isErrno(error, 'EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EINVAL')) return false;
          throw error;
        },
      );
      return {
        port: chosen,
        close: async () => {
          await Promise.all([shut(server), ...(hasSecond ? [shut(second)] : [])]);
        },
      };
    } catch (error) {
      if (server.listening) await shut(server);
      if (port === 0 && attempt < TRIES && isErrno(error, 'EADDRINUSE')) continue;
      const reason = error instanceof Error ? error.message : String(error);
      throw new AfterimageError(
        'internal',
        `Port ${String(port)} cannot be used (${reason}). Choose another with --port.`,
        { cause: error },
      );
    }
  }
};
