import {
  AfterimageError,
  createClient,
  type Client,
  type EventData,
  type EventName,
  type Input,
  type Output,
  type UiMethod,
} from '../../app/contract/index.ts';
import type { OpenTransport } from './web-socket.ts';

export type LineState = 'connecting' | 'open' | 'away';

const FIRST_WAIT_MS = 400;
const LONGEST_WAIT_MS = 8000;

/** A client that opens its transport anew whenever it is cut, waiting longer each time. Subscriptions outlive the cuts. */
export class Line {
  readonly #open: OpenTransport;
  readonly #onState: (state: LineState) => void;
  readonly #subscriptions: ((client: Client) => void)[] = [];
  #client: Client | undefined;

  /** @param onState hears every change; nothing is opened before `start` */
  constructor(open: OpenTransport, onState: (state: LineState) => void) {
    this.#open = open;
    this.#onState = onState;
  }

  start(): void {
    void this.#connect(FIRST_WAIT_MS);
  }

  /** @throws AfterimageError as the contract says; `engine-stopped` while the line is cut */
  call<M extends UiMethod>(method: M, input: Input<M>, signal?: AbortSignal): Promise<Output<M>> {
    if (this.#client !== undefined) return this.#client.call(method, input, signal);
    return Promise.reject(new AfterimageError('engine-stopped', 'Afterimage is not answering at the moment.'));
  }

  on<E extends EventName>(event: E, listener: (data: EventData<E>) => void): void {
    const subscribe = (client: Client): void => void client.on(event, listener);
    this.#subscriptions.push(subscribe);
    if (this.#client !== undefined) subscribe(this.#client);
  }

  async #connect(wait: number): Promise<void> {
    try {
      const client = createClient(await this.#open());
      this.#client = client;
      for (const subscribe of this.#subscriptions) subscribe(client);
      client.onClose(() => {
        this.#client = undefined;
        this.#again(FIRST_WAIT_MS);
      });
      this.#onState('open');
    } catch {
      this.#again(wait);
    }
  }

  #again(wait: number): void {
    this.#onState('away');
    setTimeout(() => void this.#connect(Math.min(2 * wait, LONGEST_WAIT_MS)), wait);
  }
}
