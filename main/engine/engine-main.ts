import { createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { serve, toAfterimageError, type EngineMethod, type Handlers, type Server, type Transport } from '../../app/contract/index.ts';
import { openEngine, type Engine } from '../../app/engine.ts';
import { channelTransport } from '../transports/channel.ts';
import { socketTransport } from '../transports/socket.ts';
import { engineInitSchema } from './init.ts';
import { acquire, release, type Holder } from './lock.ts';

/** Opens the library, answers the process that started this one, and whoever else may connect. */
const run = async (raw: unknown): Promise<void> => {
  const options = engineInitSchema.parse(raw);
  const holder = await acquire(options.library);
  let engine: Engine;
  try {
    engine = await openEngine(options);
  } catch (error) {
    await release(options.library, holder);
    throw error;
  }

  const clients = new Set<Server>();
  engine.onEvent = (event, data) => { for (const client of clients) client.emit(event, data); };
  let ending = false;
  const end = async (): Promise<void> => {
    if (ending) return;
    ending = true;
    listener.close();
    await engine.close().catch(() => undefined);
    await release(options.library, holder);
    process.exit(0);
  };
  const handlers: Handlers<EngineMethod> = {
    ...engine.handlers,
    shutdown: () => {
      setImmediate(() => void end());
      return {};
    },
  };
  const attach = (transport: Transport): void => {
    const client = serve(transport, handlers);
    clients.add(client);
    transport.onClose(() => clients.delete(client));
  };

  const listener = createServer((socket) => { admit(socket, holder, attach); });
  await new Promise<void>((resolve, reject) => {
    listener.once('error', reject);
    listener.listen(holder.address, resolve);
  });
  process.on('disconnect', () => void end());
  // A terminal's Ctrl+C reaches the whole group; what is to happen then is for the process that started this one to say.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => void end());
  process.send?.({ state: 'ready' });
  attach(channelTransport(process));
};

const GREETING_MS = 5000;

/** A caller's first line is the secret from the lock file, which only the library's owner can read. */
const admit = (socket: Socket, holder: Holder, attach: (transport: Transport) => void): void => {
  socket.on('error', () => undefined);
  const deadline = setTimeout(() => socket.destroy(), GREETING_MS);
  const lines = createInterface({ input: socket, crlfDelay: Infinity });
  lines.once('line', (line) => {
    clearTimeout(deadline);
    lines.close();
    if (line !== holder.secret) {
      socket.destroy();
      return;
    }
    attach(socketTransport(socket));
    // Only now may the caller go on: what it sends from here belongs to the transport.
    socket.write('welcome\n');
  });
};

process.once('message', (raw) => {
  run(raw).catch((error: unknown) => {
    const { kind, message } = toAfterimageError(error);
    process.send?.({ state: 'failed', kind, message }, () => process.exit(1));
  });
});
