import {
  AfterimageError,
  events,
  toAfterimageError,
  type Client,
  type EventData,
  type EventName,
  type Input,
  type MethodName,
  type Output,
} from '../../app/contract/index.ts';
import { StartFailed, type Connection } from '../engine/connect.ts';
import type { Attempts } from './attempts.ts';
import type { FirstPage } from './first-page.ts';

export interface KeeperOptions {
  readonly connect: () => Promise<Connection>;
  readonly attempts: Attempts;
  /** What can be answered while there is no engine. */
  readonly firstPage: Pick<FirstPage, 'answer' | 'note'>;
  /** An engine answers: the first, or another one. */
  readonly onReady: (engine: Client) => void;
  /** The engine ended without being asked to, or did not get as far as to answer; `how`, in words of the system. */
  readonly onLost: (when: 'working' | 'starting', how: string) => void;
  /** It ended too often and is not started again by itself. */
  readonly onGivenUp: (error: AfterimageError) => void;
}

/**
 * The engine as the window sees it, there or not: calls wait for it, or are answered by what it said last; subscriptions
 * outlive it. It is started again when it ends, a bounded number of times.
 */
export class EngineKeeper implements Client {
  readonly #options: KeeperOptions;
  readonly #listeners = new Map<EventName, Set<(data: never) => void>>();
  #connection: Connection | null = null;
  #starting: Promise<Client> | null = null;
  /** Whether somebody was told what an earlier engine said. */
  #remembered = false;
  #isClosing = false;
  #isGivenUp: AfterimageError | null = null;

  constructor(options: KeeperOptions) {
    this.#options = options;
  }

  /** Starts the engine, or starts it again after it was given up. */
  start(): void {
    if (this.#isGivenUp !== null) {
      this.#isGivenUp = null;
      this.#starting = null;
      this.#options.attempts.clear();
    }
    if (this.#connection === null) this.#ready().catch(() => undefined);
  }

  /** Whether an engine answers now. */
  get isReady(): boolean {
    return this.#connection !== null;
  }

  async call<M extends MethodName>(method: M, input: Input<M>, signal?: AbortSignal): Promise<Output<M>> {
    const { firstPage } = this.#options;
    const known = this.#connection === null ? firstPage.answer(method, input) : undefined;
    if (known !== undefined) {
      this.#remembered = true;
      return known;
    }
    const client = this.#connection?.client ?? (await abortable(this.#ready(), signal));
    const output = await client.call(method, input, signal);
    firstPage.note(method, input, output);
    return output;
  }

  on<E extends EventName>(event: E, listener: (data: EventData<E>) => void): () => void {
    const set = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, set);
    set.add(listener);
    return () => set.delete(listener);
  }

  emit<E extends EventName>(event: E, data: EventData<E>): void {
    // Listeners are kept under the event whose data this is.
    for (const listener of this.#listeners.get(event) ?? []) listener(data as never);
  }

  onClose(): void {
    // A keeper outlives its engines.
  }

  close(): void {
    void this.end();
  }

  /** Lets go of the engine; one of our own ends. */
  async end(): Promise<void> {
    this.#isClosing = true;
    await this.#starting?.catch(() => undefined);
    await this.#connection?.close();
  }

  #ready(): Promise<Client> {
    if (this.#isClosing) return Promise.reject(stopped());
    if (this.#isGivenUp !== null) return Promise.reject(this.#isGivenUp);
    return this.#starting ?? this.#begin(this.#start());
  }

  #begin(work: Promise<Client>): Promise<Client> {
    const starting = work.finally(() => {
      // Another start may have taken its place.
      if (this.#starting === starting) this.#starting = null;
    });
    this.#starting = starting;
    return starting;
  }

  async #start(): Promise<Client> {
    for (;;) {
      try {
        const connection = await this.#options.connect();
        this.#attach(connection);
        return connection.client;
      } catch (error) {
        const failure = toAfterimageError(error);
        // A library that cannot be opened stays so until somebody does something about it; a crash may pass.
        if (failure.kind !== 'engine-stopped' || this.#isClosing) throw failure;
        this.#options.onLost('starting', error instanceof StartFailed ? error.ending : failure.kind);
        await this.#rest();
      }
    }
  }

  #attach(connection: Connection): void {
    const { client, ended } = connection;
    this.#connection = connection;
    // Object.keys of the event map gives its names.
    for (const event of Object.keys(events) as EventName[])
      client.on(event, (data) => {
        this.emit(event, data);
      });
    client.onClose(() => {
      this.#connection = null;
      if (this.#isClosing) return;
      const lost = ended.then((how) => {
        this.#options.onLost('working', how);
      });
      if (this.#starting === null)
        this.#begin(lost.then(() => this.#rest()).then(() => this.#start())).catch(() => undefined);
    });
    this.#options.onReady(client);
    if (!this.#remembered) return;
    this.#remembered = false;
    // What was told from memory is asked for again.
    for (const what of ['photos', 'model'] as const) this.emit('changed', { photos: 0, what });
  }

  /** @throws AfterimageError `engine-stopped` when it was started too often */
  async #rest(): Promise<void> {
    const wait = this.#options.attempts.next();
    if (wait !== null) return new Promise((resolve) => setTimeout(resolve, wait));
    this.#isGivenUp = stopped();
    this.#options.onGivenUp(this.#isGivenUp);
    throw this.#isGivenUp;
  }
}

const stopped = (): AfterimageError =>
  new AfterimageError(
    'engine-stopped',
    'The engine has stopped. Start Afterimage again: nothing that was indexed is lost.',
  );

/** Waits no longer than the caller does. */
const abortable = async <T>(work: Promise<T>, signal?: AbortSignal): Promise<T> => {
  if (signal === undefined) return work;
  let cancel = (): void => undefined;
  const gone = new Promise<never>((_resolve, reject) => {
    cancel = () => {
      reject(new AfterimageError('cancelled', 'Cancelled.'));
    };
  });
  if (signal.aborted) cancel();
  signal.addEventListener('abort', cancel, { once: true });
  return Promise.race([work, gone]).finally(() => {
    signal.removeEventListener('abort', cancel);
  });
};
