import { join } from 'node:path';
import type { BrowserWindow, WebContents } from 'electron';
import { z } from 'zod';
import type { Client, Handlers, ShellMethod } from '../../app/contract/index.ts';
import { respond } from '../content.ts';
import { connectEngine } from '../engine/connect.ts';
import { FolderTokens } from '../folders.ts';
import { defaultLibrary, engineEntry, engineOptions, programs, rendererFolder, version } from '../paths.ts';
import { accentOf } from './accent.ts';
import type { Electron } from './electron.ts';
import { EngineKeeper } from './engine-keeper.ts';
import { FirstPage } from './first-page.ts';
import { logoImage } from './icon.ts';
import { lacksSandbox } from './launch.ts';
import { openLog, type Log } from './log.ts';
import { foldersAmong, openAll } from './opening.ts';
import { isOurs, ORIGIN, PAGE_SCHEME } from './origin.ts';
import { Pages } from './pages.ts';
import { PowerKeeper } from './power.ts';
import { attemptsAllowed, Recovery } from './recovery.ts';
import { plainNode } from './runtime.ts';
import { externalOpener } from './security/external.ts';
import { guardNavigation } from './security/navigation.ts';
import { guardSession } from './security/session.ts';
import { DesktopSettings } from './settings.ts';
import { desktopShell } from './shell.ts';
import { SystemUi } from './system-ui.ts';
import { startUpdates } from './update.ts';
import { rememberWindow, windowOptions } from './window.ts';
import { words } from './words.ts';

/** What a second start hands to the first: what it was asked to open, and from which folder. */
const handedSchema = z.object({ arguments: z.array(z.string().max(32_768)).max(1000), from: z.string() });
export type Handed = z.infer<typeof handedSchema>;

const WINDOW_ICON = 64;

/** The application on the desktop: one window, one engine, and what stands between them and the system. */
export class Desktop {
  readonly #electron: Electron;
  readonly #started: number;
  readonly #library = engineOptions(defaultLibrary()).library;
  readonly #folders = new FolderTokens();
  readonly #log: Log;
  readonly #settings: DesktopSettings;
  readonly #firstPage: FirstPage;
  readonly #recovery: Recovery;
  readonly #engine: EngineKeeper;
  readonly #pages: Pages;
  readonly #power: PowerKeeper;
  readonly #ui: SystemUi;
  #window: BrowserWindow | null = null;
  #isQuitting = false;

  /** @param started when this program began, as `performance.now()` counts */
  static async start(electron: Electron, started: number): Promise<Desktop> {
    const data = electron.app.getPath('userData');
    const library = engineOptions(defaultLibrary()).library;
    const [settings, firstPage] = await Promise.all([
      DesktopSettings.read(join(data, 'desktop.json')),
      FirstPage.read(join(data, 'first-page.json'), library),
    ]);
    return new Desktop(electron, started, settings, firstPage);
  }

  private constructor(electron: Electron, started: number, settings: DesktopSettings, firstPage: FirstPage) {
    const { app, dialog, shell, ipcMain, MessageChannelMain, powerMonitor } = electron;
    const logs = join(app.getPath('userData'), 'logs');
    this.#electron = electron;
    this.#started = started;
    this.#settings = settings;
    this.#firstPage = firstPage;
    this.#log = openLog(logs);
    this.#recovery = new Recovery({ app, dialog, shell, logs, log: this.#log });
    this.#engine = this.#makeEngine();
    // What is done for the person, in the window or in the notification area, the parts that act by themselves hear of.
    const call: Client['call'] = async (method, input, signal) => {
      const begun = performance.now();
      const output = await this.#engine.call(method, input, signal);
      this.#power.heedPerson(method);
      if (method === 'models.download') this.#ui.downloaded(performance.now() - begun);
      return output;
    };
    this.#pages = new Pages({
      ipcMain,
      MessageChannelMain,
      engine: {
        call,
        on: (event, listener) => this.#engine.on(event, listener),
        emit: (event, data) => {
          this.#engine.emit(event, data);
        },
      },
      contents: () => this.#window?.webContents,
      shellFor: (contents) => this.#shellFor(contents),
      foldersAmong: (paths) => foldersAmong(this.#folders, paths),
      onRefused: () => {
        this.#log.info('message of another page refused');
      },
    });
    this.#power = new PowerKeeper(
      this.#engine,
      powerMonitor,
      () => settings.values.pauseOnBattery,
      (why) => {
        this.#pages.command({ do: 'rest', why });
        this.#ui.heedRest(why);
      },
    );
    this.#ui = new SystemUi({
      electron,
      settings,
      logs,
      command: (command) => {
        this.#pages.command(command);
      },
      showWindow: () => {
        this.show();
      },
      call: (method) => void call(method, {}).catch(() => undefined),
      onChange: (which) => {
        if (which === 'pauseOnBattery') this.#power.look();
      },
    });
    this.#engine.on('progress', (progress) => {
      this.#power.heed(progress);
      this.#ui.heed(progress);
    });
    this.#serve();
    this.#heedSystem();
  }

  /** Brings the window to the front; opens one where there is none. */
  show(): void {
    if (this.#window === null) this.#openWindow();
    else {
      if (this.#window.isMinimized()) this.#window.restore();
      this.#window.show();
      this.#window.focus();
    }
  }

  /** Begins with the window. The engine follows when it is drawn, or when it asks for more than is remembered. */
  begin(isHidden: boolean): void {
    if (!isHidden || !this.#ui.hasTray) this.#openWindow();
    else this.#engine.start();
    const { app } = this.#electron;
    if (lacksSandbox(process.argv, app.isPackaged))
      this.#pages.command({ do: 'say', text: words.noSandbox, tone: 'error' });
    void startUpdates({
      isPackaged: app.isPackaged,
      platform: process.platform,
      resources: process.resourcesPath,
      load: async () => (await import('electron-updater')).autoUpdater,
      log: this.#log,
      onReady: () => {
        this.#pages.command({ do: 'say', text: words.updateReady, tone: 'plain' });
      },
    }).catch(() => undefined);
  }

  /** Opens folders, pictures and links. */
  open({ arguments: given, from }: Handed): Promise<void> {
    return openAll(given, from, this.#engine, (command) => {
      this.#pages.command(command);
    });
  }

  #makeEngine(): EngineKeeper {
    const { app } = this.#electron;
    return new EngineKeeper({
      connect: () => {
        const { platform, env, resourcesPath: resources } = process;
        const execPath = plainNode({ platform, env, isPackaged: app.isPackaged, resources });
        const options = engineOptions(this.#library);
        const worker = execPath === undefined ? options.worker : { ...options.worker, execPath };
        return connectEngine({ ...options, worker }, engineEntry);
      },
      attempts: attemptsAllowed(),
      firstPage: this.#firstPage,
      onReady: (client) => {
        this.#log.info('engine ready', { ms: this.#elapsed() });
        this.#power.forget();
        client.call('library.follow', {}).catch(() => undefined);
      },
      onLost: (when, how) => {
        this.#recovery.note('engine', `${how}, while it was ${when}`);
        if (when === 'working') this.#pages.cut();
      },
      onGivenUp: () =>
        void this.#recovery.ask('engine', () => {
          this.#engine.start();
          this.#pages.cut();
        }),
    });
  }

  #shellFor(contents: WebContents): Handlers<ShellMethod> {
    const { dialog, shell, clipboard, ClipboardItem, nativeImage, systemPreferences } = this.#electron;
    return desktopShell({
      engine: this.#engine,
      library: this.#library,
      folders: this.#folders,
      platform: process.platform,
      contents,
      chooseFolder: (defaultPath) => {
        const options = { properties: ['openDirectory' as const], defaultPath };
        return this.#window === null ? dialog.showOpenDialog(options) : dialog.showOpenDialog(this.#window, options);
      },
      shell,
      clipboard,
      ClipboardItem,
      nativeImage,
      accent: () => accentOf(systemPreferences),
      rest: () => this.#power.rest,
    });
  }

  #openWindow(): void {
    const { BrowserWindow, nativeTheme, nativeImage, screen } = this.#electron;
    const areas = screen.getAllDisplays().map(({ workArea }) => workArea);
    const icon = logoImage(nativeImage, WINDOW_ICON);
    const { values } = this.#settings;
    const window = new BrowserWindow(windowOptions(programs, values, areas, nativeTheme.shouldUseDarkColors, icon));
    this.#window = window;
    window.once('ready-to-show', () => {
      if (values.maximized) window.maximize();
      window.show();
      this.#log.info('window shown', { ms: this.#elapsed() });
      this.#engine.start();
    });
    window.on('close', (event) => {
      if (!this.#isQuitting) void rememberWindow(window, this.#settings);
      if (this.#isQuitting || !this.#ui.hasTray) return;
      event.preventDefault();
      window.hide();
    });
    window.on('closed', () => {
      this.#window = null;
      this.#pages.cut();
    });
    this.#recovery.guard(window);
    this.#log.info('window asked for', { ms: this.#elapsed() });
    window.loadURL(`${ORIGIN}/`).catch(() => {
      this.#log.info('page did not load');
    });
  }

  /** Serves the interface and photos by id to our own window. */
  #serve(): void {
    const { app, protocol, session, dialog, shell } = this.#electron;
    const content = { engine: this.#engine, renderer: rendererFolder, library: this.#library };
    protocol.handle(PAGE_SCHEME, async (request) =>
      isOurs(request.url) ? respond(request, content) : new Response(null, { status: 404 }),
    );
    guardSession(session.defaultSession);
    const openExternal = externalOpener(shell, dialog);
    app.on('web-contents-created', (_event, contents) => {
      guardNavigation(contents, isOurs, (address) => void openExternal(address).catch(() => undefined));
    });
  }

  #heedSystem(): void {
    const { app, systemPreferences } = this.#electron;
    systemPreferences.on('accent-color-changed', () => {
      this.#pages.command({ do: 'tint', accent: accentOf(systemPreferences) });
    });
    app.on('second-instance', (_event, _argv, _folder, data) => {
      this.show();
      const handed = handedSchema.safeParse(data);
      if (handed.success) void this.open(handed.data);
    });
    app.on('activate', () => {
      this.show();
    });
    app.on('child-process-gone', (_event, { type, reason }) => {
      this.#log.info(`${type} process ended: ${reason}`);
    });
    app.on('window-all-closed', () => {
      if (process.platform !== 'darwin' && !this.#ui.hasTray) app.quit();
    });
    app.on('before-quit', (event) => {
      if (this.#isQuitting) return;
      event.preventDefault();
      this.#isQuitting = true;
      void this.#end().finally(() => {
        app.quit();
      });
    });
  }

  async #end(): Promise<void> {
    this.#power.stop();
    const window = this.#window === null ? undefined : rememberWindow(this.#window, this.#settings);
    await Promise.allSettled([window, this.#firstPage.save(), this.#engine.end()]);
    this.#log.info('ended', { version: Number(version.split('.')[0]) });
  }

  #elapsed(): number {
    return Math.round(performance.now() - this.#started);
  }
}
