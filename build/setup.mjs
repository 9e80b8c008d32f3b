// @ts-check
// Brings a checkout to where its programs can run: packages installed, sources built. Instant when that is so already.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { builtFrom, fingerprint } from './fingerprint.mjs';
import { withLock } from './lock.mjs';
import { giveUp, isMain, npm, root, run, say, Trouble } from './tools.mjs';

/** Child processes write where this script does: on the error stream. @type {import('node:child_process').StdioOptions} */
const quiet = ['ignore', 2, 2];

/**
 * Installs and builds what is missing or out of date.
 *
 * @throws {Trouble} when Node is too old, or installing or building fails
 */
export async function setup() {
  checkNode();
  if (installed(root) && built()) return;
  const waiting = () => say('Another Afterimage command is setting up this folder; waiting for it …');
  await withLock(
    join(root, '.cache', 'setup.lock'),
    async () => {
      if (!installed(root)) await install();
      if (!built()) await build();
    },
    waiting,
  );
}

function checkNode() {
  const wanted = String(json(join(root, 'package.json')).engines.node).replace('>=', '');
  const [major = 0, minor = 0] = wanted.split('.').map(Number);
  const [ownMajor = 0, ownMinor = 0] = process.versions.node.split('.').map(Number);
  if (ownMajor > major || (ownMajor === major && ownMinor >= minor)) return;
  throw new Trouble(
    `Afterimage needs Node ${wanted} or newer; this is ${process.versions.node}. ` +
      'Install a current version from https://nodejs.org, then run the same command again.',
  );
}

/**
 * Whether the packages on disk are those of the lock file, going by the list npm leaves beside them. Packages for other
 * platforms are optional and may be absent.
 *
 * @param {string} folder the one that holds package-lock.json
 */
export function installed(folder) {
  const locked = json(join(folder, 'package-lock.json')).packages;
  let present;
  try {
    present = json(join(folder, 'node_modules', '.package-lock.json')).packages;
  } catch {
    return false;
  }
  return Object.entries(locked).every(([path, wanted]) => {
    if (path === '') return true;
    const found = present[path];
    return found === undefined
      ? wanted.optional
      : found.version === wanted.version && found.integrity === wanted.integrity;
  });
}

async function install() {
  say('Installing packages (npm ci). The first time this downloads a few hundred megabytes …');
  const code = await npm(['ci', '--include=dev', '--include=optional', '--loglevel=error'], { stdio: quiet });
  if (code === 0) return;
  throw new Trouble(
    'The packages could not be installed: npm says why above. ' +
      'It needs a network connection and free disk space; run the same command again when they are there.',
  );
}

function built() {
  return builtFrom() === fingerprint();
}

async function build() {
  say('Building …');
  const code = await run(process.execPath, [join(root, 'build', 'build.mjs')], { stdio: quiet });
  if (code !== 0) throw new Trouble('The build failed: the reason stands above.');
}

/** @param {string} file */
function json(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}

if (isMain(import.meta.url)) {
  await setup().catch(giveUp);
}
