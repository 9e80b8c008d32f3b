// @ts-check
// `npm test [-- <filter>]`: every test, end to end in a real browser included.
import { rmSync, writeFileSync } from 'node:fs';
import { findBrowser } from './browser.mjs';
import { lastResults, resultsOf } from './results.mjs';
import { setup } from './setup.mjs';
import { commandOf, giveUp, root, run, tallyLine } from './tools.mjs';

await setup().catch(giveUp);
rmSync(resultsOf(root), { force: true });

const browser = await findBrowser();
const suites = browser === undefined ? ['--project=!e2e'] : [];
const env = browser === undefined ? process.env : { ...process.env, AFTERIMAGE_CHROMIUM: browser };
const reporters = ['--reporter=default', '--reporter=./build/reporter.mjs'];
const args = [commandOf('vitest'), 'run', ...reporters, ...suites, ...process.argv.slice(2)];
const code = await run(process.execPath, args, { env });

let { passed, failed, skipped } = lastResults(root) ?? { passed: 0, failed: 0, skipped: 0 };
// A run that ended badly without a failing test still failed.
if (code !== 0 && failed === 0) failed = 1;
if (browser === undefined) {
  failed += 1;
  console.log(
    'FAILED  The end-to-end tests could not run: no Chromium, Chrome or Edge is installed and none could be fetched. ' +
      'Install one, or set AFTERIMAGE_CHROMIUM to its path.',
  );
}
const tally = { passed, failed, skipped };
writeFileSync(resultsOf(root), JSON.stringify(tally));
console.log(tallyLine(tally));
process.exit(failed === 0 ? 0 : 1);
