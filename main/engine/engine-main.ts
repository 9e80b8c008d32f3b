import { createServer, type Server as SocketServer, type Socket } from 'node:net';
import { dropRelativePath } from '../../app/base/programs.ts';
import {
  serve,
  toAfterimageError,
  type EngineMethod,
  type Handlers,
  type Server,
  type Transport,
} from '../../app/contract/index.ts';
import { openEngine, type Engine } from '../../app/engine.ts';
import type { Consent } from '../../app/engine/approval.ts';
import type { EngineOptions } from '../../app/engine/options.ts';
import { channelTransport } from '../transports/channel.ts';
import { socketTransport } from '../transports/socket.ts';
import { awaitApproval, type Approved } from './awaiting.ts';
import { examine, welcome } from './handshake.ts';
import { engineInitSchema } from './init.ts';
import { Lock } from './lock.ts';
import { staySmall } from './memory.ts';

/** Opens the library, once it is approved. */
const run = async (raw: unknown): Promise<void> => {
  staySmall();
  dropRelativePath();
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
    await work(options, approved);
  } catch (error) {
    approved?.failed(error);
    // What is answered goes out before this process ends.
    await new Promise(setImmediate);
    throw error;
  }
};

/** Answers the process that started this one, and whoever else may connect. */
const work = async (options: EngineOptions, approved: Approved | null): Promise<void> => {
  const lock = await Lock.take(options.library);
  const clients = new Set<Server>();
  let starter: Server | null = null;
  let isEnding = false;
  /** Whoever started this engine is done with it: it ends with the last of its other callers. */
  let isLeft = false;

  const listener = createServer((socket) => {
    admit(
      socket,
      lock.holder.secret,
      opening.then(() => receive),
    );
  });
  const opening = open(options, approved?.consent ?? null, lock, listener);
  const end = async (): Promise<void> => {
    if (isEnding) return;
    isEnding = true;
    await opening.then((engine) => engine.close()).catch(() => undefined);
    // Until here the socket tells others that this process still has the library.
    listener.close();
    await lock.release();
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
    engine = await opening;
  } catch (error) {
    await lock.release();
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
  const receive = (transport: Transport): boolean => {
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

/** Listens before anything else is done: that tells others who look at the lock that this process lives. */
const open = async (
  options: EngineOptions,
  consent: Consent | null,
  lock: Lock,
  listener: SocketServer,
): Promise<Engine> => {
  await new Promise<void>((resolve, reject) => {
    listener.once('error', reject);
    listener.listen(lock.holder.address, resolve);
  });
  await lock.mark();
  return openEngine(options, consent);
};

/** Lets in who knows the library's secret, which only this person's programs can read. */
const admit = (socket: Socket, secret: string, ready: Promise<(transport: Transport) => boolean>): void => {
  // Why the library could not be opened is told to whoever started this process.
  ready.catch(() => undefined);
  examine(socket, secret)
    .then(async () => {
      const receive = await ready;
      // Only when it is welcome may the caller go on: what it sends from here belongs to the transport.
      if (receive(socketTransport(socket))) welcome(socket);
    })
    .catch(() => socket.destroy());
};

process.once('message', (raw) => {
  run(raw).catch((error: unknown) => {
    const { kind, message } = toAfterimageError(error);
    process.send?.({ state: 'failed', kind, message }, () => process.exit(1));
  });
});
