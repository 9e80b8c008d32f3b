import { join, resolve } from 'node:path';
import { findProgram, launchProgram, pathFolders } from '../../app/base/programs.ts';
import { AfterimageError } from '../../app/contract/index.ts';
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
}

/** Hands the address to the system's browser; where there is none, the printed address has to do. */
const openInBrowser = async (address: string): Promise<void> => {
  const opener = await findProgram(openers());
  if (opener !== null) launchProgram(opener, [address]);
};

/** Where this system has the program that opens an address. */
const openers = (): readonly string[] => {
  switch (process.platform) {
    case 'win32':
      return [join(process.env.SystemRoot ?? 'C:\\Windows', 'explorer.exe')];
    case 'darwin':
      return ['/usr/bin/open'];
    default:
      return ['/usr/bin', ...pathFolders()].map((folder) => join(folder, 'xdg-open'));
  }
};

/** Runs the application for a browser until it is interrupted or the engine ends. */
export const runWeb = async ({ library, folders, port, openBrowser }: WebOptions): Promise<void> => {
  const options = engineOptions(library);
  const connection = await connectEngine(options, engineEntry);
  const { client } = connection;
  try {
    for (const folder of folders) await client.call('roots.add', { path: resolve(folder) });
    if (folders.length > 0 && (await client.call('status', {})).model === null)
      await client.call('models.use', { id: 'starter' });
    const server = await startWebServer(client, rendererFolder, options.library, port);
    process.stdout.write(
      `Afterimage is ready. Open it in a browser of this machine:\n\n  ${server.address}\n\nLibrary: ${options.library}\nEnd it with Ctrl+C. Nothing leaves this machine.\n`,
    );
    await client.call('library.follow', {});
    if (openBrowser) await openInBrowser(server.ticket());
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
