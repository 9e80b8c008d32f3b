// @ts-check
// A vitest reporter: counts what really ran for the line that closes a run, and says why a test was skipped.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { resultsOf } from './results.mjs';

export default class Totals {
  /** @type {string} */
  #results = '';

  /** @param {import('vitest/node').Vitest} vitest */
  onInit(vitest) {
    this.#results = resultsOf(vitest.config.root);
  }

  /**
   * @param {readonly import('vitest/node').TestModule[]} modules
   * @param {readonly unknown[]} strayErrors those that belong to no test
   */
  onTestRunEnd(modules, strayErrors) {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const suites = modules.flatMap((module) => [...module.children.allSuites()]);
    // A file that does not load and a hook that throws have no failing test of their own.
    const broken = [...modules, ...suites].filter((part) => part.errors().length > 0).length + strayErrors.length;
    const tally = { passed: 0, failed: broken, skipped: 0 };
    for (const test of tests) {
      const result = test.result();
      if (result.state === 'pending') continue;
      tally[result.state] += 1;
      if (result.state !== 'skipped') continue;
      const note = result.note === undefined ? '' : `: ${result.note}`;
      console.log(`skipped  ${test.module.relativeModuleId} > ${test.fullName}${note}`);
    }
    mkdirSync(dirname(this.#results), { recursive: true });
    writeFileSync(this.#results, JSON.stringify(tally));
  }
}
