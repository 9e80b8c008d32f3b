import type { MenuItemConstructorOptions } from 'electron';
import type { Command } from '../../app/contract/index.ts';
import type { Values } from './settings.ts';
import { words } from './words.ts';

/** Settings that are switched in the menu. */
export type Switch = 'tray' | 'pauseOnBattery' | 'notify';

export interface MenuParts {
  readonly platform: NodeJS.Platform;
  readonly isPackaged: boolean;
  readonly settings: Values;
  readonly startsAtLogin: boolean;
  readonly command: (command: Command) => void;
  readonly toggle: (which: Switch, on: boolean) => void;
  readonly setStartAtLogin: (on: boolean) => void;
  readonly showLog: () => void;
  readonly about: () => void;
}

type Items = MenuItemConstructorOptions[];
const line: MenuItemConstructorOptions = { type: 'separator' };

const whenMac = (isMac: boolean, items: Items): Items => (isMac ? items : []);
const unlessMac = (isMac: boolean, items: Items): Items => (isMac ? [] : items);

/**
 * The application's menus, as each platform has them: on macOS the first one bears the program's name and holds what
 * elsewhere stands under File and Help. Keys without a modifier belong to the page and are no accelerators here.
 */
export const menuTemplate = (parts: MenuParts): Items => {
  const { platform, isPackaged, settings, command, toggle } = parts;
  const isMac = platform === 'darwin';
  const choice = (label: string, chosen: Command, accelerator?: string): MenuItemConstructorOptions => ({
    label,
    ...(accelerator === undefined ? {} : { accelerator }),
    click: () => {
      command(chosen);
    },
  });
  const option = (label: string, which: Switch): MenuItemConstructorOptions => ({
    label,
    type: 'checkbox',
    checked: settings[which],
    click: ({ checked }) => {
      toggle(which, checked);
    },
  });
  const preferences = choice(words.foldersAndSettings, { do: 'show', panel: 'library' }, 'CmdOrCtrl+,');
  const startAtLogin: MenuItemConstructorOptions = {
    label: words.startAtLogin,
    type: 'checkbox',
    checked: parts.startsAtLogin,
    click: ({ checked }) => {
      parts.setStartAtLogin(checked);
    },
  };
  const options: Items = [
    option(words.showTray, 'tray'),
    option(words.pauseOnBattery, 'pauseOnBattery'),
    option(words.notify, 'notify'),
    // In a checkout the program is Electron, which would start without the application.
    ...(isPackaged ? [startAtLogin] : []),
  ];
  const about: MenuItemConstructorOptions = { label: words.about, click: parts.about };
  return [
    ...whenMac(isMac, [
      {
        role: 'appMenu',
        submenu: [
          about,
          line,
          preferences,
          ...options,
          line,
          { role: 'services' },
          line,
          { role: 'hide' },
          { role: 'hideOthers' },
          { role: 'unhide' },
          line,
          { role: 'quit' },
        ],
      },
    ]),
    {
      label: words.file,
      submenu: [
        choice(words.addFolder, { do: 'add-folder' }, 'CmdOrCtrl+O'),
        choice(words.lookForPhotos, { do: 'index' }, 'CmdOrCtrl+Shift+R'),
        ...unlessMac(isMac, [line, preferences, ...options]),
        line,
        isMac ? { role: 'close' } : { role: 'quit' },
      ],
    },
    {
      label: words.edit,
      submenu: [
        // Undo belongs to the page: it takes back changes of the search as well as of words.
        { role: 'cut' },
        { role: 'copy' },
        { role: 'paste' },
        { role: 'selectAll' },
      ],
    },
    {
      label: words.search,
      submenu: [
        choice(words.find, { do: 'find' }, 'CmdOrCtrl+F'),
        choice(words.clearSearch, { do: 'clear' }, 'CmdOrCtrl+Backspace'),
      ],
    },
    {
      label: words.library,
      submenu: [
        choice(words.models, { do: 'show', panel: 'models' }),
        choice(words.duplicates, { do: 'show', panel: 'duplicates' }),
      ],
    },
    {
      label: words.view,
      submenu: [
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        line,
        { role: 'togglefullscreen' },
        ...(isPackaged ? [] : [line, { role: 'reload' as const }, { role: 'toggleDevTools' as const }]),
      ],
    },
    { role: 'windowMenu' },
    {
      role: 'help',
      submenu: [
        choice(words.keys, { do: 'show', panel: 'keys' }),
        { label: words.showLog, click: parts.showLog },
        ...unlessMac(isMac, [line, about]),
      ],
    },
  ];
};
