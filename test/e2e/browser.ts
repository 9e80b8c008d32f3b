import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';
import { startWeb, type RunningWeb } from '../support/web.ts';

const screenshots = fileURLToPath(new URL('../output/screenshots/', import.meta.url));

/** The browser that `npm test` found. */
export const launch = (): Promise<Browser> => {
  const executablePath = process.env.AFTERIMAGE_CHROMIUM;
  if (executablePath === undefined)
    throw new Error('AFTERIMAGE_CHROMIUM names no browser: run the tests with “npm test”.');
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({
    executablePath,
    args: [
      ...sandbox,
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
};

/** A page that notes everything that goes wrong in it. */
export const openPage = async (browser: Browser, address: string, problems: string[]): Promise<Page> => {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' });
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' || /content security policy/iu.test(message.text())) problems.push(message.text());
  });
  await page.goto(address);
  return page;
};

/** The application in a browser, on a library of its own. */
export interface OpenApplication {
  readonly page: Page;
  readonly web: RunningWeb;
  readonly close: () => Promise<void>;
}

/** Starts the application, as `startWeb` does, and opens its page. */
export const openApplication = async (
  library: string,
  options: Parameters<typeof startWeb>[1],
  problems: string[],
): Promise<OpenApplication> => {
  const web = await startWeb(library, options);
  const browser = await launch();
  const page = await openPage(browser, web.address, problems);
  const close = async (): Promise<void> => {
    await browser.close();
    await web.stop();
  };
  return { page, web, close };
};

/** Leaves a picture of the page, once its thumbnails are drawn, in test/output/screenshots. */
export const shoot = async (page: Page, name: string): Promise<void> => {
  await mkdir(screenshots, { recursive: true });
  await page.waitForFunction(() => [...document.images].every((image) => image.complete));
  await page.screenshot({ path: `${screenshots}${name}.png` });
};

export const photos = (page: Page, grid: 'Photos' | 'Results') =>
  page.getByRole('grid', { name: grid }).getByRole('gridcell');

/** The photo at a place of a grid, counted from 1: the page holds them in no particular order. */
export const photoAt = (page: Page, grid: 'Photos' | 'Results', position: number) =>
  page
    .getByRole('grid', { name: grid })
    .getByRole('gridcell', { name: new RegExp(`(?:^Photo|,) ${String(position)} of [\\d,]+(?:,|$)`, 'u') });

export const box = (page: Page) => page.getByRole('combobox', { name: 'Search your photos' });

/** A term of the query, by how it is read out: `“snow”`, `avoid “snow”, weight 2`, `photo`. */
export const term = (page: Page, name: string | RegExp) =>
  page.getByRole('group', { name: 'Terms of the search' }).getByRole('group', { name, exact: true });

/** Adds words to the query; the answer is there when the results say so. */
export const add = async (page: Page, words: string): Promise<void> => {
  await box(page).fill(words);
  await box(page).press('Enter');
};

/** Searches for these words and nothing else. */
export const ask = async (page: Page, words: string): Promise<void> => {
  const clear = page.getByRole('button', { name: 'Clear search' });
  if (await clear.isVisible()) await clear.click();
  await add(page, words);
};

/** File names of the results in order, as they are read out. */
export const results = async (page: Page): Promise<string[]> => {
  const labels = await photos(page, 'Results').evaluateAll((cells) =>
    cells.map((cell) => cell.getAttribute('aria-label') ?? ''),
  );
  const place = (label: string): number => Number(/(\d+) of [\d,]+$/u.exec(label)?.[1]);
  return labels.sort((one, other) => place(one) - place(other)).map((label) => label.replace(/, match.*$/su, ''));
};
