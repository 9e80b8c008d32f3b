import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { temporaryFolder } from '../support/command-line.ts';
import { writeDuplicates } from '../support/duplicates.ts';
import type { Scene } from '../support/scenes.ts';
import { openApplication, photos, shoot, type OpenApplication } from './browser.ts';

let home = '';
let remove: () => Promise<void>;
let application: OpenApplication;
let page: Page;
let copied: Scene;
let savedAgain: Scene;
const problems: string[] = [];

beforeAll(async () => {
  [home, remove] = await temporaryFolder();
  vi.stubEnv('XDG_DATA_HOME', join(home, 'data'));
  const folder = join(home, 'Pictures');
  ({ copied, savedAgain } = await writeDuplicates(folder));
  application = await openApplication(join(home, 'library'), { home, folders: [folder] }, problems);
  ({ page } = application);
});
afterAll(async () => {
  await application.close();
  await remove();
});

const screen = (): Locator => page.getByRole('dialog', { name: 'Duplicates' });
const groups = (): Locator => screen().getByRole('region');
const tile = (name: string): Locator =>
  screen().getByRole('button', { name: `Move ${name} to the trash`, exact: true });
const isPressed = (button: Locator): Promise<string | null> => button.first().getAttribute('aria-pressed');
const open = async (): Promise<void> => {
  await page.getByRole('button', { name: 'Library' }).click();
  await page.getByRole('button', { name: 'Find duplicates…' }).click();
  await screen().waitFor();
};

/** One story, told in order: each step starts where the one before it ended. */
describe('duplicates, in a browser', () => {
  it('opens from the menu of the library and says what it shows', async () => {
    await expect.poll(() => photos(page, 'Photos').count(), { timeout: 60_000 }).toBeGreaterThan(10);
    await page.getByRole('region', { name: 'Indexing' }).waitFor({ state: 'detached', timeout: 60_000 });
    await open();
    await expect.poll(() => groups().count()).toBe(1);
    await screen().getByText('The same picture lies in several places.').waitFor();
    expect(await screen().getByText('Suggested to keep').count()).toBe(1);
    expect(await screen().getByText('chosen for the trash').count()).toBe(0);
    await shoot(page, 'duplicates-exact');
  });

  it('shows photos of one shot side by side, and what tells them apart', async () => {
    await screen().getByRole('tab', { name: 'Same shot' }).click();
    await expect.poll(() => groups().count()).toBe(2);
    await screen().getByText('Less sharp').waitFor();
    await shoot(page, 'duplicates-shot');
    await screen().getByRole('tab', { name: 'Look alike' }).click();
    await expect.poll(() => screen().getByRole('tabpanel').getAttribute('aria-busy')).toBe('false');
    await shoot(page, 'duplicates-alike');
  });

  it('compares two photos at the same place, by the keyboard alone', async () => {
    await screen().getByRole('tab', { name: 'Same shot' }).click();
    await expect.poll(() => groups().count()).toBe(2);
    await groups().filter({ hasText: 'sent to a friend.jpg' }).getByRole('button', { name: 'Compare' }).click();
    const compare = page.getByRole('dialog', { name: savedAgain.name });
    await compare.waitFor();
    for (const key of ['+', '+', '+', 'ArrowRight', 't', 'ArrowLeft', 't', 'k']) await page.keyboard.press(key);
    const transforms = await compare
      .locator('img')
      .evaluateAll((images) => images.map((image) => image.style.transform));
    expect(new Set(transforms).size).toBe(1);
    expect(transforms[0]).toContain('scale(3.375)');
    await page.mouse.move(400, 400);
    await page.mouse.down();
    await page.mouse.move(340, 420, { steps: 3 });
    await page.mouse.up();
    const moved = await compare.locator('img').evaluateAll((images) => images.map((image) => image.style.transform));
    expect(new Set(moved).size).toBe(1);
    expect(moved[0]).toContain('translate(-60px, 20px)');
    await shoot(page, 'duplicates-compare');
    await page.keyboard.press('Escape');
    await compare.waitFor({ state: 'detached' });
    expect(
      await screen()
        .getByText(/^1 file, /u)
        .count(),
    ).toBe(1);
  });

  it('walks over the photos with the arrow keys', async () => {
    await screen().getByRole('button', { name: 'Keep all' }).click();
    await screen().focus();
    for (const key of ['ArrowRight', 'ArrowRight', 't', 'ArrowDown', 'ArrowRight', 't', 'ArrowLeft', 'ArrowRight', 'k'])
      await page.keyboard.press(key);
    expect(await screen().locator('[data-tile][aria-pressed=true]').count()).toBe(1);
    await screen().getByRole('button', { name: 'Keep the suggested everywhere' }).click();
    await screen()
      .getByText(/^4 files, /u)
      .waitFor();
    await shoot(page, 'duplicates-chosen');
  });

  it('asks before anything is moved, warns of a picture that would be lost, and can be left', async () => {
    await screen().getByRole('tab', { name: 'Identical files' }).click();
    await expect.poll(() => groups().count()).toBe(1);
    expect(await screen().getByRole('button', { name: 'Move to trash…' }).count()).toBe(0);
    await tile(copied.name).first().click();
    await tile(copied.name).last().click();
    await screen().getByText('nothing would be left of 1 group').waitFor();
    await screen().getByRole('button', { name: 'Move to trash…' }).click();
    const question = page.getByRole('dialog', { name: 'Move 2 files to the trash?' });
    await question.getByText('nothing of that picture would be left').waitFor();
    await shoot(page, 'duplicates-question');
    await question.getByRole('button', { name: 'Cancel' }).click();
    await question.waitFor({ state: 'detached' });
    expect(await isPressed(tile(copied.name))).toBe('true');
  });

  it.runIf(process.platform === 'linux')(
    'moves what was chosen to the trash, and says how to have it back',
    async () => {
      await tile(copied.name).first().click();
      await screen().getByRole('button', { name: 'Move to trash…' }).click();
      await page.getByRole('button', { name: 'Move 1 file to the trash' }).click();
      await page.getByText(/1 file .* is in the trash of your system/u).waitFor();
      await screen().getByText('Nothing here').waitFor();
      expect(await readdir(join(home, 'data', 'Trash', 'files'))).toHaveLength(1);
      await shoot(page, 'duplicates-moved');
    },
  );

  it('fits a small window, and a dark one', async () => {
    await page.setViewportSize({ width: 620, height: 900 });
    await screen().getByRole('tab', { name: 'Same shot' }).click();
    await expect.poll(() => groups().count()).toBe(2);
    await screen().getByRole('button', { name: 'Keep the suggested everywhere' }).click();
    await page.evaluate(() => (document.documentElement.dataset.theme = 'dark'));
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width).toBeLessThanOrEqual(620);
    await shoot(page, 'duplicates-narrow-dark');
    await groups().first().getByRole('button', { name: 'Compare' }).click();
    await page.getByRole('dialog', { name: / and / }).waitFor();
    await shoot(page, 'duplicates-compare-narrow');
    await page.keyboard.press('Escape');
    await page.setViewportSize({ width: 1440, height: 900 });
    await shoot(page, 'duplicates-dark');
    await page.keyboard.press('Escape');
    await screen().waitFor({ state: 'detached' });
    expect(problems).toEqual([]);
  });
});
