import { join } from 'node:path';
import type { BrowserWindow, BrowserWindowConstructorOptions, NativeImage } from 'electron';
import type { DesktopSettings, Rectangle, Values } from './settings.ts';
import { LEAST_SIZE, placeOf } from './window-state.ts';

/** The page's own ground, so that nothing flashes before it is drawn. */
const GROUND = { light: '#f8f8f7', dark: '#131313' } as const;

/** What a window of ours is: a page in a sandbox, apart from its preload script, and able to do nothing else. */
export const windowOptions = (
  programs: string,
  settings: Values,
  workAreas: readonly Rectangle[],
  isDark: boolean,
  icon: NativeImage,
): BrowserWindowConstructorOptions => ({
  ...placeOf(settings.bounds, workAreas),
  minWidth: LEAST_SIZE.width,
  minHeight: LEAST_SIZE.height,
  show: false,
  title: 'Afterimage',
  icon,
  backgroundColor: isDark ? GROUND.dark : GROUND.light,
  webPreferences: {
    preload: join(programs, 'preload.cjs'),
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webviewTag: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    navigateOnDragDrop: false,
    safeDialogs: true,
    spellcheck: false,
    zoomFactor: 1.2 ** settings.zoom,
  },
});

/** Remembers where a window is and how large its words are. @returns when that is on disk */
export const rememberWindow = (window: BrowserWindow, settings: DesktopSettings): Promise<void> =>
  settings.change({
    bounds: window.getNormalBounds(),
    maximized: window.isMaximized(),
    zoom: Math.max(-3, Math.min(5, window.webContents.getZoomLevel())),
  });
