import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { App } from 'electron';
import { OwnFolder } from '../../app/base/disk.ts';

/** Whether the program starts with the person's session, and how that is changed. */
export interface StartAtLogin {
  isOn(): boolean;
  set(on: boolean): Promise<void>;
}

/** Where desktops on Linux look for what to start. @see https://specifications.freedesktop.org/autostart-spec/latest/ */
const autostart = (path: string, program: string): StartAtLogin => ({
  isOn: () => existsSync(path),
  set: async (on) => {
    const folder = new OwnFolder(dirname(path));
    await folder.create();
    if (!on) return folder.remove(path);
    const quoted = program.replace(/["`$\\]/gu, '\\$&').replaceAll('%', '%%');
    await folder.write(
      path,
      `[Desktop Entry]\nType=Application\nName=Afterimage\nExec="${quoted}" --hidden\nTerminal=false\n`,
    );
  },
});

/** Whether the system started the program with the person's session. macOS hands on no arguments, and tells by itself. */
export const isStartedAtLogin = (
  app: Pick<App, 'getLoginItemSettings'>,
  platform: NodeJS.Platform,
  argv: readonly string[],
): boolean => argv.includes('--hidden') || (platform === 'darwin' && app.getLoginItemSettings().wasOpenedAtLogin);

/** Off until the person switches it on; it then starts without a window where there is a tray to open it from. */
export const startAtLogin = (
  app: Pick<App, 'getLoginItemSettings' | 'setLoginItemSettings' | 'getPath'>,
  platform: NodeJS.Platform,
  env: Readonly<Record<string, string | undefined>>,
): StartAtLogin => {
  if (platform === 'linux')
    // `appData` is where a desktop on Linux keeps its configuration; an AppImage runs from elsewhere than it lies.
    return autostart(
      join(app.getPath('appData'), 'autostart', 'afterimage.desktop'),
      env.APPIMAGE ?? app.getPath('exe'),
    );
  const args = ['--hidden'];
  return {
    isOn: () => app.getLoginItemSettings({ args }).openAtLogin,
    set: (openAtLogin) => {
      app.setLoginItemSettings({ openAtLogin, args });
      return Promise.resolve();
    },
  };
};
