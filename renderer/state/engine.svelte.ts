import type { EventData, EventName, Input, Output, UiMethod } from '../../app/contract/index.ts';
import { Line, type LineState } from '../transport/line.ts';
import type { OpenTransport } from '../transport/web-socket.ts';

/** The engine as the interface sees it: calls, events, and whether anybody answers. */
export class Engine {
  line = $state<LineState>('connecting');
  readonly #line: Line;

  /** @param onOpen called each time the line is open: what was known before may have changed */
  constructor(open: OpenTransport, onOpen: () => void) {
    this.#line = new Line(open, (line) => {
      this.line = line;
      if (line === 'open') onOpen();
    });
  }

  start(): void {
    this.#line.start();
  }

  call<M extends UiMethod>(method: M, input: Input<M>, signal?: AbortSignal): Promise<Output<M>> {
    return this.#line.call(method, input, signal);
  }

  on<E extends EventName>(event: E, listener: (data: EventData<E>) => void): void {
    this.#line.on(event, listener);
  }
}
