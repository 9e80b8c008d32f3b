import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ElectronApplication, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/command-line.ts';
import { paint, writePaintings } from '../support/paintings.ts';
import { ask, photoAt, results, shoot, term } from './browser.ts';
import { choose, dropFiles, logOf, runsOn, secondStart, startDesktop, windowOf } from './desktop.ts';

const PAINTINGS = 10;
/** Enough that indexing them takes a while. */
const MANY = 240;

let home = '';
let folder = '';
let remove: () => Promise<void>;
let app: ElectronApplication;
let page: Page;
const problems: string[] = [];

beforeAll(async () => {
  [home, remove] = await temporaryFolder();
  folder = join(home, 'Paintings');
  await writePaintings(folder);
  app = await startDesktop(home);
  page = await windowOf(app, problems);
});
afterAll(async () => {
  await app.close();
  await remove();
});

/** Waits until the library on the screen has so many photos. */
const shows = (count: number): Promise<void> =>
  page
    .getByRole('main')
    .getByText(`${String(count)} photos`, { exact: true })
    .waitFor({ timeout: 60_000 });

/** Lets the system's part be played by a list of what was asked of it. */
const record = (): Promise<void> =>
  app.evaluate(({ shell, clipboard, BrowserWindow }) => {
    const asked: unknown[][] = [];
    Object.assign(globalThis, { asked });
    shell.showItemInFolder = (path) => void asked.push(['reveal', path]);
    shell.openPath = (path) => (asked.push(['open', path]), Promise.resolve(''));
    shell.openExternal = (url) => (asked.push(['external', url]), Promise.resolve());
    clipboard.write = async (items) => {
      for (const item of items)
        for (const type of item.types) {
          const blob = (await item.getType(type)) as Blob;
          asked.push(['copy', type, type.startsWith('image/') ? blob.size > 0 : await blob.text()]);
        }
    };
    for (const { webContents } of BrowserWindow.getAllWindows())
      webContents.startDrag = ({ file }) => void asked.push(['drag', file]);
  });
const asked = (): Promise<unknown> =>
  app.evaluate(() => (globalThis as unknown as { asked: unknown[] }).asked.splice(0));

const startAgain = async (...args: readonly string[]): Promise<void> => {
  const { executablePath, args: first, env } = await secondStart(home, args);
  const second = spawn(executablePath, first, { env, cwd: home, stdio: 'ignore' });
  const [code] = (await once(second, 'exit')) as [number | null];
  expect(code).toBe(0);
};

/** One story, told in order: each step starts where the one before it ended. */
describe(`the application on the desktop (on ${runsOn})`, () => {
  it('adds a folder that is chosen in the system’s dialog, indexes and finds', async () => {
    await app.evaluate(({ dialog }, path) => {
      dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [path] });
    }, folder);
    await page.getByRole('button', { name: 'Choose a folder…' }).click();
    await page.getByText(folder).waitFor();
    await shoot(page, 'desktop-welcome');
    await page.getByRole('button', { name: 'Start' }).click();
    await shows(PAINTINGS);
    await page.getByRole('region', { name: 'Indexing' }).waitFor({ state: 'detached' });
    await ask(page, 'a red picture');
    await expect.poll(async () => (await results(page))[0]).toBe('red.jpg');
    await shoot(page, 'desktop-results');
  });

  it('shows a photo in the file manager, opens it elsewhere, and copies it', async () => {
    await record();
    const red = join(folder, 'red.jpg');
    await photoAt(page, 'Results', 1).click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Copy picture' }).waitFor();
    await shoot(page, 'desktop-menu');
    await page.getByRole('menuitem', { name: 'Show in its folder' }).click();
    await expect.poll(asked).toEqual([['reveal', red]]);
    await photoAt(page, 'Results', 1).click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Copy picture' }).click();
    await expect.poll(asked).toEqual([['copy', 'image/png', true]]);
    await photoAt(page, 'Results', 1).press('Enter');
    const details = page.getByRole('complementary', { name: 'Details' });
    await details.getByRole('button', { name: 'Open', exact: true }).click();
    await expect.poll(asked).toEqual([['open', red]]);
    await details.getByRole('button', { name: 'Copy file' }).click();
    await expect.poll(async () => JSON.stringify(await asked())).toContain('red.jpg');
    await shoot(page, 'desktop-details');
    // The menu of a photo opens over the viewer as well, and closes without it.
    await page.locator('.stage').click({ button: 'right', position: { x: 300, y: 300 } });
    await page.getByRole('menuitem', { name: 'Copy file' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('menuitem', { name: 'Copy file' }).waitFor({ state: 'detached' });
    await details.waitFor();
    await page.keyboard.press('Escape');
  });

  it('lets a photo be dragged out: with Alt from the grid', async () => {
    const cell = (await photoAt(page, 'Results', 1).boundingBox())!;
    await page.keyboard.down('Alt');
    await page.mouse.move(cell.x + 30, cell.y + 30);
    await page.mouse.down();
    await page.mouse.move(cell.x + 60, cell.y + 60, { steps: 6 });
    await expect.poll(asked).toEqual([['drag', join(folder, 'red.jpg')]]);
    // Let go of elsewhere: a click on the photo would open it.
    await page.mouse.move(4, 300);
    await page.mouse.up();
    await page.keyboard.up('Alt');
    await page.getByRole('button', { name: 'Clear search' }).click();
  });

  it('takes a folder that is dropped on it', async () => {
    const dropped = join(home, 'More');
    await mkdir(dropped);
    await paint(64, 48, () => [90, 20, 140]).toFile(join(dropped, 'violet.png'));
    await dropFiles(page, [dropped]);
    await shows(PAINTINGS + 1);
  });

  it('searches by a picture that is dropped on it', async () => {
    await dropFiles(page, [join(home, 'More', 'violet.png')]);
    await term(page, /picture/u).waitFor();
    await expect.poll(async () => (await results(page))[0]).toBe('violet.png');
    await page.getByRole('button', { name: 'Clear search' }).click();
  });

  it('opens a link, a folder and a picture that a second start hands over', async () => {
    await startAgain('afterimage://search?q=blue%20sky%20over%20grass');
    await expect.poll(async () => (await results(page))[0]).toBe('blue sky over grass.jpg');
    await startAgain(join(folder, 'night.jpg'));
    await expect.poll(async () => (await results(page))[0]).toBe('night.jpg');
    const third = join(home, 'Third');
    await mkdir(third);
    await paint(64, 48, () => [20, 90, 140]).toFile(join(third, 'teal.png'));
    await startAgain(third);
    await page.getByRole('region', { name: 'Messages' }).getByText('“Third” is in the library.').waitFor();
    await page.getByRole('button', { name: 'Clear search' }).click();
    await shows(PAINTINGS + 2);
    // What is no picture, and a link that asks for something else, are named and do nothing.
    const notes = ['Afterimage cannot open that link.', 'Afterimage cannot open “nothing.txt”.'].map((text) =>
      page.getByRole('region', { name: 'Messages' }).getByText(text).waitFor({ timeout: 120_000 }),
    );
    await startAgain('afterimage://open?path=/etc', join(home, 'nothing.txt'));
    await Promise.all(notes);
    await shows(PAINTINGS + 2);
  });

  it('makes one search of pictures that are opened together, also where the system hands them over one by one', async () => {
    const [red, night] = [join(folder, 'red.jpg'), join(folder, 'night.jpg')];
    await startAgain(red, night);
    await expect.poll(() => term(page, /picture/u).count()).toBe(2);
    await page.getByRole('button', { name: 'Clear search' }).click();
    await expect.poll(() => term(page, /picture/u).count()).toBe(0);
    await app.evaluate(
      ({ app: program }, paths) => {
        for (const path of paths) program.emit('open-file', { preventDefault: () => undefined }, path);
      },
      [red, night],
    );
    await expect.poll(() => term(page, /picture/u).count()).toBe(2);
    await page.getByRole('button', { name: 'Clear search' }).click();
  });

  it('does what its menus say', async () => {
    await choose(app, 'Find');
    await expect.poll(() => page.evaluate(() => document.activeElement?.hasAttribute('data-search'))).toBe(true);
    for (const [label, title] of [
      ['Models…', 'Models'],
      ['Folders and Settings…', 'Folders and settings'],
      ['Keys', 'Keys'],
    ] as const) {
      await choose(app, label);
      await page.getByRole('dialog', { name: title }).waitFor();
      await page.keyboard.press('Escape');
      await page.getByRole('dialog', { name: title }).waitFor({ state: 'detached' });
    }
    const labels = await app.evaluate(({ Menu }) =>
      (Menu.getApplicationMenu()?.items ?? []).map(({ label, role }) => (role ?? label).toLowerCase()),
    );
    expect(labels).toEqual(expect.arrayContaining(['file', 'edit', 'search', 'library', 'view', 'windowmenu', 'help']));
  });

  it('keeps running in the notification area only where that was switched on', async () => {
    await choose(app, 'Show in the Notification Area');
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
    const visible = () =>
      app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((each) => each.isVisible()));
    await expect.poll(visible).toEqual([false]);
    await startAgain();
    await expect.poll(visible).toEqual([true]);
    await choose(app, 'Show in the Notification Area');
    await expect
      .poll(async () => JSON.parse(await readFile(join(home, 'user-data', 'desktop.json'), 'utf8')) as unknown)
      .toMatchObject({ tray: false });
  });

  it('is not started at login from a checkout', async () => {
    await expect(choose(app, 'Start at Login')).rejects.toThrow('No menu has');
  });

  it('wears the system’s accent colour, as far as it can be read', async () => {
    await app.evaluate(({ systemPreferences }) => {
      systemPreferences.getAccentColor = () => 'ffd000ff';
      systemPreferences.emit('accent-color-changed', {}, 'ffd000ff');
    });
    const accent = () => page.evaluate(() => document.documentElement.style.getPropertyValue('--accent'));
    await expect.poll(accent).toMatch(/^#[0-9a-f]{6}$/u);
    await shoot(page, 'desktop-accent');
  });

  it('says that it rests on battery, and goes on with the mains', async () => {
    await app.evaluate(({ powerMonitor }) => powerMonitor.emit('on-battery'));
    const many = join(home, 'Many');
    await mkdir(many);
    for (let number = 0; number < MANY; number += 1)
      await paint(64, 48, () => [number, 255 - number, 40]).toFile(join(many, `${String(number)}.png`));
    await dropFiles(page, [many]);
    const strip = page.getByRole('region', { name: 'Indexing' });
    await strip.getByText('Paused on battery').waitFor();
    await shoot(page, 'desktop-on-battery');
    await strip.getByRole('button', { name: 'Resume' }).waitFor();
    // It is warm as well: what goes on by turns is there to be paused, also while it stands.
    await app.evaluate(({ powerMonitor }) => {
      powerMonitor.emit('thermal-state-change', { state: 'fair' });
      powerMonitor.emit('on-ac');
    });
    await strip.getByText('Slowed down').waitFor();
    await shoot(page, 'desktop-slowed-down');
    await strip.getByRole('button', { name: 'Pause' }).click();
    await strip.getByText('Paused', { exact: true }).waitFor();
    await strip.getByRole('button', { name: 'Resume' }).click();
    await app.evaluate(({ powerMonitor }) => powerMonitor.emit('thermal-state-change', { state: 'nominal' }));
    await strip.waitFor({ state: 'detached', timeout: 60_000 });
    await shows(PAINTINGS + 2 + MANY);
  });

  it('logs neither paths nor what was searched for, and met no problem on the way', async () => {
    const log = await logOf(home);
    for (const event of ['window asked for', 'window shown', 'engine ready']) expect(log).toContain(event);
    for (const secret of [home, 'Paintings', 'violet', 'red picture', 'grass']) expect(log).not.toContain(secret);
    expect(problems).toEqual([]);
  });
});
