// @ts-check
// `npm test [-- <filter>]`: every test but the long ones, end to end in a real browser included.
// `npm run test:faults [-- <filter>]`: the long ones, which break things for real.
import { rmSync, writeFileSync } from 'node:fs';
import { findBrowser } from './browser.mjs';
import { lastResults, resultsOf } from './results.mjs';
import { setup } from './setup.mjs';
import { commandOf, giveUp, root, run, tallyLine } from './tools.mjs';

const [first, ...rest] = process.argv.slice(2);
const isFaults = first === 'faults';
const filters = isFaults || first === undefined ? rest : [first, ...rest];

await setup().catch(giveUp);
rmSync(resultsOf(root), { force: true });

const browser = isFaults ? undefined : await findBrowser();
const lacksBrowser = !isFaults && browser === undefined;
const always = ['unit', 'contract', 'integration', 'hostile'];
const suites = isFaults ? ['faults'] : lacksBrowser ? always : [...always, 'e2e'];
const env = browser === undefined ? process.env : { ...process.env, AFTERIMAGE_CHROMIUM: browser };
const reporters = ['--reporter=default', '--reporter=./build/reporter.mjs'];
const projects = suites.map((name) => `--project=${name}`);
const code = await run(process.execPath, [commandOf('vitest'), 'run', ...reporters, ...projects, ...filters], { env });

let { passed, failed, skipped } = lastResults(root) ?? { passed: 0, failed: 0, skipped: 0 };
// A run that ended badly without a failing test still failed.
if (code !== 0 && failed === 0) failed = 1;
if (lacksBrowser) {
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
