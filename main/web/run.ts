import { join, resolve } from 'node:path';
import { findProgram, launchProgram, pathFolders } from '../../app/base/programs.ts';
import { AfterimageError, toAfterimageError } from '../../app/contract/index.ts';
import { connectEngine } from '../engine/connect.ts';
import { engineEntry, engineOptions, rendererFolder } from '../paths.ts';
import { print, printError } from '../terminal.ts';
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
  /** Whether the address is 127.0.0.1 instead of a new name, for browsers that do not find such names. */
  readonly plainAddress: boolean;
}

const NOT_FOUND_HINT = ['If the browser does not find this address, end Afterimage and start it with --plain-address.'];
const PLAIN_ADDRESS_WARNING = [
  'Warning: this address is one that other programs of this computer share. What a program that used the same port before',
  'left in the browser (a service worker) can read this address and see your photos. Use it only with a browser that does',
  'not find the usual address, and best in a private window.',
];

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

const tell = (error: unknown): void => {
  printError(`afterimage: ${toAfterimageError(error).message}`);
};

/** Runs the application for a browser until it is interrupted or the engine ends. */
export const runWeb = async ({
  library,
  folders,
  port,
  openBrowser,
  plainAddress,
  isTrusted,
}: WebOptions): Promise<void> => {
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
    const content = { engine: client, renderer: rendererFolder, library: options.library };
    const server = await startWebServer({ ...content, port, plainAddress });
    print(
      'Afterimage is ready. Open it in a browser of this machine:',
      '',
      `  ${server.address}`,
      '',
      ...(plainAddress ? PLAIN_ADDRESS_WARNING : NOT_FOUND_HINT),
      '',
      `Library: ${options.library}`,
      'End it with Ctrl+C. Nothing leaves this machine.',
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
