import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { installed } from './setup.mjs';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'afterimage-setup-'));
  mkdirSync(join(folder, 'node_modules'));
  write('package-lock.json', {
    '': { version: '1.0.0' },
    'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
    'node_modules/a-for-another-platform': { version: '1.0.0', integrity: 'sha512-b', optional: true },
  });
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(path: string, packages: Record<string, object>): void {
  writeFileSync(join(folder, path), JSON.stringify({ packages }));
}

it.each([
  ['the same packages', { version: '1.0.0', integrity: 'sha512-a' }, true],
  ['another version', { version: '1.0.1', integrity: 'sha512-a' }, false],
  ['other contents', { version: '1.0.0', integrity: 'sha512-c' }, false],
])('%s are installed: %s → %s', (_, entry, expected) => {
  write('node_modules/.package-lock.json', { 'node_modules/a': entry });
  expect(installed(folder)).toBe(expected);
});

it('a missing package or list means that packages have to be installed', () => {
  expect(installed(folder)).toBe(false);
  write('node_modules/.package-lock.json', {});
  expect(installed(folder)).toBe(false);
});
