import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { lastResults } from './results.mjs';
import { commandOf, root, tallyLine } from './tools.mjs';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'afterimage-reporter-'));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
});
afterEach(() => rmSync(folder, { recursive: true }));

it('counts tests, and files and hooks that broke before theirs, and says why a test was skipped', () => {
  const files = {
    'some.test.js': `
      test('passes', () => {});
      test('fails', () => { throw new Error('no'); });
      test('is skipped', ({ skip }) => skip('there is no camera'));`,
    'hook.test.js': `
      describe('with a hook', () => { beforeAll(() => { throw new Error('no'); }); test('never runs', () => {}); });`,
    'broken.test.js': `throw new Error('no');`,
  };
  for (const [name, body] of Object.entries(files)) {
    writeFileSync(join(folder, name), `import { beforeAll, describe, test } from 'vitest';\n${body}`);
  }
  const reporter = join(import.meta.dirname, 'reporter.mjs');
  const args = [commandOf('vitest'), 'run', '--root', folder, `--reporter=${reporter}`];
  const { stdout } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
  expect(stdout).toContain('skipped  some.test.js > is skipped: there is no camera');
  expect(lastResults(folder)).toEqual({ passed: 1, failed: 3, skipped: 2 });
});

it('closes with one line', () => {
  expect(tallyLine({ passed: 3, failed: 0, skipped: 0 })).toBe('3 passed, 0 failed');
  expect(tallyLine({ passed: 3, failed: 1, skipped: 2 })).toBe('3 passed, 1 failed');
});
