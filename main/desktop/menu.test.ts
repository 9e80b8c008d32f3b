import type { MenuItemConstructorOptions } from 'electron';
import { describe, expect, it, vi } from 'vitest';
import { menuTemplate, type MenuParts } from './menu.ts';

const parts = (platform: NodeJS.Platform): MenuParts => ({
  platform,
  isPackaged: true,
  settings: { bounds: null, maximized: false, zoom: 0, tray: false, pauseOnBattery: true, notify: true },
  startsAtLogin: false,
  command: vi.fn(),
  toggle: vi.fn(),
  setStartAtLogin: vi.fn(),
  showLog: vi.fn(),
  about: vi.fn(),
});

const flat = (items: readonly MenuItemConstructorOptions[]): MenuItemConstructorOptions[] =>
  items.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? flat(item.submenu) : [])]);

describe.each(['linux', 'win32', 'darwin'] as const)('menus on %s', (platform) => {
  const items = flat(menuTemplate(parts(platform)));

  it('have every choice once, and no key twice', () => {
    const labels = items.flatMap(({ label }) => label ?? []);
    expect(new Set(labels).size).toBe(labels.length);
    const keys = items.flatMap(({ accelerator }) => (typeof accelerator === 'string' ? accelerator : []));
    expect(new Set(keys).size).toBe(keys.length);
    expect(labels).toEqual(
      expect.arrayContaining(['Add a Folder…', 'Models…', 'Find', 'Start at Login', 'About Afterimage']),
    );
    expect(items.some(({ role }) => role === 'quit')).toBe(true);
  });

  it('offer no tools of a developer in a package', () => {
    expect(items.some(({ role }) => role === 'toggleDevTools' || role === 'reload')).toBe(false);
  });
});

it('starts no checkout at login', () => {
  const items = flat(menuTemplate({ ...parts('linux'), isPackaged: false }));
  expect(items.map(({ label }) => label)).not.toContain('Start at Login');
});

it('has its first menu in the program’s name on macOS alone', () => {
  expect(menuTemplate(parts('darwin'))[0]?.role).toBe('appMenu');
  expect(menuTemplate(parts('linux'))[0]?.label).toBe('File');
});
