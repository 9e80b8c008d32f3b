import { join } from 'node:path';
import { BrowserWindow } from 'electron';

export const ORIGIN = 'afterimage://app';

/** A window that shows the interface and can go nowhere else. */
export const createWindow = (programs: string): BrowserWindow => {
  const window = new BrowserWindow({
    width: 1280,
    height: 860,
    minWidth: 560,
    minHeight: 420,
    show: false,
    title: 'Afterimage',
    webPreferences: {
      preload: join(programs, 'preload.cjs'),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
    },
  });
  window.webContents.setWindowOpenHandler(() => ({ action: 'deny' }));
  window.webContents.on('will-navigate', (event) => {
    event.preventDefault();
  });
  window.webContents.session.setPermissionRequestHandler((_contents, _permission, answer) => {
    answer(false);
  });
  window.once('ready-to-show', () => {
    window.show();
  });
  return window;
};
