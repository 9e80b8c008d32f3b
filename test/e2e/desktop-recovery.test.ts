import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ElectronApplication } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/command-line.ts';
import { makeLibrary } from '../support/desktop-library.ts';
import { killEngine } from '../support/engine-process.ts';
import { photos, shoot } from './browser.ts';
import { choose, libraryIn, logOf, runsOn, startDesktop, windowOf } from './desktop.ts';

let home = '';
let remove: () => Promise<void>;
let app: ElectronApplication;

beforeAll(async () => {
  [home, remove] = await temporaryFolder();
  await makeLibrary(libraryIn(home), home);
});
afterAll(async () => {
  await remove();
});

/** Asks the page as the main process does: Playwright gives a page up when its process has crashed. */
const inPage = (code: string): Promise<unknown> =>
  app.evaluate(
    ({ BrowserWindow }, script) => BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript(script),
    code,
  );
/** Photos on the screen; a page that has crashed may not answer at all. */
const cells = (): Promise<unknown> =>
  Promise.race([
    inPage(`document.querySelectorAll('[role=gridcell]').length`).catch(() => 0),
    new Promise((resolve) => setTimeout(resolve, 1000, 0)),
  ]);

/** How often an engine was ready. */
const readies = async (): Promise<number> => (await logOf(home)).split('engine ready').length - 1;

/** Answers the system's questions with one button, and keeps what was asked. */
const answer = (button: number): Promise<void> =>
  app.evaluate(({ dialog, shell }, response) => {
    const asked: unknown[] = [];
    Object.assign(globalThis, { asked });
    dialog.showMessageBox = (...given: unknown[]) => {
      asked.push(given.at(-1));
      return Promise.resolve({ response, checkboxChecked: false });
    };
    shell.openPath = (path) => (asked.push(path), Promise.resolve(''));
  }, button);
const asked = (): Promise<unknown[]> =>
  app.evaluate(() => (globalThis as unknown as { asked: unknown[] }).asked.slice());

describe(`the desktop after something went wrong (on ${runsOn})`, () => {
  it('remembers where its window was, how large its words were, and what it showed', async () => {
    app = await startDesktop(home);
    const page = await windowOf(app, []);
    await expect.poll(() => photos(page, 'Photos').count()).toBeGreaterThan(4);
    await page.waitForFunction(() => [...document.images].every((image) => image.complete));
    const bounds = { x: 150, y: 120, width: 900, height: 700 };
    await app.evaluate(({ BrowserWindow }, wanted) => {
      const [window] = BrowserWindow.getAllWindows();
      window?.setBounds(wanted);
      window?.webContents.setZoomLevel(2);
    }, bounds);
    await app.close();
    const kept: unknown = JSON.parse(await readFile(join(home, 'user-data', 'desktop.json'), 'utf8'));
    expect(kept).toMatchObject({ bounds, zoom: 2 });
  });

  it.skipIf(process.platform === 'win32')('shows the library before the engine is there', async () => {
    const log = await logOf(home);
    const [slow, leave] = [join(home, 'slow-node'), join(home, 'leave')];
    await writeFile(slow, `#!/bin/sh\nuntil [ -e "${leave}" ]; do sleep 0.1; done\nexec "${process.execPath}" "$@"\n`);
    await chmod(slow, 0o755);
    app = await startDesktop({ home, env: { AFTERIMAGE_NODE: slow } });
    const page = await windowOf(app, []);
    await expect.poll(() => photos(page, 'Photos').count()).toBeGreaterThan(4);
    await page.waitForFunction(
      () => document.images.length > 0 && [...document.images].every((image) => image.naturalWidth > 0),
    );
    expect((await logOf(home)).slice(log.length)).not.toContain('engine ready');
    const bounds = await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getNormalBounds());
    expect(bounds).toMatchObject({ width: 900, height: 700 });
    const zoom = await app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.webContents.getZoomLevel(),
    );
    expect(zoom).toBeCloseTo(2);
    await shoot(page, 'desktop-before-engine');
    await writeFile(leave, '');
    await expect.poll(async () => (await logOf(home)).slice(log.length), { timeout: 30_000 }).toContain('engine ready');
    await expect.poll(() => photos(page, 'Photos').count()).toBeGreaterThan(4);
    await app.close();
  });

  it('starts the engine again when it is killed, and goes on', async () => {
    app = await startDesktop(home);
    const page = await windowOf(app, []);
    await expect.poll(() => logOf(home)).toContain('engine ready');
    const before = await readies();
    await killEngine(libraryIn(home));
    await expect.poll(readies, { timeout: 30_000 }).toBe(before + 1);
    await page.getByRole('combobox', { name: 'Search your photos' }).fill('blue');
    await page.keyboard.press('Enter');
    await expect.poll(() => photos(page, 'Results').count(), { timeout: 30_000 }).toBeGreaterThan(0);
  });

  it('gives up when it is killed again and again, says so, and tries once more when the person wants', async () => {
    await answer(0);
    const report = join(home, 'user-data', 'logs', 'report.txt');
    const ready = await readies();
    const deadline = Date.now() + 60_000;
    while ((await asked()).length === 0 && Date.now() < deadline) await killEngine(libraryIn(home));
    expect(JSON.stringify(await asked())).toContain('ended 4 times within 5 minutes');
    const text = await readFile(report, 'utf8');
    expect(text).toMatch(/^Afterimage \d/u);
    expect(text.match(/The engine ended: SIGKILL, while it was (?:working|starting)/gu)).toHaveLength(4);
    expect(text).not.toContain(home);
    await expect.poll(readies, { timeout: 30_000 }).toBeGreaterThan(ready);
    await expect.poll(cells, { timeout: 30_000 }).toBeGreaterThan(0);
  });

  it('loads the page again when what draws it crashes, and gives up when that goes on', async () => {
    const crash = (): Promise<void> =>
      app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer());
    const endings = async (): Promise<number> => (await logOf(home)).split('window ended').length - 1;
    await answer(2);
    for (let time = 1; time <= 3; time += 1) {
      await crash();
      await expect.poll(endings, { timeout: 15_000 }).toBe(time);
      // What is asked of a page that is not there is done when it is.
      await choose(app, 'Keys');
      await expect.poll(cells, { timeout: 30_000 }).toBeGreaterThan(0);
      await expect.poll(() => inPage(`document.querySelector('[role=dialog] h2')?.textContent`)).toBe('Keys');
    }
    const gone = new Promise<void>((resolve) => app.once('close', () => resolve()));
    await crash();
    // Its last button is to quit.
    await gone;
    expect(await readFile(join(home, 'user-data', 'logs', 'report.txt'), 'utf8')).toContain('The window ended');
  });
});
