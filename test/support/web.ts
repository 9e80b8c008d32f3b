import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { startAt } from './command-line.ts';

export interface RunningWeb {
  /** The printed address, token included. */
  readonly address: string;
  readonly origin: string;
  readonly process: ChildProcess;
  /** What it has printed so far. */
  printed(): string;
  stop(): Promise<void>;
}

/** Starts the application for a browser and waits for the address that it prints. */
export const startWeb = async (
  library: string,
  {
    folders = [],
    home,
    port = 0,
    plainAddress = false,
  }: {
    readonly folders?: readonly string[];
    readonly home?: string;
    readonly port?: number;
    readonly plainAddress?: boolean;
  } = {},
): Promise<RunningWeb> => {
  const options = ['--no-open', '--library', library, '--port', String(port)];
  const child = startAt(home, 'serve', ...options, ...(plainAddress ? ['--plain-address'] : []), ...folders);
  let output = '';
  const address = await new Promise<string>((resolve, reject) => {
    const onText = (text: string): void => {
      output += text;
      const found = /http:\S+/u.exec(output)?.[0];
      if (found !== undefined) resolve(found);
    };
    child.stdout?.setEncoding('utf8').on('data', onText);
    child.stderr?.setEncoding('utf8').on('data', onText);
    child.once('exit', (code) => {
      reject(new Error(`The application ended with ${String(code)}: ${output}`));
    });
  });
  return {
    address,
    origin: new URL(address).origin,
    process: child,
    printed: () => output,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
};
