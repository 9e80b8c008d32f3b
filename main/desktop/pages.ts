import type { IpcMain, IpcMainEvent, MessageChannelMain, MessagePortMain, WebContents } from 'electron';
import { z } from 'zod';
import type { Client, Command, Folder, Handlers, ShellMethod, Transport } from '../../app/contract/index.ts';
import { bridge } from '../bridge.ts';
import { messagePortTransport } from '../transports/message-port.ts';
import { isFromPage } from './security/sender.ts';

const droppedSchema = z.array(z.string().max(32_768)).max(1000);

export interface PagesParts {
  readonly ipcMain: Pick<IpcMain, 'on' | 'handle'>;
  readonly MessageChannelMain: new () => MessageChannelMain;
  readonly engine: Pick<Client, 'call' | 'on'> & { emit(event: 'command', data: Command): void };
  /** The page of the window there is. */
  readonly contents: () => WebContents | undefined;
  readonly shellFor: (contents: WebContents) => Handlers<ShellMethod>;
  /** Folders among paths, under tokens. */
  readonly foldersAmong: (paths: readonly string[]) => Promise<readonly Folder[]>;
  readonly onRefused: () => void;
}

/** The main process's end of a port. Unlike the port itself, it also tells of its end when it is closed from here. */
const endableTransport = (port: MessagePortMain): Transport => {
  const transport = messagePortTransport(port);
  const ends = new Set<() => void>();
  const end = (): void => {
    for (const listener of ends) listener();
    ends.clear();
  };
  transport.onClose(end);
  return {
    ...transport,
    onClose: (listener) => void ends.add(listener),
    close: () => {
      transport.close();
      end();
    },
  };
};

/** Gives our window's page, and no other, a line to the engine and to what the desktop answers. */
export class Pages {
  readonly #parts: PagesParts;
  readonly #open = new Set<Transport>();
  #waiting: Command[] = [];

  constructor(parts: PagesParts) {
    this.#parts = parts;
    const { ipcMain } = parts;
    ipcMain.on('afterimage:connect', (event) => {
      if (this.#isKnown(event)) this.#connect(event.sender);
    });
    ipcMain.handle('afterimage:dropped', async (event, paths: unknown) =>
      this.#isKnown(event) ? parts.foldersAmong(droppedSchema.parse(paths)) : [],
    );
  }

  /** Tells the page what to do; a page that is not there yet does it when it is. */
  command(command: Command): void {
    if (this.#open.size === 0) this.#waiting = [...this.#waiting.slice(-9), command];
    else this.#parts.engine.emit('command', command);
  }

  /** Cuts the lines: pages open others, and then look at everything anew. */
  cut(): void {
    for (const transport of [...this.#open]) transport.close();
  }

  #isKnown(event: Pick<IpcMainEvent, 'sender' | 'senderFrame'>): boolean {
    const isKnown = isFromPage(event, this.#parts.contents());
    if (!isKnown) this.#parts.onRefused();
    return isKnown;
  }

  #connect(contents: WebContents): void {
    const { MessageChannelMain, engine, shellFor } = this.#parts;
    const { port1, port2 } = new MessageChannelMain();
    const transport = endableTransport(port1);
    // A page has one line: what it had before it was loaded anew is nobody's.
    this.cut();
    this.#open.add(transport);
    transport.onClose(() => this.#open.delete(transport));
    bridge(transport, engine, shellFor(contents));
    contents.postMessage('afterimage:port', null, [port2]);
    for (const command of this.#waiting) engine.emit('command', command);
    this.#waiting = [];
  }
}
