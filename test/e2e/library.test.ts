import { copyFile, mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { userDataSchema } from '../../app/contract/index.ts';
import { temporaryFolder } from '../support/command-line.ts';
import { paint, writePaintings } from '../support/paintings.ts';
import { ask, openApplication, photoAt, results, shoot, type OpenApplication } from './browser.ts';

let home = '';
let folder = '';
let remove: () => Promise<void>;
let application: OpenApplication;
let page: Page;
const problems: string[] = [];
const PAINTINGS = 10;

beforeAll(async () => {
  [home, remove] = await temporaryFolder();
  folder = join(home, 'Paintings');
  await writePaintings(folder);
  application = await openApplication(join(home, 'library'), { home, folders: [folder] }, problems);
  ({ page } = application);
  await shows(PAINTINGS);
  await page.getByRole('region', { name: 'Indexing' }).waitFor({ state: 'detached' });
});
afterAll(async () => {
  await application.close();
  await remove();
});

/** Waits until the library on the screen has so many photos. */
const shows = async (count: number): Promise<void> => {
  await page
    .getByRole('main')
    .getByText(`${String(count)} photos`, { exact: true })
    .waitFor({ timeout: 60_000 });
};
const dialog = (name: string): Locator => page.getByRole('dialog', { name });
const settings = (): Locator => dialog('Folders and settings');
const card = (): Locator => settings().getByRole('listitem', { name: basename(folder) });
const said = (): Promise<string | null> => page.getByTestId('said').textContent();
const message = (text: string | RegExp): Locator => page.getByRole('region', { name: 'Messages' }).getByText(text);
const cell = (): Locator => photoAt(page, 'Photos', 1);
const nameOf = (photo: Locator): Promise<string | null> => photo.getAttribute('aria-label');

const openSettings = async (): Promise<void> => {
  await page.getByRole('button', { name: /^Library/u }).click();
  await page.getByRole('button', { name: 'Folders and settings…' }).click();
  await settings().waitFor();
};

/** One story, told in order: each step starts where the one before it ended. */
describe('a library and what becomes of it, in a browser', () => {
  it('marks the focused photo by keys, and keeps the marks', async () => {
    await cell().press('f');
    await expect.poll(() => nameOf(cell())).toMatch(/, favourite$/u);
    await expect.poll(said).toBe('Marked as a favourite.');
    await cell().press('4');
    await message('Rated 4 of 5 stars.').waitFor();
    await page.reload();
    await shows(PAINTINGS);
    await expect.poll(() => nameOf(cell())).toMatch(/, favourite$/u);
    await cell().press('Enter');
    const viewer = page.getByRole('dialog');
    await viewer.getByRole('group', { name: 'Rating: 4 of 5 stars' }).waitFor();
    await page.keyboard.press('2');
    await viewer.getByRole('group', { name: 'Rating: 2 of 5 stars' }).waitFor();
    await viewer.getByRole('button', { name: '5 of 5 stars' }).click();
    await viewer.getByRole('group', { name: 'Rating: 5 of 5 stars' }).waitFor();
    await shoot(page, 'marks');
    await viewer.getByRole('button', { name: 'Close' }).click();
    await ask(page, 'is:favourite');
    await expect.poll(async () => (await results(page)).length).toBe(1);
    await ask(page, 'rating:5');
    await expect.poll(async () => (await results(page)).length).toBe(1);
    // A result that is looked at makes its search a recent one.
    await photoAt(page, 'Results', 1).press('Enter');
    await viewer.getByRole('button', { name: 'Close' }).click();
    await page.getByRole('button', { name: 'Clear search' }).click();
  });

  it('hides a photo, takes that back, and shows it again where hidden photos are asked for', async () => {
    await photoAt(page, 'Photos', 2).press('h');
    await shows(PAINTINGS - 1);
    // The keys go on where the photo was.
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('gridcell');
    await page.getByRole('button', { name: 'Undo' }).click();
    await shows(PAINTINGS);
    await photoAt(page, 'Photos', 2).press('h');
    await shows(PAINTINGS - 1);
    await ask(page, 'is:hidden');
    await expect.poll(async () => (await results(page)).length).toBe(1);
    await photoAt(page, 'Results', 1).press('h');
    await message('1 photo shown in the library again.').waitFor();
    await page.getByRole('button', { name: 'Clear search' }).click();
    await shows(PAINTINGS);
  });

  it('writes stars to a file beside the photo only when the person says so twice', async () => {
    const sidecars = async (): Promise<string[]> =>
      (await readdir(folder)).filter((name) => name.toLowerCase().endsWith('.xmp'));
    await cell().press('Enter');
    await page.getByRole('button', { name: 'Write to a file beside it…' }).click();
    const question = dialog('Write stars and keywords to files?');
    await question.getByRole('button', { name: 'Write for 1 photo' }).waitFor();
    expect(await sidecars()).toEqual([]);
    await shoot(page, 'sidecars');
    await question.getByRole('button', { name: 'Write for 1 photo' }).click();
    await question.getByText('1 file written.').waitFor();
    const [name = ''] = await sidecars();
    expect(await readFile(join(folder, name), 'utf8')).toMatch(/xmp:Rating(="|>)5/u);
    await question.getByRole('button', { name: 'Close' }).last().click();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });

  it('leaves out what a rule names, and says at once what is no rule', async () => {
    await openSettings();
    await card().getByText('Changes are noticed at once').waitFor();
    await card().getByRole('button', { name: 'Options' }).click();
    const rule = card().getByRole('textbox', { name: /^Leave out/u });
    await rule.fill('../elsewhere');
    await rule.press('Enter');
    await expect.poll(() => card().getByRole('alert').textContent()).toContain('../elsewhere');
    await shoot(page, 'settings');
    await rule.fill('night*');
    await rule.press('Enter');
    await card()
      .getByText(`${String(PAINTINGS - 1)} photos`)
      .waitFor({ timeout: 30_000 });
    await card().getByRole('button', { name: 'Leave “night*” in again' }).click();
    await card()
      .getByText(`${String(PAINTINGS)} photos`)
      .waitFor({ timeout: 30_000 });
  });

  it('pauses a folder, follows it at other times, and keeps what was set', async () => {
    await card().getByRole('button', { name: 'Pause' }).click();
    await card().getByText('Paused').waitFor();
    await card().getByRole('button', { name: 'Resume' }).click();
    await card().getByText('Changes are noticed at once').waitFor();
    await card().getByRole('radio', { name: 'Every hour' }).check({ force: true });
    await card().getByText('Looked through every hour').waitFor();
    await card().getByRole('radio', { name: 'As it changes' }).check({ force: true });
    await card().getByText('Changes are noticed at once').waitFor();
    const days = settings().getByRole('spinbutton', { name: /Keep what is known/u });
    await days.fill('4.5');
    await days.press('Tab');
    await settings().getByText('It has to be a whole number of days, from 0 to 3,650.').waitFor();
    await days.fill('7');
    await days.press('Tab');
    await expect.poll(said).toBe('Kept.');
    await page.keyboard.press('Escape');
    await settings().waitFor({ state: 'detached' });
    await openSettings();
    await expect.poll(() => days.inputValue()).toBe('7');
  });

  it('shows health and size, exports what only the person knows, and takes it back in', async () => {
    await settings().getByText('All in order').waitFor();
    await settings()
      .getByText(/\d (KB|MB)/u)
      .first()
      .waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      settings().getByRole('button', { name: 'Export…' }).click(),
    ]);
    const file = join(home, 'export.json');
    await download.saveAs(file);
    const { photos: marked } = userDataSchema.parse(JSON.parse(await readFile(file, 'utf8')));
    expect(marked).toMatchObject([{ favourite: true, rating: 5 }]);
    await settings().locator('input[type=file]').setInputFiles(file);
    await message(/^Took over 1 photo/u).waitFor();
    await writeFile(file, '{"photos": 3}');
    await settings().locator('input[type=file]').setInputFiles(file);
    await message(/^This file is no export/u).waitFor();
    await settings().getByRole('button', { name: 'Clear' }).click();
    await message('Recent searches were cleared. Saved ones are kept.').waitFor();
    await page.keyboard.press('Escape');
  });

  it('shows a new photo by itself', async () => {
    await paint(64, 48, () => [90, 20, 140]).toFile(join(home, 'violet.png'));
    await copyFile(join(home, 'violet.png'), join(folder, 'violet.png'));
    await shows(PAINTINGS + 1);
  });

  it('offers to follow a folder that was renamed, and finds everything as it was', async () => {
    const before = folder;
    folder = join(home, 'Oil paintings');
    await rename(before, folder);
    await page.getByText('“Paintings” is not in its place.').waitFor({ timeout: 60_000 });
    await expect.poll(() => nameOf(cell())).toMatch(/, not connected$/u);
    await shoot(page, 'moved');
    await page.getByRole('button', { name: /notices?$/u }).click();
    await shoot(page, 'notices');
    await dialog('Notices').getByRole('button', { name: 'Yes, it is there' }).click();
    await message('“Oil paintings” is connected again.').waitFor();
    await expect.poll(() => nameOf(cell()), { timeout: 30_000 }).not.toMatch(/not connected/u);
    await shows(PAINTINGS + 1);
    await ask(page, 'is:favourite');
    await expect.poll(async () => (await results(page)).length).toBe(1);
    await page.getByRole('button', { name: 'Clear search' }).click();
  });

  it('keeps showing photos that are offline, says where they were, and connects them where the person finds them', async () => {
    const before = folder;
    // Too deep down to be found by looking around.
    const hiding = join(home, 'a', 'b', 'c', 'd', 'e', 'f');
    await mkdir(hiding, { recursive: true });
    folder = join(hiding, 'Kept');
    await rename(before, folder);
    await page.getByText('“Oil paintings” is not connected.').waitFor({ timeout: 60_000 });
    await expect.poll(() => nameOf(cell())).toMatch(/, not connected$/u);
    await cell().press('Enter');
    const viewer = page.getByRole('dialog');
    await viewer.getByText('Not connected; last seen there').waitFor();
    await viewer.getByText(before).waitFor();
    await shoot(page, 'offline');
    // Escape is for the viewer, also while the pointer rests on a button and its tip is shown.
    await viewer.getByRole('button', { name: 'Details', exact: true }).hover();
    await page.locator('[data-tooltip-content]').waitFor();
    await page.keyboard.press('Escape');
    await openSettings();
    await settings().getByRole('button', { name: 'Choose its new place…' }).click();
    const chooser = dialog('Where is the folder now?');
    await expect.poll(() => chooser.locator('.here').textContent()).toBe(home);
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f', 'Kept'])
      await chooser.getByRole('button', { name, exact: true }).click();
    await expect.poll(() => chooser.locator('.here').textContent()).toBe(folder);
    await shoot(page, 'relink');
    await chooser.getByRole('button', { name: 'It is this folder' }).click();
    await message('“Kept” is connected again.').waitFor();
    await card().getByText('Changes are noticed at once').waitFor();
    await card()
      .getByText(`${String(PAINTINGS + 1)} photos`)
      .waitFor();
    await page.keyboard.press('Escape');
    await shows(PAINTINGS + 1);
    await expect.poll(() => nameOf(cell()), { timeout: 30_000 }).not.toMatch(/not connected/u);
  });

  it('looks right in a narrow window and in the dark, and asks the browser for nothing it may not', async () => {
    await page.setViewportSize({ width: 620, height: 900 });
    await page.emulateMedia({ colorScheme: 'dark' });
    await openSettings();
    await settings().getByText('All in order').waitFor();
    expect(await settings().evaluate((element) => element.scrollWidth <= element.clientWidth)).toBe(true);
    await shoot(page, 'settings-narrow-dark');
    expect(problems.filter((problem) => !/status of 4\d\d/u.test(problem))).toEqual([]);
  });
});
