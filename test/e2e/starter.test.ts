import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/command-line.ts';
import { writePaintings } from '../support/paintings.ts';
import { ask, box, openApplication, photoAt, photos, results, shoot, term, type OpenApplication } from './browser.ts';

let home = '';
let names: readonly string[] = [];
let remove: () => Promise<void>;
let application: OpenApplication;
let page: Page;
const problems: string[] = [];

beforeAll(async () => {
  [home, remove] = await temporaryFolder();
  names = await writePaintings(join(home, 'Pictures', 'Paintings'));
  await writeFile(join(home, 'Pictures', 'Paintings', 'half a download.jpg'), 'not yet');
  application = await openApplication(join(home, 'library'), { home }, problems);
  ({ page } = application);
});
afterAll(async () => {
  await application.close();
  await remove();
});

const first = async (): Promise<string | undefined> => (await results(page))[0];

/** One story, told in order: each step starts where the one before it ended. */
describe('a first start, with the starter model, in a browser', () => {
  it('welcomes, and lets a folder be chosen without a path being typed', async () => {
    await page.getByRole('heading', { name: 'Find any photo by describing it' }).waitFor();
    expect(new URL(page.url()).search).toBe('');
    await shoot(page, 'welcome');
    await page.getByRole('button', { name: 'Choose a folder…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Paintings' }).click();
    await page
      .getByText(`${String(names.length)} pictures directly`)
      .or(page.getByText(`${String(names.length + 1)} pictures directly`))
      .waitFor();
    await shoot(page, 'folder-browser');
    await page.getByRole('button', { name: 'Choose this folder' }).click();
    await page.getByText(join('Pictures', 'Paintings')).waitFor();
  });

  it('indexes and shows the photos, and names the file that is none', async () => {
    await page.getByRole('button', { name: 'Start' }).click();
    await expect.poll(() => photos(page, 'Photos').count(), { timeout: 60_000 }).toBe(names.length);
    await page.getByRole('region', { name: 'Indexing' }).waitFor({ state: 'detached' });
    await shoot(page, 'library');
    await page.getByRole('button', { name: 'Library' }).click();
    await shoot(page, 'library-menu');
    await page.getByRole('button', { name: /1 file could not be read/u }).click();
    await page.getByText('half a download.jpg').waitFor();
    await shoot(page, 'failures');
    await page.keyboard.press('Escape');
  });

  it('finds by words', async () => {
    await page.keyboard.press('/');
    await ask(page, 'night');
    await expect.poll(first).toBe('night.jpg');
    await ask(page, 'black and white');
    await expect.poll(first).toBe('black and white.png');
    await shoot(page, 'results');
  });

  it('opens a result, tells about it, and finds its like', async () => {
    await ask(page, 'red');
    await expect.poll(first).toBe('red.jpg');
    await photoAt(page, 'Results', 1).press('Enter');
    const viewer = page.getByRole('dialog');
    await viewer.getByText('Lumen L1').waitFor();
    await shoot(page, 'viewer');
    await viewer.getByRole('button', { name: 'Find similar' }).click();
    await term(page, 'photo').waitFor();
    await expect.poll(async () => (await results(page)).length).toBe(names.length - 1);
    expect(await results(page)).not.toContain('red.jpg');
    expect(await first()).toBe('orange sunset.jpg');
    await shoot(page, 'similar');
  });

  it('finds by a dropped picture, and says when it is none', async () => {
    const drop = async (name: string, type: string, bytes: Buffer): Promise<void> => {
      const transfer = await page.evaluateHandle(
        ([base64, fileName, mime]) => {
          const data = Uint8Array.from(atob(base64 ?? ''), (character) => character.charCodeAt(0));
          const carried = new DataTransfer();
          carried.items.add(new File([data], fileName ?? '', { type: mime ?? '' }));
          return carried;
        },
        [bytes.toString('base64'), name, type],
      );
      await page.dispatchEvent('body', 'drop', { dataTransfer: transfer });
    };
    await page.getByRole('button', { name: 'Clear search' }).click();
    await drop('like this.png', 'image/png', await readFile(join(home, 'Pictures', 'Paintings', 'blue.png')));
    await term(page, 'picture').waitFor();
    await expect.poll(first).toBe('blue.png');
    await shoot(page, 'dropped');
    await drop('notes.png', 'image/png', Buffer.from('no picture'));
    await page.getByRole('alert').getByText('This is not a picture').waitFor();
    await shoot(page, 'drop-refused');
    await box(page).press('Escape');
    problems.splice(0, Infinity, ...problems.filter((problem) => !problem.includes('400 (Bad Request)')));
  });

  it('looks well in light and dark, wide and narrow', async () => {
    for (const scheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: scheme });
      await shoot(page, `library-${scheme}`);
    }
    await page.setViewportSize({ width: 620, height: 780 });
    await shoot(page, 'narrow');
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
  });

  it('says so when the engine is gone', async () => {
    const quiet = problems.length;
    await application.web.stop();
    await page.getByText(/not answering/u).waitFor();
    await shoot(page, 'engine-away');
    expect(problems.slice(0, quiet)).toEqual([]);
  });
});
