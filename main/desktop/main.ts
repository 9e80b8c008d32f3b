import { resolve } from 'node:path';
import { app, dialog, ipcMain, MessageChannelMain, protocol, type BrowserWindow } from 'electron';
import { toAfterimageError, type Client } from '../../app/contract/index.ts';
import { libraryPaths } from '../../app/store/manifest.ts';
import { bridge } from '../bridge.ts';
import { respond, SECURITY_HEADERS } from '../content.ts';
import { connectEngine } from '../engine/connect.ts';
import { defaultLibrary, engineEntry, engineOptions, programs, rendererFolder } from '../paths.ts';
import { messagePortTransport } from '../transports/message-port.ts';
import { desktopShell } from './shell.ts';
import { createWindow, ORIGIN } from './window.ts';

protocol.registerSchemesAsPrivileged([
  { scheme: 'afterimage', privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true } },
]);

/** Serves the interface and photos by id to our own window. */
const serveContent = (engine: Client, library: string): void => {
  const content = { engine, renderer: rendererFolder, temporary: libraryPaths(library).cache };
  protocol.handle('afterimage', async (request) => {
    const { status, headers, body } = await respond(request, content);
    return new Response(body, { status, headers: { ...Object.fromEntries(headers), ...SECURITY_HEADERS } });
  });
};

/** Gives the window's page, and no other, a line to the engine. */
const connectPage = (engine: Client, window: BrowserWindow): void => {
  ipcMain.on('afterimage:connect', (event) => {
    if (event.senderFrame?.origin !== ORIGIN || event.sender !== window.webContents) return;
    const { port1, port2 } = new MessageChannelMain();
    bridge(messagePortTransport(port1), engine, desktopShell(engine, window));
    event.sender.postMessage('afterimage:port', null, [port2]);
  });
};

const run = async (): Promise<void> => {
  await app.whenReady();
  // Electron and sharp share symbols on Linux and crash: the engine runs on the Node that started this program there.
  const node = process.platform === 'linux' ? process.env.AFTERIMAGE_NODE : undefined;
  const options = engineOptions(defaultLibrary());
  const connection = await connectEngine(
    node === undefined ? options : { ...options, worker: { ...options.worker, execPath: node } },
    engineEntry,
  );
  serveContent(connection.client, options.library);
  const window = createWindow(programs);
  connectPage(connection.client, window);
  let isEnding = false;
  app.on('window-all-closed', () => {
    app.quit();
  });
  app.on('before-quit', (event) => {
    if (isEnding) return;
    event.preventDefault();
    isEnding = true;
    void connection.close().finally(() => {
      app.quit();
    });
  });
  app.on('second-instance', () => {
    if (window.isMinimized()) window.restore();
    window.focus();
  });
  await window.loadURL(`${ORIGIN}/`);
  const folders = process.argv.slice(app.isPackaged ? 1 : 2).filter((argument) => !argument.startsWith('-'));
  for (const folder of folders) await connection.client.call('roots.add', { path: resolve(folder) });
  await connection.client.call('library.follow', {});
};

if (app.requestSingleInstanceLock()) {
  run().catch((error: unknown) => {
    dialog.showErrorBox('Afterimage cannot start', toAfterimageError(error).message);
    app.exit(1);
  });
} else {
  app.quit();
}
