import { EventEmitter } from 'node:events';
import type { Cdp } from './cdp.ts';
import { defaultSession } from './default-session.ts';
import { preventable } from './preventable.ts';
import { WebContents } from './web-contents.ts';

interface Bounds {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

interface Options extends Partial<Bounds> {
  readonly show?: boolean;
  readonly webPreferences?: { readonly preload?: string; readonly zoomFactor?: number };
}

const windows = new Set<BrowserWindow>();
let cdp: Cdp;
let announce: (contents: WebContents) => void;
let onAllClosed: () => void;

/** Ties windows to the browser that shows them and to the application they belong to. */
export const tieWindows = (browser: Cdp, created: typeof announce, allClosed: typeof onAllClosed): void => {
  cdp = browser;
  announce = created;
  onAllClosed = allClosed;
};

/** A window without a screen: it has a place and a size, and a page. */
export class BrowserWindow extends EventEmitter {
  readonly webContents: WebContents;
  #bounds: Bounds;
  readonly options: Options;
  #isVisible = false;
  #isMinimized = false;
  #isMaximized = false;
  #isDestroyed = false;

  constructor(options: Options) {
    super();
    this.options = options;
    const { x = 100, y = 100, width = 800, height = 600, webPreferences = {} } = options;
    this.#bounds = { x, y, width, height };
    this.webContents = new WebContents(cdp, defaultSession, webPreferences.preload, { width, height });
    // A level is a step of 20 %.
    this.webContents.setZoomLevel(Math.log(webPreferences.zoomFactor ?? 1) / Math.log(1.2));
    announce(this.webContents);
    windows.add(this);
    this.webContents.once('-painted', () => this.emit('ready-to-show'));
    this.webContents.on('-close', () => {
      this.close();
    });
    if (options.show !== false) this.show();
  }

  static getAllWindows(): BrowserWindow[] {
    return [...windows];
  }

  static getFocusedWindow(): BrowserWindow | null {
    return [...windows].find((window) => window.isFocused()) ?? null;
  }

  static fromWebContents(contents: WebContents): BrowserWindow | null {
    return [...windows].find((window) => window.webContents === contents) ?? null;
  }

  loadURL(address: string): Promise<void> {
    return this.webContents.loadURL(address);
  }

  show(): void {
    this.#isVisible = true;
    this.emit('show');
  }

  hide(): void {
    this.#isVisible = false;
    this.emit('hide');
  }

  focus(): void {
    this.emit('focus');
  }

  isVisible(): boolean {
    return this.#isVisible;
  }

  isFocused(): boolean {
    return this.#isVisible && !this.#isMinimized;
  }

  minimize(): void {
    this.#isMinimized = true;
  }

  restore(): void {
    this.#isMinimized = false;
  }

  isMinimized(): boolean {
    return this.#isMinimized;
  }

  maximize(): void {
    this.#isMaximized = true;
  }

  isMaximized(): boolean {
    return this.#isMaximized;
  }

  isDestroyed(): boolean {
    return this.#isDestroyed;
  }

  getBounds(): Bounds {
    return this.#bounds;
  }

  getNormalBounds(): Bounds {
    return this.#bounds;
  }

  setBounds(bounds: Partial<Bounds>): void {
    this.#bounds = { ...this.#bounds, ...bounds };
    this.webContents.resize(this.#bounds);
    this.emit('resize');
  }

  close(): void {
    const event = preventable({});
    this.emit('close', event);
    if (!event.defaultPrevented) this.destroy();
  }

  destroy(): void {
    if (this.#isDestroyed) return;
    this.#isDestroyed = true;
    windows.delete(this);
    this.webContents.destroy();
    this.emit('closed');
    if (windows.size === 0) onAllClosed();
  }
}
