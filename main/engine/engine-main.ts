import { createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import {
  serve,
  toAfterimageError,
  type EngineMethod,
  type Handlers,
  type Server,
  type Transport,
} from '../../app/contract/index.ts';
import { openEngine, type Engine } from '../../app/engine.ts';
import type { EngineOptions } from '../../app/engine/options.ts';
import { channelTransport } from '../transports/channel.ts';
import { socketTransport } from '../transports/socket.ts';
import { awaitApproval, type Approved } from './awaiting.ts';
import { engineInitSchema } from './init.ts';
import { acquire, release, type Holder } from './lock.ts';
import { staySmall } from './memory.ts';

/** Opens the library, once it is approved. */
const run = async (raw: unknown): Promise<void> => {
  staySmall();
  const options = engineInitSchema.parse(raw);
  const gone = (): void => process.exit(0);
  process.once('disconnect', gone);
  const approved = await awaitApproval(options, {
    transport: () => channelTransport(process),
    ready: () => process.send?.({ state: 'awaiting' }, () => undefined),
    leave: gone,
  });
  process.off('disconnect', gone);
  try {
    await open(options, approved);
  } catch (error) {
    approved?.failed(error);
    // What is answered goes out before this process ends.
    await new Promise(setImmediate);
    throw error;
  }
};

/** Answers the process that started this one, and whoever else may connect. */
const open = async (options: EngineOptions, approved: Approved | null): Promise<void> => {
  const holder = await acquire(options.library);
  const clients = new Set<Server>();
  let starter: Server | null = null;
  let isEnding = false;
  /** Whoever started this engine is done with it: it ends with the last of its other callers. */
  let isLeft = false;

  const opening = openEngine(options, approved?.consent ?? null);
  // Listening before the library is open tells those who look at the lock that this process lives.
  const listener = createServer((socket) => {
    admit(
      socket,
      holder,
      opening.then(() => welcome),
    );
  });
  const end = async (): Promise<void> => {
    if (isEnding) return;
    isEnding = true;
    await opening.then((engine) => engine.close()).catch(() => undefined);
    // Until here the socket tells others that this process still has the library.
    listener.close();
    await release(options.library, holder);
    process.exit(0);
  };
  const leave = (): void => {
    isLeft = true;
    if (clients.size === 0) void end();
  };
  process.on('disconnect', leave);
  // A terminal's Ctrl+C reaches the whole group; what is to happen then is for the process that started this one to say.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => void end());

  let engine: Engine;
  try {
    await new Promise<void>((resolve, reject) => {
      listener.once('error', reject);
      listener.listen(holder.address, resolve);
    });
    engine = await opening;
  } catch (error) {
    await opening.catch(() => undefined);
    await release(options.library, holder);
    throw error;
  }

  const handlers: Handlers<EngineMethod> = {
    ...engine.handlers,
    shutdown: () => {
      if (starter !== null) clients.delete(starter);
      setImmediate(leave);
      return { ends: clients.size === 0 };
    },
  };
  const attach = (transport: Transport, client = serve(transport, handlers)): Server => {
    clients.add(client);
    transport.onClose(() => {
      clients.delete(client);
      if (isLeft) leave();
    });
    return client;
  };
  /** An engine that is ending holds its callers' lines until it is gone: then they start another. */
  const welcome = (transport: Transport): boolean => {
    if (!isEnding) attach(transport);
    return !isEnding;
  };
  engine.onEvent = (event, data) => {
    for (const client of clients) client.emit(event, data);
  };
  const line = channelTransport(process);
  if (approved !== null) starter = attach(line, approved.opened(handlers));
  else {
    // Whoever started this process may have died meanwhile; `disconnect` tells that, too.
    process.send?.({ state: 'ready' }, () => undefined);
    starter = attach(line);
  }
};

const GREETING_MS = 5000;

/** A caller's first line is the secret from the lock file, which only the library's owner can read. */
const admit = (socket: Socket, holder: Holder, ready: Promise<(transport: Transport) => boolean>): void => {
  socket.on('error', () => undefined);
  // Why the library could not be opened is told to whoever started this process.
  ready.catch(() => undefined);
  const deadline = setTimeout(() => socket.destroy(), GREETING_MS);
  const lines = createInterface({ input: socket, crlfDelay: Infinity });
  lines.once('line', (line) => {
    clearTimeout(deadline);
    lines.close();
    if (line !== holder.secret) {
      socket.destroy();
      return;
    }
    ready.then(
      (attach) => {
        // Only when it is welcome may the caller go on: what it sends from here belongs to the transport.
        if (attach(socketTransport(socket))) socket.write('welcome\n');
      },
      () => socket.destroy(),
    );
  });
};

process.once('message', (raw) => {
  run(raw).catch((error: unknown) => {
    const { kind, message } = toAfterimageError(error);
    process.send?.({ state: 'failed', kind, message }, () => process.exit(1));
  });
});
