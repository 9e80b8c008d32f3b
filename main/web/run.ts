import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { AfterimageError, toAfterimageError } from '../../app/contract/index.ts';
import { connectEngine } from '../engine/connect.ts';
import { engineEntry, engineOptions, rendererFolder } from '../paths.ts';
import { startWebServer } from './server.ts';

export interface WebOptions {
  readonly library: string;
  /** Folders to add and index at once. */
  readonly folders: readonly string[];
  /** 0 for any free one. */
  readonly port: number;
  readonly openBrowser: boolean;
  /** Whether the library is approved without asking. */
  readonly isTrusted: boolean;
}

/** Hands the address to the system's browser; where there is none, the printed address has to do. */
const openInBrowser = (address: string): void => {
  const [command, args] =
    process.platform === 'win32'
      ? ['explorer.exe', [address]]
      : process.platform === 'darwin'
        ? ['open', [address]]
        : ['xdg-open', [address]];
  const opener = spawn(command, args, { stdio: 'ignore', detached: true });
  opener.on('error', () => undefined);
  opener.unref();
};

const tell = (error: unknown): void => {
  process.stderr.write(`afterimage: ${toAfterimageError(error).message}\n`);
};

/** Runs the application for a browser until it is interrupted or the engine ends. */
export const runWeb = async ({ library, folders, port, openBrowser, isTrusted }: WebOptions): Promise<void> => {
  const options = engineOptions(library);
  const connection = await connectEngine(options, engineEntry);
  const { client } = connection;
  try {
    const begin = async (): Promise<void> => {
      for (const folder of folders) await client.call('roots.add', { path: resolve(folder) });
      if (folders.length > 0 && (await client.call('status', {})).model === null)
        await client.call('models.use', { id: 'starter' });
    };
    if (isTrusted) await client.call('library.approve', { everything: true });
    else if (connection.awaiting)
      // The page asks. To name a folder approves that folder, not the library that it is to join.
      client.on('changed', ({ what }) => {
        if (what === 'library') begin().catch(tell);
      });
    if (isTrusted || !connection.awaiting) await begin();
    const server = await startWebServer(client, rendererFolder, options.library, port);
    process.stdout.write(
      `Afterimage is ready. Open it in a browser of this machine:\n\n  ${server.address}\n\nLibrary: ${options.library}\nEnd it with Ctrl+C. Nothing leaves this machine.\n`,
    );
    await client.call('library.follow', {});
    if (openBrowser) openInBrowser(server.ticket());
    const isCut = await new Promise<boolean>((end) => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const)
        process.once(signal, () => {
          end(false);
        });
      client.onClose(() => {
        end(true);
      });
    });
    await server.close();
    if (isCut) {
      throw new AfterimageError(
        'engine-stopped',
        'The engine has stopped. Start Afterimage again: nothing that was indexed is lost.',
      );
    }
  } finally {
    await connection.close();
  }
};
