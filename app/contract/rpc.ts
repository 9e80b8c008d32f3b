import { z } from 'zod';
import { AfterimageError, errorDataSchema, toAfterimageError } from './errors.ts';
import { events, type EventData, type EventName } from './events.ts';
import { isMethodName, methods, type Handlers, type Input, type MethodName, type Output } from './methods.ts';

/** Anything that carries messages both ways, in order. Messages are plain data (structured clone or JSON). */
export interface Transport {
  send(message: Message): void;
  onMessage(listener: (message: unknown) => void): void;
  onClose(listener: () => void): void;
  close(): void;
}

const requestId = z.int().nonnegative();
const messageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('request'), id: requestId, method: z.string(), input: z.unknown() }),
  z.object({ type: z.literal('cancel'), id: requestId }),
  z.object({ type: z.literal('result'), id: requestId, output: z.unknown() }),
  z.object({ type: z.literal('error'), id: requestId, error: errorDataSchema }),
  z.object({ type: z.literal('event'), event: z.string(), data: z.unknown() }),
]);
export type Message = z.infer<typeof messageSchema>;

const receive = (transport: Transport, handle: (message: Message) => void): void => {
  transport.onMessage((raw) => {
    const parsed = messageSchema.safeParse(raw);
    // A message outside the schema has no id to answer to; dropping it is the only safe reading.
    if (parsed.success) handle(parsed.data);
  });
};

/** Requests of one caller that run at once: an interface has a handful, and nobody is to fill the memory with more. */
const RUNNING_LIMIT = 1000;
/** What is wrong with an input is said of the first few places: there may be as many as the input has parts. */
const PROBLEMS = 5;
/** Of a method's name that does not exist, as much as a person needs to recognise it. */
const NAME_LENGTH = 60;

const problemsOf = ({ issues }: z.ZodError): string => {
  const more = issues.length > PROBLEMS ? ` … and ${String(issues.length - PROBLEMS)} more` : '';
  return z.prettifyError(new z.ZodError(issues.slice(0, PROBLEMS))) + more;
};

export interface Server {
  emit<E extends EventName>(event: E, data: EventData<E>): void;
}

/**
 * Answers requests on a transport until it closes. Inputs are parsed before a handler sees them; a method that is not
 * among `handlers` does not exist for this caller.
 */
export const serve = <M extends MethodName>(transport: Transport, handlers: Handlers<M>): Server => {
  const running = new Map<number, AbortController>();
  const answer = async (id: number, name: string, input: unknown): Promise<void> => {
    const controller = new AbortController();
    try {
      if (running.has(id)) throw new AfterimageError('invalid-request', `Request ${String(id)} is already running.`);
      if (running.size >= RUNNING_LIMIT)
        throw new AfterimageError('invalid-request', 'Too many requests run at once. Wait for their answers.');
      running.set(id, controller);
      if (!isMethodName(name) || !Object.hasOwn(handlers, name)) {
        throw new AfterimageError('invalid-request', `There is no method “${name.slice(0, NAME_LENGTH)}” here.`);
      }
      const parsed = methods[name].input.safeParse(input);
      if (!parsed.success) throw new AfterimageError('invalid-request', `${name}: ${problemsOf(parsed.error)}`);
      // The schema of this very method has just parsed the input; TypeScript cannot follow a lookup by name.
      const handler = handlers[name as M] as (input: unknown, signal: AbortSignal) => unknown;
      const output = await handler(parsed.data, controller.signal);
      transport.send({ type: 'result', id, output });
    } catch (error) {
      transport.send({ type: 'error', id, error: toAfterimageError(error).toData() });
    } finally {
      if (running.get(id) === controller) running.delete(id);
    }
  };
  receive(transport, (message) => {
    if (message.type === 'request')
      answer(message.id, message.method, message.input).catch(() => {
        // A line that cannot even carry an error is of no use any more.
        transport.close();
      });
    else if (message.type === 'cancel') running.get(message.id)?.abort();
  });
  transport.onClose(() => {
    for (const controller of running.values()) controller.abort();
  });
  return {
    emit: (event, data) => {
      transport.send({ type: 'event', event, data });
    },
  };
};

export interface Client {
  /** @throws AfterimageError with the other side's kind; `cancelled` on abort, `engine-stopped` when the line is cut. */
  call<M extends MethodName>(method: M, input: Input<M>, signal?: AbortSignal): Promise<Output<M>>;
  /** @returns a function that ends the subscription */
  on<E extends EventName>(event: E, listener: (data: EventData<E>) => void): () => void;
  onClose(listener: () => void): void;
  close(): void;
}

interface Pending {
  readonly method: MethodName;
  readonly resolve: (output: unknown) => void;
  readonly reject: (error: AfterimageError) => void;
}

/** The calling side of a transport. Outputs and events are parsed too: a boundary trusts neither of its sides. */
export const createClient = (transport: Transport): Client => {
  const pending = new Map<number, Pending>();
  const listeners = new Map<string, Set<(data: never) => void>>();
  let nextId = 0;
  let closed = false;
  const settle = (id: number): Pending | undefined => {
    const entry = pending.get(id);
    pending.delete(id);
    return entry;
  };
  receive(transport, (message) => {
    switch (message.type) {
      case 'result': {
        const entry = settle(message.id);
        if (entry === undefined) return;
        const parsed = methods[entry.method].output.safeParse(message.output);
        if (parsed.success) entry.resolve(parsed.data);
        else
          entry.reject(
            new AfterimageError('internal', `${entry.method} answered outside its schema: ${problemsOf(parsed.error)}`),
          );
        return;
      }
      case 'error':
        settle(message.id)?.reject(AfterimageError.fromData(message.error));
        return;
      case 'event': {
        if (!Object.hasOwn(events, message.event)) return;
        // Object.hasOwn has just proven the name.
        const parsed = events[message.event as EventName].safeParse(message.data);
        // Listeners are stored under the event whose schema has just parsed the data.
        if (parsed.success) for (const listener of listeners.get(message.event) ?? []) listener(parsed.data as never);
        return;
      }
      case 'request':
      case 'cancel':
        return;
    }
  });
  transport.onClose(() => {
    closed = true;
    for (const [, entry] of pending)
      entry.reject(new AfterimageError('engine-stopped', 'The engine has stopped. Start Afterimage again.'));
    pending.clear();
  });
  return {
    call: (method, input, signal) =>
      new Promise((resolve, reject) => {
        if (closed) {
          reject(new AfterimageError('engine-stopped', 'The engine has stopped. Start Afterimage again.'));
          return;
        }
        if (signal?.aborted === true) {
          reject(new AfterimageError('cancelled', 'Cancelled.'));
          return;
        }
        const id = nextId++;
        const cancel = (): void => {
          if (settle(id) === undefined) return;
          transport.send({ type: 'cancel', id });
          reject(new AfterimageError('cancelled', 'Cancelled.'));
        };
        signal?.addEventListener('abort', cancel, { once: true });
        const done = (): void => signal?.removeEventListener('abort', cancel);
        pending.set(id, {
          method,
          // The output was parsed by this method's own schema before it gets here.
          resolve: (output) => {
            done();
            resolve(output as Output<typeof method>);
          },
          reject: (error) => {
            done();
            reject(error);
          },
        });
        transport.send({ type: 'request', id, method, input });
      }),
    on: (event, listener) => {
      const set = listeners.get(event) ?? new Set();
      listeners.set(event, set);
      set.add(listener);
      return () => set.delete(listener);
    },
    onClose: (listener) => {
      transport.onClose(listener);
    },
    close: () => {
      transport.close();
    },
  };
};
