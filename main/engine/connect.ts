import { startNode } from '../../app/base/programs.ts';
import { AfterimageError, createClient, errorKindSchema, type Client } from '../../app/contract/index.ts';
import type { EngineOptions } from '../../app/engine/options.ts';
import { relayErrors } from '../terminal.ts';
import { channelTransport } from '../transports/channel.ts';
import { socketTransport } from '../transports/socket.ts';
import { introduce } from './handshake.ts';
import { engineReadySchema } from './init.ts';
import { isHeldElsewhere, reach, readHolder, type Holder } from './lock.ts';
import { memorySettings } from './memory.ts';

export interface Connection {
  readonly client: Client;
  /** Whether this process started the engine: then the engine ends with it. */
  readonly own: boolean;
  /** Whether the library has to be approved first: until then `status` tells what it would do, and all else is refused. */
  readonly awaiting: boolean;
  /** How the engine ended, as the system says it: `code 1`, `SIGKILL`. */
  readonly ended: Promise<string>;
  /** Leaves the engine; one of our own ends, once nobody else speaks to it. */
  close(): Promise<void>;
}

/** How long a process that has cut its line may take to end; one that others speak to lives on. */
const ENDING_MS = 1000;

/** An engine that did not get as far as to answer. */
export class StartFailed extends AfterimageError {
  /** As the system says it: `code 1`, `SIGKILL`, `ENOENT`. */
  readonly ending: string;

  constructor(message: string, ending: string) {
    super('engine-stopped', message);
    this.ending = ending;
  }
}

const endingOf = (code: number | null, signal: string | null): string => signal ?? `code ${String(code)}`;

const join = async (holder: Holder): Promise<Connection | null> => {
  const socket = await reach(holder);
  if (socket === null) return null;
  try {
    await introduce(socket, holder.secret);
  } catch {
    // It is going away, or no engine of this library: another one is started.
    return null;
  }
  const client = createClient(socketTransport(socket));
  return {
    client,
    own: false,
    awaiting: false,
    ended: Promise.resolve('its line was cut'),
    close: () => {
      client.close();
      return Promise.resolve();
    },
  };
};

const start = (options: EngineOptions, entry: string): Promise<Connection> =>
  new Promise((resolve, reject) => {
    const { execPath } = options.worker;
    const child = startNode(entry, {
      execPath: execPath ?? process.execPath,
      execArgv: [],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      // ONNX Runtime 1.30 keeps a device id and reports its use, unless it is told not to before it is loaded.
      env: { ...memorySettings, ...process.env, ORT_DISABLE_TELEMETRY: '1' },
    });
    if (child.stderr !== null) relayErrors(child.stderr);
    const exited = new Promise<string>((done) =>
      child.once('exit', (code, signal) => {
        done(endingOf(code, signal));
      }),
    );
    const cut = new Promise<string>((done) =>
      child.once('disconnect', () => {
        setTimeout(done, ENDING_MS, 'its line was cut').unref();
      }),
    );
    const onExit = (code: number | null, signal: NodeJS.Signals | null): void => {
      const ending = endingOf(code, signal);
      reject(
        new StartFailed(
          `The engine ended while it started (${ending}). “afterimage-cli doctor” finds out why, in a terminal.`,
          ending,
        ),
      );
    };
    child.once('exit', onExit);
    child.on('error', (error: NodeJS.ErrnoException) => {
      reject(new StartFailed(`The engine ${entry} cannot be started: ${error.message}.`, error.code ?? error.name));
    });
    child.once('message', (raw) => {
      child.off('exit', onExit);
      const answer = engineReadySchema.parse(raw);
      if (answer.state === 'failed') {
        const kind = errorKindSchema.safeParse(answer.kind);
        reject(new AfterimageError(kind.success ? kind.data : 'internal', answer.message));
        return;
      }
      const client = createClient(channelTransport(child));
      const close = async (): Promise<void> => {
        const { ends } = await client.call('shutdown', {}).catch(() => ({ ends: true }));
        // Others still speak to it: it ends with the last of them, and need not be waited for.
        if (!ends) {
          child.stderr?.destroy();
          child.unref();
        }
        if (child.connected) child.disconnect();
        if (ends) await exited;
      };
      const awaiting = answer.state === 'awaiting';
      resolve({ client, own: true, awaiting, ended: Promise.race([exited, cut]), close });
    });
    child.send(options);
  });

/**
 * Speaks to the engine that has the library open, or starts one.
 *
 * @param entry the engine process's program
 * @throws AfterimageError what the engine says why it cannot open the library
 */
export const connectEngine = async (options: EngineOptions, entry: string): Promise<Connection> => {
  for (let attempt = 0; ; attempt++) {
    const holder = await readHolder(options.library);
    const joined = holder === null ? null : await join(holder);
    if (joined !== null) return joined;
    try {
      return await start(options, entry);
    } catch (error) {
      const isLocked = error instanceof AfterimageError && error.kind === 'library-locked';
      if (!isLocked || attempt >= 3 || (await isHeldElsewhere(options.library))) throw error;
      // Somebody else was faster: speak to them.
    }
  }
};
