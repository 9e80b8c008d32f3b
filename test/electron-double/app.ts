import { EventEmitter } from 'node:events';
import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { BrowserWindow } from './browser-window.ts';
import { SingleInstance } from './single-instance.ts';
import { preventable } from './preventable.ts';

/** The application as a whole. */
export class App extends EventEmitter {
  readonly isPackaged = false;
  readonly #switches = new Set<string>();
  readonly commandLine = {
    appendSwitch: (name: string): void => void this.#switches.add(name),
    hasSwitch: (name: string): boolean => this.#switches.has(name),
  };
  readonly #data: string;
  readonly #end: () => void;
  readonly #instance: SingleInstance;
  #isReady = false;
  #isQuitting = false;
  #loginItem = { openAtLogin: false };

  /** @param data the folder that `--user-data-dir` names */
  constructor(data: string, end: () => void) {
    super();
    this.#data = data;
    this.#end = end;
    mkdirSync(data, { recursive: true, mode: 0o700 });
    this.#instance = new SingleInstance(data, (argv, folder, more) => {
      this.emit('second-instance', {}, argv, folder, more);
    });
  }

  ready(): void {
    this.#isReady = true;
    this.emit('ready');
  }

  whenReady(): Promise<void> {
    return this.#isReady
      ? Promise.resolve()
      : new Promise((resolve) => {
          this.once('ready', () => {
            resolve();
          });
        });
  }

  isReady(): boolean {
    return this.#isReady;
  }

  getPath(name: string): string {
    if (name === 'userData') return this.#data;
    if (name === 'appData') return process.env.XDG_CONFIG_HOME ?? join(homedir(), '.config');
    if (name === 'exe') return process.execPath;
    throw new Error(`The double knows no path “${name}”.`);
  }

  getName(): string {
    return 'afterimage';
  }

  /** Chromium's own is on, except for root: here it is only noted, as Electron notes it. */
  enableSandbox(): void {
    if (this.#isReady) throw new Error('app.enableSandbox() can only be called before app is ready');
    this.commandLine.appendSwitch('enable-sandbox');
  }

  setAsDefaultProtocolClient(): boolean {
    return true;
  }

  getLoginItemSettings(): { openAtLogin: boolean } {
    return this.#loginItem;
  }

  setLoginItemSettings({ openAtLogin }: { openAtLogin: boolean }): void {
    this.#loginItem = { openAtLogin };
  }

  requestSingleInstanceLock(more: unknown): boolean {
    return this.#instance.acquire(more);
  }

  quit(): void {
    if (this.#isQuitting) return;
    const event = preventable({});
    this.emit('before-quit', event);
    if (event.defaultPrevented) return;
    this.#isQuitting = true;
    for (const window of BrowserWindow.getAllWindows()) window.close();
    if (BrowserWindow.getAllWindows().length > 0) {
      this.#isQuitting = false;
      return;
    }
    this.emit('will-quit', preventable({}));
    this.emit('quit', {}, 0);
    this.exit(0);
  }

  exit(code = 0): void {
    this.#instance.release();
    this.#end();
    process.exit(code);
  }
}
