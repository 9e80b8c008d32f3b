// @ts-check
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where the reporter leaves its counts. @param {string} root the folder vitest runs in */
export function resultsOf(root) {
  return join(root, '.cache', 'test-results.json');
}

/**
 * The counts of the last run of the tests; undefined where it did not come to its end.
 *
 * @param {string} root
 * @returns {import('./tools.mjs').Tally | undefined}
 */
export function lastResults(root) {
  try {
    return JSON.parse(readFileSync(resultsOf(root), 'utf8'));
  } catch {
    return undefined;
  }
}
