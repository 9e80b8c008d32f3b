import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';

// What the operating system does for a program, as objects that a test can look at, click or replace.

interface MenuItemOptions {
  readonly label?: string;
  readonly role?: string;
  readonly type?: string;
  readonly checked?: boolean;
  readonly enabled?: boolean;
  readonly accelerator?: string;
  readonly submenu?: readonly MenuItemOptions[];
  readonly click?: (item: MenuItem) => void;
}

export class MenuItem {
  readonly label: string;
  readonly role: string | undefined;
  readonly type: string;
  readonly accelerator: string | undefined;
  readonly enabled: boolean;
  readonly submenu: Menu | undefined;
  checked: boolean;
  readonly #click: ((item: MenuItem) => void) | undefined;

  constructor(options: MenuItemOptions) {
    this.role = options.role?.toLowerCase();
    this.label = options.label ?? options.role ?? '';
    this.type = options.type ?? (options.submenu === undefined ? 'normal' : 'submenu');
    this.accelerator = options.accelerator;
    this.enabled = options.enabled ?? true;
    this.checked = options.checked ?? false;
    this.submenu = options.submenu === undefined ? undefined : Menu.buildFromTemplate(options.submenu);
    this.#click = options.click;
  }

  click(): void {
    if (this.type === 'checkbox') this.checked = !this.checked;
    this.#click?.(this);
  }
}

export class Menu {
  static #application: Menu | null = null;
  readonly items: readonly MenuItem[];

  private constructor(items: readonly MenuItem[]) {
    this.items = items;
  }

  static buildFromTemplate(template: readonly MenuItemOptions[]): Menu {
    return new Menu(template.map((options) => new MenuItem(options)));
  }

  static setApplicationMenu(menu: Menu | null): void {
    Menu.#application = menu;
  }

  static getApplicationMenu(): Menu | null {
    return Menu.#application;
  }
}

export class Tray extends EventEmitter {
  static readonly all = new Set<Tray>();
  readonly image: unknown;
  menu: Menu | null = null;
  toolTip = '';

  constructor(image: unknown) {
    super();
    this.image = image;
    Tray.all.add(this);
  }

  setToolTip(text: string): void {
    this.toolTip = text;
  }

  setContextMenu(menu: Menu): void {
    this.menu = menu;
  }

  destroy(): void {
    Tray.all.delete(this);
  }
}

export class Notification extends EventEmitter {
  static readonly shown: Notification[] = [];
  readonly options: unknown;

  constructor(options: unknown) {
    super();
    this.options = options;
  }

  static isSupported(): boolean {
    return true;
  }

  show(): void {
    Notification.shown.push(this);
  }
}

class NativeImage {
  readonly #data: Buffer;

  constructor(data: Buffer) {
    this.#data = data;
  }

  isEmpty(): boolean {
    return this.#data.length === 0;
  }

  /** The bytes as they are: nothing here looks into them. */
  toPNG(): Buffer {
    return this.#data;
  }

  resize(): this {
    return this;
  }

  addRepresentation(): void {
    // One is enough to look at.
  }
}

export const nativeImage = {
  createFromPath: (path: string): NativeImage => {
    try {
      return new NativeImage(readFileSync(path));
    } catch {
      return new NativeImage(Buffer.alloc(0));
    }
  },
  createFromBitmap: (data: Buffer, { width, height }: { width: number; height: number }): NativeImage => {
    if (data.length !== width * height * 4) throw new Error('The bitmap has not the size that was given.');
    return new NativeImage(data);
  },
};

export class ClipboardItem {
  readonly items: Readonly<Record<string, Blob>>;

  constructor(items: Readonly<Record<string, Blob>>) {
    this.items = items;
  }

  get types(): string[] {
    return Object.keys(this.items);
  }

  getType(type: string): Promise<Blob> {
    const item = this.items[type];
    return item === undefined ? Promise.reject(new Error(`Nothing of type ${type}.`)) : Promise.resolve(item);
  }
}

let clipped: readonly ClipboardItem[] = [];
export const clipboard = {
  write: (items: readonly ClipboardItem[]): Promise<void> => {
    clipped = items;
    return Promise.resolve();
  },
  read: (): Promise<readonly ClipboardItem[]> => Promise.resolve(clipped),
};

/** Closed without an answer, unless a test puts another function in the place. */
export const dialog = {
  showOpenDialog: (): Promise<unknown> => Promise.resolve({ canceled: true, filePaths: [] }),
  showMessageBox: (...args: readonly { cancelId?: number }[]): Promise<unknown> =>
    Promise.resolve({ response: args.at(-1)?.cancelId ?? 0, checkboxChecked: false }),
  showErrorBox: (title: string, text: string): void => void process.stderr.write(`${title}: ${text}\n`),
};

export const shell = {
  showItemInFolder: (): void => undefined,
  openPath: (): Promise<string> => Promise.resolve(''),
  openExternal: (): Promise<void> => Promise.resolve(),
};

export const nativeTheme = Object.assign(new EventEmitter(), { shouldUseDarkColors: false });
export const systemPreferences = Object.assign(new EventEmitter(), { getAccentColor: () => '' });
export const powerMonitor = Object.assign(new EventEmitter(), {
  isOnBatteryPower: () => false,
  getCurrentThermalState: () => 'unknown',
});
export const screen = {
  getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1040 } }],
};
