// What a sandboxed preload script finds when it requires Electron. Runs in a world of its own, in which alone the binding
// to the main process exists. CHANNEL, and the script itself, are put in where they are named.
declare const electronDouble: (message: string) => void;
declare const runPreload: (require: (name: string) => unknown, module: { exports: unknown }) => void;

interface FromMain {
  readonly type: 'message' | 'reply' | 'port' | 'close';
  readonly channel?: string;
  readonly data?: unknown;
  readonly args?: readonly unknown[];
  readonly ports?: readonly number[];
  readonly id?: number;
  readonly error?: string;
}

if (window === window.top) {
  const channel = 'CHANNEL';
  const listeners = new Map<string, ((event: unknown, ...args: unknown[]) => void)[]>();
  const replies = new Map<number, { resolve: (value: unknown) => void; reject: (error: unknown) => void }>();
  const ports = new Map<number, MessagePort>();
  let next = 0;
  const tell = (message: Record<string, unknown>): void => {
    electronDouble(JSON.stringify(message));
  };

  const ipcRenderer = {
    on: (name: string, listener: (event: unknown, ...args: unknown[]) => void) => {
      listeners.set(name, [...(listeners.get(name) ?? []), listener]);
    },
    send: (name: string, ...args: unknown[]) => {
      tell({ type: 'send', channel: name, args });
    },
    invoke: (name: string, ...args: unknown[]) =>
      new Promise((resolve, reject) => {
        const id = next++;
        replies.set(id, { resolve, reject });
        tell({ type: 'invoke', channel: name, args, id });
      }),
  };

  const exposed = new Map<string, Record<string, (...args: unknown[]) => unknown>>();
  const show = (name: string): void => {
    const members = Object.keys(exposed.get(name) ?? {});
    window.dispatchEvent(new CustomEvent(`${channel}:expose`, { detail: { name, members } }));
  };
  const contextBridge = {
    exposeInMainWorld: (name: string, api: Record<string, (...args: unknown[]) => unknown>) => {
      exposed.set(name, api);
      show(name);
    },
  };
  // Whichever world is set up first, the other one hears of it.
  window.addEventListener(`${channel}:hello`, () => {
    for (const name of exposed.keys()) show(name);
  });
  window.addEventListener(`${channel}:call`, (event) => {
    const { id, name, member, args } = (
      event as CustomEvent<{ id: number; name: string; member: string; args: unknown[] }>
    ).detail;
    const answer = (detail: unknown): void => {
      window.dispatchEvent(new CustomEvent(`${channel}:result`, { detail }));
    };
    try {
      // What is called at once is called at once: only the answer comes later.
      Promise.resolve(exposed.get(name)?.[member]?.(...args)).then(
        (value: unknown) => {
          answer({ id, value });
        },
        (error: unknown) => {
          answer({ id, error: String(error) });
        },
      );
    } catch (error) {
      answer({ id, error: String(error) });
    }
  });

  const webUtils = {
    // The browser knows the path, but tells it to its debugger alone: the main process writes it into `path`.
    getPathForFile: function electronDoublePath(file: File): string {
      // eslint-disable-next-line prefer-const -- see above
      let path = '';
      // eslint-disable-next-line no-debugger -- see above
      if (file instanceof File) debugger;
      return path;
    },
  };

  const openPort = (id: number): MessagePort => {
    const { port1, port2 } = new MessageChannel();
    ports.set(id, port1);
    port1.onmessage = ({ data }) => {
      tell({ type: 'port', id, data });
    };
    port1.addEventListener('close', () => {
      if (ports.delete(id)) tell({ type: 'close', id });
    });
    return port2;
  };

  const receive = (message: FromMain): void => {
    switch (message.type) {
      case 'message': {
        const event = { ports: (message.ports ?? []).map(openPort) };
        for (const listener of listeners.get(message.channel ?? '') ?? []) listener(event, ...(message.args ?? []));
        return;
      }
      case 'reply': {
        const entry = replies.get(message.id ?? -1);
        if (message.error === undefined) entry?.resolve(message.data);
        else entry?.reject(new Error(message.error));
        return;
      }
      case 'port':
        ports.get(message.id ?? -1)?.postMessage(message.data);
        return;
      case 'close': {
        const port = ports.get(message.id ?? -1);
        ports.delete(message.id ?? -1);
        port?.close();
      }
    }
  };
  Object.defineProperty(globalThis, 'electronDoubleReceive', { value: receive });
  tell({ type: 'ready' });

  const electron = { contextBridge, ipcRenderer, webUtils };
  runPreload(
    (name) => {
      if (name === 'electron') return electron;
      throw new Error(`A sandboxed preload script cannot require “${name}”.`);
    },
    { exports: {} },
  );
}
