import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { findBrowser, installedBrowsers } from './browser.mjs';

it('takes the browser that is named, then those of the platform', () => {
  const env = { AFTERIMAGE_CHROMIUM: '/here/chrome', PATH: '/usr/bin', PROGRAMFILES: 'C:\\Programs' };
  expect(installedBrowsers({ env, platform: 'linux' }).slice(0, 2)).toEqual(['/here/chrome', '/usr/bin/chromium']);
  expect(installedBrowsers({ env, platform: 'darwin' })[1]).toMatch(/^\/Applications\/Google Chrome\.app/);
  expect(installedBrowsers({ env, platform: 'win32' })[1]).toContain('chrome.exe');
});

it.skipIf(process.platform === 'win32')('passes over a browser that does not start', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'afterimage-browser-'));
  const { AFTERIMAGE_CHROMIUM: named, PATH: path } = process.env;
  onTestFinished(() => {
    Object.assign(process.env, { PATH: path });
    if (named === undefined) delete process.env.AFTERIMAGE_CHROMIUM;
    else process.env.AFTERIMAGE_CHROMIUM = named;
    rmSync(folder, { recursive: true });
  });
  const write = (name: string, code: number): void => {
    writeFileSync(join(folder, name), `#!/bin/sh\nexit ${code}\n`);
    chmodSync(join(folder, name), 0o755);
  };
  write('broken', 1);
  write('chromium', 0);
  process.env.AFTERIMAGE_CHROMIUM = join(folder, 'broken');
  process.env.PATH = folder;
  expect(await findBrowser()).toBe(join(folder, 'chromium'));
});
