// @ts-check
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './tools.mjs';

/** What the built programs are made of. Unit tests beside the sources are not. */
const sources = [
  'app',
  'main',
  'renderer',
  'models',
  'messages',
  'package.json',
  'package-lock.json',
  'svelte.config.js',
  'tsconfig.base.json',
  'vite.config.ts',
  'vite.node.config.ts',
  'build/build.mjs',
];

/** SHA-256 over the names and contents of all sources, in hex. Contents, because a checkout changes times only. */
export function fingerprint() {
  const hash = createHash('sha256');
  for (const file of sources.flatMap(filesIn)) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(root, file)))
      .update('\0');
  }
  return hash.digest('hex');
}

/** Fingerprint of the sources that dist was built from; undefined where nothing was built. */
export function builtFrom() {
  try {
    return readFileSync(join(root, 'dist', 'fingerprint'), 'utf8');
  } catch {
    return undefined;
  }
}

/** @param {string} path a file or folder, relative to the checkout @returns {string[]} its files, in a fixed order */
function filesIn(path) {
  const stat = statSync(join(root, path), { throwIfNoEntry: false });
  if (stat === undefined || path.endsWith('.test.ts')) return [];
  if (!stat.isDirectory()) return [path];
  return readdirSync(join(root, path))
    .sort()
    .flatMap((name) => filesIn(`${path}/${name}`));
}
