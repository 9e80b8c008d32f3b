import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { temporaryFolder } from '../../test/support/command-line.ts';
import { isStartedAtLogin, startAtLogin } from './login.ts';

let home = '';
let remove: () => Promise<void>;
beforeAll(async () => {
  [home, remove] = await temporaryFolder();
});
afterAll(() => remove());

/** What a system keeps of the program. */
const system = (wasOpenedAtLogin = false) => {
  let openAtLogin = false;
  return {
    getPath: (name: string) => (name === 'exe' ? '/opt/After "image"/100%' : home),
    getLoginItemSettings: vi.fn(() => ({ openAtLogin, wasOpenedAtLogin }) as never),
    setLoginItemSettings: vi.fn((settings: { openAtLogin?: boolean }) => {
      openAtLogin = settings.openAtLogin === true;
    }),
  };
};

describe('starting at login', () => {
  it.each(['win32', 'darwin'] as const)('is the system’s to remember on %s', async (platform) => {
    const app = system();
    const login = startAtLogin(app, platform, {});
    expect(login.isOn()).toBe(false);
    await login.set(true);
    expect(app.setLoginItemSettings).toHaveBeenLastCalledWith({ openAtLogin: true, args: ['--hidden'] });
    expect(login.isOn()).toBe(true);
    // Windows finds the entry by what it is started with.
    expect(app.getLoginItemSettings).toHaveBeenLastCalledWith({ args: ['--hidden'] });
    await login.set(false);
    expect(login.isOn()).toBe(false);
  });

  it('is a file on Linux, which names the program as it was installed', async () => {
    const entry = join(home, 'autostart', 'afterimage.desktop');
    const login = startAtLogin(system(), 'linux', {});
    expect(login.isOn()).toBe(false);
    await login.set(true);
    expect(login.isOn()).toBe(true);
    expect(await readFile(entry, 'utf8')).toContain('\nExec="/opt/After \\"image\\"/100%%" --hidden\n');
    await startAtLogin(system(), 'linux', { APPIMAGE: '/home/a/Afterimage.AppImage' }).set(true);
    expect(await readFile(entry, 'utf8')).toContain('\nExec="/home/a/Afterimage.AppImage" --hidden\n');
    await login.set(false);
    expect(login.isOn()).toBe(false);
    await login.set(false);
  });

  it('is told by an argument, and by macOS itself', () => {
    expect(isStartedAtLogin(system(), 'linux', ['afterimage', '--hidden'])).toBe(true);
    expect(isStartedAtLogin(system(), 'linux', ['afterimage'])).toBe(false);
    expect(isStartedAtLogin(system(), 'darwin', ['Afterimage'])).toBe(false);
    expect(isStartedAtLogin(system(true), 'darwin', ['Afterimage'])).toBe(true);
  });
});
