import { dialog, type BrowserWindow } from 'electron';
import type { Client, Handlers, ShellMethod } from '../../app/contract/index.ts';
import { FolderTokens, picturesFolder } from '../folders.ts';

/** What the desktop answers itself: the system's folder dialog, and folders under tokens. */
export const desktopShell = (engine: Client, window: BrowserWindow): Handlers<ShellMethod> => {
  const folders = new FolderTokens();
  return {
    'shell.info': () => ({ host: 'desktop', nativeFolderDialog: true }),
    'shell.chooseFolder': async () => {
      const { filePaths } = await dialog.showOpenDialog(window, {
        properties: ['openDirectory'],
        defaultPath: await picturesFolder(),
      });
      const [path] = filePaths;
      return { folder: path === undefined ? null : await folders.list(path) };
    },
    'shell.listFolders': async ({ token }) =>
      folders.list(token === undefined ? await picturesFolder() : folders.pathOf(token)),
    'shell.addFolder': ({ token }, signal) => engine.call('roots.add', { path: folders.pathOf(token) }, signal),
    'shell.relinkFolder': ({ id, token }, signal) =>
      engine.call('roots.relink', { id, path: folders.pathOf(token) }, signal),
    'shell.addModel': ({ token }, signal) => engine.call('models.add', { path: folders.pathOf(token) }, signal),
  };
};
