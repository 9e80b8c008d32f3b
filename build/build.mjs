// @ts-check
// Builds the interface and the programs beside dist, then swaps them in: nothing that runs meets half a build.
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, createBuilder } from 'vite';
import { fingerprint } from './fingerprint.mjs';
import { root } from './tools.mjs';

process.chdir(root);
const print = fingerprint();
// As deep as dist/…, so that the source maps hold.
const fresh = (/** @type {string} */ part) => join(root, '.cache', part);
const old = join(root, '.cache', 'replaced');
for (const folder of [fresh('main'), fresh('renderer'), old]) rmSync(folder, { recursive: true, force: true });

await build({ configFile: 'vite.config.ts', logLevel: 'warn', build: { outDir: fresh('renderer') } });
const outDir = { build: { outDir: fresh('main') } };
const programs = await createBuilder({
  configFile: 'vite.node.config.ts',
  logLevel: 'warn',
  environments: { ssr: outDir, desktop: outDir, preload: outDir },
});
await programs.buildApp();

mkdirSync('dist', { recursive: true });
mkdirSync(old);
rmSync('dist/fingerprint', { force: true });
for (const part of ['main', 'renderer']) {
  if (existsSync(join('dist', part))) renameSync(join('dist', part), join(old, part));
  renameSync(fresh(part), join('dist', part));
}
writeFileSync('dist/fingerprint', print);
rmSync(old, { recursive: true });
