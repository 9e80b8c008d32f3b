// @ts-check
// Everything a change has to pass: the checks, the packed application, then exactly `npm test`, then the long tests.
// Started by .ci/run.
import { rmSync } from 'node:fs';
import { check } from './check.mjs';
import { lastResults, resultsOf } from './results.mjs';
import { setup } from './setup.mjs';
import { explain, npm, root, tallyLine } from './tools.mjs';

/** @typedef {import('./tools.mjs').Tally} Tally */

/** @type {readonly Tally[]} */
const parts = await everything().catch((/** @type {unknown} */ error) => {
  explain(error);
  return [{ passed: 0, failed: 1, skipped: 0 }];
});
const sum = (/** @type {keyof Tally} */ key) => parts.reduce((total, part) => total + part[key], 0);
console.log(tallyLine({ passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') }));
process.exit(sum('failed') === 0 ? 0 : 1);

async function everything() {
  await setup();
  // It needs installed packages, other than what is imported above.
  const { packCheck } = await import('./pack-check.mjs');
  return [await check(), await packCheck(), await tests(['test']), await tests(['run', 'test:faults'])];
}

/** @param {readonly string[]} script @returns {Promise<Tally>} */
async function tests(script) {
  rmSync(resultsOf(root), { force: true });
  const code = await npm(script);
  return lastResults(root) ?? { passed: 0, failed: code === 0 ? 0 : 1, skipped: 0 };
}
