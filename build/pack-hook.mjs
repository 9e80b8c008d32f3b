// @ts-check
// What electron-builder does not do itself: the Node runtime, the command line and the notices, put beside the application.
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { bundledIn, packagesIn, thirdPartyNotices } from './notices.mjs';
import { npm, root, say, Trouble } from './tools.mjs';

/** Names of electron-builder's processors. */
const archs = ['ia32', 'x64', 'armv7l', 'arm64', 'universal'];
/** What the desktop runs the engine on is as new as this. */
const oldestMajor = 22;

/**
 * Called by electron-builder when the files of the application lie in their places, before fuses and signatures.
 *
 * @param {import('electron-builder').AfterPackContext} context
 * @throws {Trouble} when the package is for another kind of machine, or a part of it is not here
 */
export async function afterPack({ appOutDir, arch, electronPlatformName, packager }) {
  const wanted = `${electronPlatformName}-${archs[arch]}`;
  if (wanted !== `${process.platform}-${process.arch}`)
    throw new Trouble(
      `A package for ${wanted} has to be made on such a machine: npm installs native libraries for the one it runs on, ${process.platform}-${process.arch}.`,
    );
  const resources = packager.getResourcesDir(appOutDir);
  const { binary, licence } = await nodeRuntime();
  const runtime = placeRuntime(binary, resources);
  placeCommand(resources);
  const outside = join(resources, 'app.asar.unpacked');
  // Elsewhere there are none to speak of.
  if (electronPlatformName === 'linux') strip([runtime, ...librariesIn(join(outside, 'node_modules', '@lancedb'))]);
  const packages = [
    ...packagesIn(outside),
    ...bundledIn(join(root, 'dist', 'renderer')),
    ...bundledIn(join(root, 'dist', 'main')),
  ];
  writeFileSync(join(resources, 'THIRD_PARTY_NOTICES.txt'), thirdPartyNotices(packages, readFileSync(licence, 'utf8')));
  copyFileSync(join(root, 'LICENSE'), join(resources, 'LICENSE.txt'));
}

/**
 * The Node that the engine runs on: npm's package of it on Linux; elsewhere, where there is no such package for every
 * processor, the one that runs this script.
 */
async function nodeRuntime() {
  const { platform, arch, execPath, versions } = process;
  const runtime = join(root, 'build', 'runtime');
  const folder = platform === 'linux' ? join(runtime, 'node_modules', `node-linux-${arch}`) : dirname(execPath);
  const binary = platform === 'linux' ? join(folder, 'bin', 'node') : execPath;
  if (!existsSync(binary) && (await npm(['ci', '--loglevel=error'], { cwd: runtime, stdio: ['ignore', 2, 2] })) !== 0)
    throw new Trouble(`The Node runtime of the package, node-linux-${arch}, could not be fetched. Is there a network?`);
  const licence = [join(folder, 'LICENSE'), join(folder, '..', 'LICENSE')].find((file) => existsSync(file));
  if (platform !== 'linux' && Number(versions.node.split('.')[0]) < oldestMajor)
    throw new Trouble(
      `The package would carry this Node, ${versions.node}: make it with Node ${oldestMajor} or newer.`,
    );
  if (licence === undefined)
    throw new Trouble(`The licence of Node is not beside ${binary}: use an official build, from https://nodejs.org.`);
  return { binary, licence };
}

/** @param {string} binary @param {string} resources */
function placeRuntime(binary, resources) {
  const target = join(resources, 'node', process.platform === 'win32' ? 'node.exe' : 'node');
  mkdirSync(dirname(target), { recursive: true });
  copyFileSync(binary, target);
  chmodSync(target, 0o755);
  return target;
}

/** The command line: its program on the packed Node, also by a link from elsewhere. @param {string} resources */
function placeCommand(resources) {
  const isWindows = process.platform === 'win32';
  const script = isWindows
    ? '@"%~dp0node\\node.exe" "%~dp0app.asar.unpacked\\dist\\main\\cli.js" %*\r\n'
    : '#!/bin/sh\nhere=$(dirname "$(readlink -f "$0")")\nexec "$here/node/node" "$here/app.asar.unpacked/dist/main/cli.js" "$@"\n';
  writeFileSync(join(resources, isWindows ? 'afterimage-cli.cmd' : 'afterimage-cli'), script, { mode: 0o755 });
}

/** @param {string} folder */
function librariesIn(folder) {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return files.filter((path) => path.endsWith('.node')).map((path) => join(folder, path));
}

/** Takes symbols for debuggers out of libraries that come with many. @param {readonly string[]} files */
function strip(files) {
  const { error, status } = spawnSync('strip', ['--strip-unneeded', ...files]);
  if (status === 0) return;
  const reason =
    error === undefined ? `strip ended with ${String(status)}` : 'there is no `strip` here (package binutils)';
  say(`The Node runtime and LanceDB keep their symbols, 40 MB in all: ${reason}.`);
}
