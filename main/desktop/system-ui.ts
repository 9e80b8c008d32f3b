import type { Command, Progress, Rest } from '../../app/contract/index.ts';
import { version } from '../paths.ts';
import type { Electron } from './electron.ts';
import { logoImage } from './icon.ts';
import { startAtLogin, type StartAtLogin } from './login.ts';
import { LONG_MS, LongWork } from './long-work.ts';
import { menuTemplate, type Switch } from './menu.ts';
import type { DesktopSettings } from './settings.ts';
import { TrayIcon } from './tray.ts';
import { words } from './words.ts';

const TRAY_SIZE = 22;

export interface SystemUiParts {
  readonly electron: Pick<
    Electron,
    'app' | 'Menu' | 'Tray' | 'Notification' | 'nativeImage' | 'dialog' | 'shell' | 'BrowserWindow'
  >;
  readonly settings: DesktopSettings;
  readonly logs: string;
  readonly command: (command: Command) => void;
  readonly showWindow: () => void;
  readonly call: (method: 'index.pause' | 'index.resume') => void;
  /** A setting was switched. */
  readonly onChange: (which: Switch) => void;
}

/** What the program has outside its window: menus, the notification area, notifications. */
export class SystemUi {
  readonly #parts: SystemUiParts;
  readonly #login: StartAtLogin;
  readonly #work: LongWork;
  #tray: TrayIcon | null = null;
  #progress: Progress | null = null;
  #rest: Rest | null = null;

  constructor(parts: SystemUiParts) {
    this.#parts = parts;
    this.#login = startAtLogin(parts.electron.app, process.platform, process.env);
    this.#work = new LongWork((files, minutes) => {
      this.#tell(words.indexed, words.indexedDetail(files, minutes));
    });
    this.#showMenu();
    this.#showTray();
  }

  /** Whether the program goes on without a window. */
  get hasTray(): boolean {
    return this.#tray !== null;
  }

  heed(progress: Progress): void {
    this.#progress = progress;
    this.#tray?.heed(progress, this.#rest);
    this.#work.heed(progress);
  }

  heedRest(rest: Rest | null): void {
    this.#rest = rest;
    this.#tray?.heed(this.#progress, rest);
  }

  /** A notification, unless the person does not want any or is looking at the window anyway. */
  #tell(title: string, body: string): void {
    const { electron, settings, showWindow } = this.#parts;
    const { Notification, BrowserWindow } = electron;
    if (!settings.values.notify || BrowserWindow.getFocusedWindow() !== null || !Notification.isSupported()) return;
    const notification = new Notification({ title, body, silent: true });
    notification.on('click', showWindow);
    notification.show();
  }

  /** A download of a model has come to its end without a pause. */
  downloaded(ms: number): void {
    if (ms >= LONG_MS) this.#tell(words.downloaded, words.downloadedDetail(Math.round(ms / 60_000)));
  }

  #showMenu(): void {
    const { electron, settings, command, logs } = this.#parts;
    const { app, Menu, shell, dialog } = electron;
    const template = menuTemplate({
      platform: process.platform,
      isPackaged: app.isPackaged,
      settings: settings.values,
      startsAtLogin: this.#login.isOn(),
      command: (chosen) => {
        this.#parts.showWindow();
        command(chosen);
      },
      toggle: (which, on) => {
        this.#toggle(which, on);
      },
      setStartAtLogin: (on) => void this.#login.set(on).catch(() => undefined),
      showLog: () => void shell.openPath(logs),
      about: () => void dialog.showMessageBox({ type: 'info', message: words.aboutText(version), buttons: [words.ok] }),
    });
    Menu.setApplicationMenu(Menu.buildFromTemplate(template));
  }

  #toggle(which: Switch, on: boolean): void {
    void this.#parts.settings.change({ [which]: on });
    if (which === 'tray') this.#showTray();
    this.#parts.onChange(which);
  }

  #showTray(): void {
    const { electron, settings, showWindow, call } = this.#parts;
    if (!settings.values.tray) {
      this.#tray?.end();
      this.#tray = null;
      return;
    }
    const { app, Tray, Menu, nativeImage } = electron;
    this.#tray ??= new TrayIcon({
      Tray,
      Menu,
      image: logoImage(nativeImage, TRAY_SIZE),
      show: showWindow,
      pause: () => {
        call('index.pause');
      },
      resume: () => {
        call('index.resume');
      },
      quit: () => {
        app.quit();
      },
    });
    this.#tray.heed(this.#progress, this.#rest);
  }
}
