// @ts-check
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root, run, say, Trouble } from './tools.mjs';

const folder = join(root, 'node_modules', 'electron');
const failedAt = join(root, '.cache', 'electron-unavailable');
const downloadMs = 60_000;
const retryMs = 24 * 60 * 60_000;

/**
 * Path of Electron's binary, fetched if need be. After a failed download the next try is a day later, so that a machine
 * without a network is not kept waiting at every start.
 *
 * @returns {Promise<string>}
 * @throws {Trouble} with the reason why there can be no desktop window, as the end of a sentence
 */
export async function electronBinary() {
  const { env, platform } = process;
  if (platform === 'linux' && env.DISPLAY === undefined && env.WAYLAND_DISPLAY === undefined) {
    throw new Trouble('there is no graphical display for a desktop window');
  }
  if (platform === 'linux' && process.getuid?.() === 0) {
    throw new Trouble('Electron does not run as root, since that would switch its sandbox off');
  }
  const present = binary();
  if (present !== undefined) return present;
  const lastFailure = statSync(failedAt, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (Date.now() - lastFailure < retryMs) {
    throw new Trouble('Electron, which draws the desktop window, could not be downloaded earlier today');
  }

  say('Fetching Electron for the desktop window (about 120 MB, once) …');
  await run(process.execPath, [join(folder, 'install.js')], { stdio: 'ignore', timeout: downloadMs });
  const fetched = binary();
  if (fetched !== undefined) {
    rmSync(failedAt, { force: true });
    return fetched;
  }
  mkdirSync(dirname(failedAt), { recursive: true });
  writeFileSync(failedAt, '');
  throw new Trouble(
    'Electron, which draws the desktop window, could not be downloaded within a minute; tomorrow it is tried again',
  );
}

/** @returns {string | undefined} */
function binary() {
  try {
    const path = join(folder, 'dist', readFileSync(join(folder, 'path.txt'), 'utf8'));
    return existsSync(path) ? path : undefined;
  } catch {
    return undefined;
  }
}
