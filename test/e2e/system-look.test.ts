import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/command-line.ts';
import { writePaintings } from '../support/paintings.ts';
import { ask, openApplication, shoot, term, type OpenApplication } from './browser.ts';

let remove: () => Promise<void>;
let application: OpenApplication;
let page: Page;
const problems: string[] = [];

beforeAll(async () => {
  const [home, removeHome] = await temporaryFolder();
  remove = removeHome;
  await writePaintings(join(home, 'Paintings'));
  application = await openApplication(join(home, 'library'), { home, folders: [join(home, 'Paintings')] }, problems);
  ({ page } = application);
  await page.getByText('10 photos').first().waitFor({ timeout: 60_000 });
  await ask(page, 'red');
  await term(page, /red/u).waitFor();
});
afterAll(async () => {
  await application.close();
  await remove();
});

/** The longest time, in seconds, that anything on the page takes to change its looks. */
const longest = (): Promise<number> =>
  page.evaluate(() =>
    Math.max(
      ...[...document.querySelectorAll('*')].flatMap((element) => {
        const { transitionDuration, animationDuration } = getComputedStyle(element);
        return `${transitionDuration},${animationDuration}`.split(',').map((duration) => Number.parseFloat(duration));
      }),
    ),
  );
const styleOf = (element: Locator, property: string): Promise<string> =>
  element.evaluate((at, name) => getComputedStyle(at).getPropertyValue(name), property);

describe('what the system asks for', () => {
  it('less motion: nothing takes its time', async () => {
    await page.emulateMedia({ reducedMotion: 'no-preference' });
    expect(await longest()).toBeGreaterThan(0.1);
    await page.emulateMedia({ reducedMotion: 'reduce' });
    expect(await longest()).toBeLessThanOrEqual(0.001);
  });

  it('more contrast: the focus and quiet words stand out', async () => {
    const button = page.getByRole('button', { name: /^Library/u });
    await button.focus();
    const looks = async (): Promise<readonly string[]> => [
      await styleOf(button, 'outline-width'),
      await styleOf(page.locator(':root'), '--soft'),
    ];
    const usual = await looks();
    await page.emulateMedia({ contrast: 'more' });
    const [width, soft] = await looks();
    expect(usual[0]).toBe('2px');
    expect(width).toBe('3px');
    expect(soft).not.toBe(usual[1]);
  });

  it('its own colours: edges say what is a button, and what is chosen differs from what is not', async () => {
    await page.emulateMedia({ forcedColors: 'active' });
    for (const button of await page.locator('.button, .chip').all())
      expect(await styleOf(button, 'border-top')).toMatch(/^1px solid/u);

    await page.getByRole('button', { name: /^Library/u }).click();
    const chosen = page.getByRole('radiogroup', { name: 'Appearance' }).locator('label:has(:checked)');
    const ground = await styleOf(page.locator('body'), 'background-color');
    expect(await styleOf(chosen, 'background-color')).not.toBe(ground);
    await shoot(page, 'forced-colours');
    expect(problems).toEqual([]);
  });
});
