// @ts-check
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { commandOf, run, say } from './tools.mjs';

const downloadMs = 180_000;
const packageMs = 300_000;

/**
 * A Chromium, Chrome or Edge for the end-to-end tests: the one named by AFTERIMAGE_CHROMIUM, an installed one,
 * Playwright's download, or Debian's package, in this order.
 *
 * @returns {Promise<string | undefined>} path of its binary; undefined where none is here and none could be fetched
 */
export async function findBrowser() {
  const present = installedBrowsers().find(starts) ?? (await downloaded());
  if (present !== undefined) return present;

  say('No Chromium, Chrome or Edge was found; fetching the one that Playwright offers …');
  const install = [commandOf('playwright-core'), 'install', '--no-shell', 'chromium'];
  await run(process.execPath, install, { stdio: ['ignore', 2, 2], timeout: downloadMs });
  return (await downloaded()) ?? (await packaged());
}

/**
 * Where browsers usually are, most likely first; most of these paths do not exist.
 *
 * @param {{ readonly env: NodeJS.ProcessEnv, readonly platform: string }} machine
 * @returns {string[]}
 */
export function installedBrowsers({ env, platform } = process) {
  const named = env.AFTERIMAGE_CHROMIUM ?? [];
  const onPath = (env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '')
    .flatMap((folder) =>
      ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'microsoft-edge'].map((name) =>
        join(folder, name),
      ),
    );
  if (platform === 'win32') {
    const bases = [env.PROGRAMFILES, env['PROGRAMFILES(X86)'], env.LOCALAPPDATA];
    const files = ['Google\\Chrome\\Application\\chrome.exe', 'Microsoft\\Edge\\Application\\msedge.exe'];
    return [named, bases.flatMap((base) => (base === undefined ? [] : files.map((file) => join(base, file))))].flat();
  }
  const apps = ['Google Chrome', 'Chromium', 'Microsoft Edge'];
  const bundles = apps.map((app) => `/Applications/${app}.app/Contents/MacOS/${app}`);
  return [
    named,
    platform === 'darwin' ? bundles : [],
    onPath,
    '/usr/lib/chromium/chromium',
    '/opt/google/chrome/chrome',
  ].flat();
}

/** Whether a browser really runs: launchers of absent snaps and downloads without their libraries do not. @param {string} path */
function starts(path) {
  try {
    accessSync(path, constants.X_OK);
  } catch {
    return false;
  }
  // On Windows `--version` would open a window.
  return process.platform === 'win32' || spawnSync(path, ['--version'], { timeout: 20_000 }).status === 0;
}

/** Playwright's own download, where there is one that runs. */
async function downloaded() {
  const { chromium } = await import('playwright-core');
  const path = chromium.executablePath();
  return path !== '' && starts(path) ? path : undefined;
}

/** Debian's package, where this process may install it. */
async function packaged() {
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || spawnSync('apt-get', ['--version']).status !== 0) {
    return undefined;
  }
  say("Installing Debian's package of Chromium (apt-get) …");
  const quiet = {
    stdio: /** @type {import('node:child_process').StdioOptions} */ (['ignore', 2, 2]),
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    timeout: packageMs,
  };
  await run('apt-get', ['update', '-q'], quiet);
  await run('apt-get', ['install', '-y', '-q', '--no-install-recommends', 'chromium'], quiet);
  return installedBrowsers().find(starts);
}
