// @ts-check
import { chmodSync, copyFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SENTINEL } from '@electron/fuses/dist/constants.js';
import { root, Trouble } from './tools.mjs';

/** Fuses as Electron comes: run as Node, NODE_OPTIONS, inspection, privileges of file: and WebAssembly’s traps on. */
const wire = '101100011';

/**
 * The Electron to pack with: the installed one, or in its place a folder with the same names, whose binary is nothing
 * but a fuse wire. All that packing does to Electron, it does to that.
 *
 * @param {string} folder for the stand-in
 * @returns {{ readonly dist: string, readonly isReal: boolean }}
 * @throws {Trouble} on a system whose packages cannot be made without Electron
 */
export function electronDistribution(folder) {
  const electron = join(root, 'node_modules', 'electron');
  const dist = join(electron, 'dist');
  if (existsSync(join(dist, 'version'))) return { dist, isReal: true };
  if (process.platform !== 'linux')
    throw new Trouble('Electron is not here. Fetch it with `node node_modules/electron/install.js`, then try again.');
  rmSync(folder, { recursive: true, force: true });
  for (const part of ['locales', 'resources']) mkdirSync(join(folder, part), { recursive: true });
  const binary = join(folder, 'electron');
  writeFileSync(
    binary,
    Buffer.concat([
      Buffer.from('#!/bin/sh\necho "This stands in for Electron, and cannot run." >&2\nexit 1\n'),
      Buffer.from(SENTINEL),
      Buffer.from([1, wire.length]),
      Buffer.from(wire),
    ]),
  );
  chmodSync(binary, 0o755);
  writeFileSync(join(folder, 'locales', 'en-US.pak'), '');
  copyFileSync(join(electron, 'LICENSE'), join(folder, 'LICENSE'));
  return { dist: folder, isReal: false };
}
