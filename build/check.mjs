// @ts-check
// `npm run check`: everything that judges the sources without running them.
import { setup } from './setup.mjs';
import { giveUp, isMain, npm, tallyLine } from './tools.mjs';

/** Scripts of package.json; each counts as one. */
const checks = ['lint', 'types', 'formatted', 'unused', 'imports'];

/** Runs every check to its end and prints what failed. @returns {Promise<import('./tools.mjs').Tally>} */
export async function check() {
  /** @type {string[]} */
  const failed = [];
  for (const name of checks) {
    const started = performance.now();
    const code = await npm(['run', '--silent', name]);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    console.log(`${code === 0 ? 'passed' : 'FAILED'}  ${name} (${seconds} s)`);
    if (code !== 0) failed.push(name);
  }
  if (failed.length > 0) console.log(`Failed: ${failed.map((name) => `npm run ${name}`).join(', ')}`);
  return { passed: checks.length - failed.length, failed: failed.length, skipped: 0 };
}

if (isMain(import.meta.url)) {
  await setup().catch(giveUp);
  const tally = await check();
  console.log(tallyLine(tally));
  process.exit(tally.failed === 0 ? 0 : 1);
}
