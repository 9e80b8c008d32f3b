import type { Line } from './cdp.ts';
import { ipcMain } from './ipc-main.ts';
import type { MessagePortMain } from './ports.ts';

/** The world that preload scripts run in; only there is the binding to the main process. */
export const WORLD = 'electron-preload';
export const BINDING = 'electronDouble';

/** A frame of a page, as a message tells where it comes from. */
export interface Frame {
  readonly url: string;
  readonly origin: string;
  readonly parent: Frame | null;
}

type FromPage =
  | { readonly type: 'ready' }
  | { readonly type: 'send'; readonly channel: string; readonly args: readonly unknown[] }
  | { readonly type: 'invoke'; readonly channel: string; readonly args: readonly unknown[]; readonly id: number }
  | { readonly type: 'port'; readonly id: number; readonly data: unknown }
  | { readonly type: 'close'; readonly id: number };

interface PreloadLineOptions {
  readonly line: () => Line;
  readonly frameOf: (id: string) => Frame | null;
  readonly sender: unknown;
}

/** What the main process and a page's preload script say to each other, ports included. */
export class PreloadLine {
  readonly #options: PreloadLineOptions;
  /** Frames, by the context that a preload script runs in. */
  readonly #worlds = new Map<number, string>();
  readonly #ports = new Map<number, MessagePortMain>();
  /** Told before there was anybody to hear it. */
  readonly #waiting: string[] = [];
  #world: number | null = null;
  #nextPort = 1;

  constructor(options: PreloadLineOptions) {
    this.#options = options;
  }

  listen(line: Line): void {
    line.on('Runtime.executionContextCreated', ({ context: { name, id, auxData } }) => {
      // Of a page's contexts, the browser says which frame they belong to.
      if (name === WORLD) this.#worlds.set(id, (auxData as { frameId: string }).frameId);
    });
    line.on('Runtime.executionContextDestroyed', ({ executionContextId }) => {
      this.#worlds.delete(executionContextId);
      if (executionContextId === this.#world) this.cut();
    });
    line.on('Runtime.executionContextsCleared', () => {
      this.#worlds.clear();
      this.cut();
    });
    line.on('Runtime.bindingCalled', ({ name, payload, executionContextId }) => {
      // Written by the double's own script in that world.
      if (name === BINDING) this.#hear(JSON.parse(payload) as FromPage, executionContextId);
    });
  }

  send(channel: string, args: readonly unknown[], transfer: readonly MessagePortMain[] = []): void {
    this.#tell({ type: 'message', channel, args, ports: transfer.map((port) => this.#adopt(port)) });
  }

  /** The page is gone: its ports have no other end any more. */
  cut(): void {
    this.#world = null;
    for (const port of this.#ports.values()) port.close();
    this.#ports.clear();
  }

  #adopt(port: MessagePortMain): number {
    const id = this.#nextPort++;
    this.#ports.set(id, port);
    port.on('message', ({ data }: { data: unknown }) => {
      this.#tell({ type: 'port', id, data });
    });
    port.on('close', () => {
      this.#ports.delete(id);
      this.#tell({ type: 'close', id });
    });
    port.start();
    return id;
  }

  #tell(message: object): void {
    const expression = `electronDoubleReceive(${JSON.stringify(message)})`;
    if (this.#world === null) this.#waiting.push(expression);
    else this.#run(expression, this.#world);
  }

  #run(expression: string, contextId: number): void {
    const work = this.#options.line().send('Runtime.evaluate', { expression, contextId });
    // A page that has just gone hears nothing.
    work.catch(() => undefined);
  }

  #hear(message: FromPage, world: number): void {
    const { sender, frameOf } = this.#options;
    const event = { sender, senderFrame: frameOf(this.#worlds.get(world) ?? ''), ports: [] };
    switch (message.type) {
      case 'ready':
        this.#world = world;
        for (const expression of this.#waiting.splice(0)) this.#run(expression, world);
        return;
      case 'send':
        ipcMain.emit(message.channel, event, ...message.args);
        return;
      case 'invoke': {
        const { id } = message;
        ipcMain.answer(message.channel, event, message.args).then(
          (data) => {
            this.#tell({ type: 'reply', id, data });
          },
          (error: unknown) => {
            this.#tell({ type: 'reply', id, error: String(error) });
          },
        );
        return;
      }
      case 'port':
        this.#ports.get(message.id)?.postMessage(message.data);
        return;
      case 'close':
        this.#ports.get(message.id)?.close();
        this.#ports.delete(message.id);
        return;
    }
  }
}
