import { existsSync, readFileSync } from 'node:fs';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';

const root = fileURLToPath(new URL('../../', import.meta.url));

const installed = (): string | undefined => {
  const folder = join(root, 'node_modules', 'electron');
  const named = join(folder, 'path.txt');
  const path = existsSync(named) ? join(folder, 'dist', readFileSync(named, 'utf8')) : undefined;
  return path !== undefined && existsSync(path) ? path : undefined;
};

/** Electron itself, where it is on this machine. */
const electron = process.env.AFTERIMAGE_ELECTRON ?? installed();

/** Which of the two these tests run on; said in their titles. */
export const runsOn = electron === undefined ? 'the double' : 'Electron';

/** A program that runs the double as Electron is run. */
const makeDouble = async (home: string): Promise<string> => {
  const path = join(home, 'electron-double');
  const tsx = join(root, 'node_modules', 'tsx', 'dist', 'loader.mjs');
  const main = join(root, 'test', 'electron-double', 'main.ts');
  await writeFile(path, `#!/bin/sh\nexec "${process.execPath}" --import "${tsx}" "${main}" "$@"\n`);
  await chmod(path, 0o755);
  return path;
};

const environment = (home: string): Record<string, string> => ({
  ...Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  ),
  HOME: home,
  USERPROFILE: home,
  LOCALAPPDATA: join(home, 'local'),
  XDG_DATA_HOME: join(home, 'data'),
  XDG_CONFIG_HOME: join(home, 'config'),
  AFTERIMAGE_NODE: process.execPath,
});

/** The library that the desktop opens for this home. */
export const libraryIn = (home: string): string =>
  join(process.platform === 'win32' ? join(home, 'local') : join(home, 'data'), 'afterimage', 'libraries', 'default');

/** The person's home folder, or that and variables of the environment. */
type Home = string | { readonly home: string; readonly env: Readonly<Record<string, string>> };

const commandOf = async (home: string, args: readonly string[]) => ({
  executablePath: electron ?? (await makeDouble(home)),
  args: [`--user-data-dir=${join(home, 'user-data')}`, root, ...args],
  env: environment(home),
  cwd: home,
});

/** Starts the built application. */
export const startDesktop = async (given: Home, ...args: readonly string[]): Promise<ElectronApplication> => {
  const { home, env } = typeof given === 'string' ? { home: given, env: {} } : given;
  const command = await commandOf(home, args);
  return _electron.launch({ ...command, env: { ...command.env, ...env } });
};

/** How the application is started a second time, by whoever wants to. */
export const secondStart = commandOf;

export const logOf = (home: string): Promise<string> =>
  readFile(join(home, 'user-data', 'logs', 'afterimage.log'), 'utf8').catch(() => '');

/** The window's page, and what goes wrong in it. */
export const windowOf = async (app: ElectronApplication, problems: string[]): Promise<Page> => {
  const page = await app.firstWindow();
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  await page.waitForFunction(() => document.querySelector('#svelte, main, header') !== null);
  return page;
};

/** Chooses from the application's menus. */
export const choose = (app: ElectronApplication, label: string): Promise<void> =>
  app.evaluate(({ Menu }, wanted) => {
    for (const { submenu } of Menu.getApplicationMenu()?.items ?? [])
      for (const item of submenu?.items ?? [])
        if (item.label === wanted) {
          (item.click as () => void)();
          return;
        }
    throw new Error(`No menu has “${wanted}”.`);
  }, label);

/** Drags files and folders from outside over the page and drops them in its middle, as the system does. */
export const dropFiles = async (page: Page, files: readonly string[]): Promise<void> => {
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: [...files], dragOperationsMask: 1 };
  const { width, height } = await page.evaluate(() => ({ width: innerWidth, height: innerHeight }));
  const at = { x: Math.round(width / 3), y: Math.round(height / 2), data };
  // What the page shows for it takes the place of what was under the pointer, and is dragged over in its turn.
  for (const type of ['dragEnter', 'dragOver', 'dragOver', 'dragOver', 'drop'] as const) {
    await session.send('Input.dispatchDragEvent', { type, ...at });
    await page.waitForTimeout(60);
  }
  await session.detach();
};
