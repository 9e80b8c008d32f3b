import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sharedDir } from '../support/shared.ts';
import { table } from './measure.ts';

/**
 * `npm run bench [-- indexing|library|following|download|editing|busy|mapping|upgrading|painting|starting]`: every figure beside
 * its alternative, measured in one run. `npm run bench -- commits <checkout>` compares indexing with another commit's.
 */
process.env.ORT_DISABLE_TELEMETRY = '1';
const [, , only, checkout] = process.argv;
if (only === undefined || only === 'indexing') {
  if (sharedDir === undefined)
    console.log('Skipped: the indexing bench needs ../shared with test models and photos, which is not here.');
  else await (await import('./indexing.ts')).benchIndexing(sharedDir);
}
if (only === undefined || only === 'library') await (await import('./library.ts')).benchLibrary();
if (only === undefined || only === 'following') await (await import('./following.ts')).benchFollowing();
if (only === undefined || only === 'download') await (await import('./download.ts')).benchDownload();
if (only === undefined || only === 'editing') await (await import('./editing.ts')).benchEditing();
if (only === undefined || only === 'busy') await (await import('./busy.ts')).benchBusy();
if (only === undefined || only === 'mapping') await (await import('./mapping.ts')).benchMapping();
if (only === undefined || only === 'upgrading') {
  if (sharedDir === undefined)
    console.log('Skipped: the upgrading bench needs ../shared with test models and photos, which is not here.');
  else await (await import('./upgrading.ts')).benchUpgrading(sharedDir);
}
if (only === 'commits') {
  if (sharedDir === undefined || checkout === undefined)
    console.log(
      'Skipped: it needs ../shared with test models and photos, and the folder of another checkout that is built.',
    );
  else await (await import('./commits.ts')).benchCommits(sharedDir, checkout);
}
// Type-checked with the pages: what runs in one has to be. The names keep them out of this program.
const inBrowser = { painting: './painting.ts', starting: './starting.ts' };
for (const [name, path] of Object.entries(inBrowser)) {
  if (only !== undefined && only !== name) continue;
  if (process.env.AFTERIMAGE_CHROMIUM === undefined)
    console.log(`Skipped: the ${name} bench needs a browser in AFTERIMAGE_CHROMIUM.`);
  else await ((await import(path)) as { readonly bench: () => Promise<void> }).bench();
}
await writeFile(join(import.meta.dirname, '..', '..', '.cache', 'bench.md'), `${table()}\n`);
