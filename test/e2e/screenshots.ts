import { mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { temporaryFolder } from '../support/command-line.ts';
import { writeScenes } from '../support/scenes.ts';
import { startWeb } from '../support/web.ts';
import { add, ask, box, launch, photoAt, term } from './browser.ts';

// Makes the pictures of the README: `npx tsx test/e2e/screenshots.ts`, after a build, with AFTERIMAGE_CHROMIUM naming a
// browser. What they show is painted, so that they show nobody's photos.

const images = fileURLToPath(new URL('../../docs/images/', import.meta.url));
const SCENES = 110;
/** Photos glide to their places, and the address follows a query that rests. */
const REST_MS = 1200;

/** Keeps a picture of the page at rest: every thumbnail drawn, every message gone, nothing pointed at. */
const keep = async (page: Page, name: string): Promise<void> => {
  for (const close of await page.getByRole('button', { name: 'Close message' }).all()) await close.click();
  await page.mouse.move(0, 0);
  await page.waitForFunction(() => [...document.images].every((image) => image.complete && image.naturalWidth > 0));
  const shot = await page.screenshot({ animations: 'disabled', caret: 'hide' });
  const file = join(images, `${name}.jpg`);
  const { size } = await sharp(shot).jpeg({ quality: 82, mozjpeg: true }).toFile(file);
  console.log(`${file}: ${Math.round(size / 1000)} kB`);
};

/** Waits until the newest question is answered. */
const answered = async (page: Page): Promise<void> => {
  await page.getByRole('status', { name: 'Searching' }).waitFor({ state: 'detached' });
  await photoAt(page, 'Results', 1).waitFor();
  await page.waitForTimeout(REST_MS);
};

const search = async (page: Page, words: string): Promise<void> => {
  await ask(page, words);
  await answered(page);
  await box(page).blur();
};

/** A photo, words, words to avoid, a heavier weight, and why the third result is one. */
const compose = async (page: Page): Promise<void> => {
  await add(page, 'sunset');
  await answered(page);
  await photoAt(page, 'Results', 7).press('a');
  await add(page, '-red');
  await term(page, 'avoid “red”').waitFor();
  const weight = page.getByRole('slider', { name: 'Weight of “sunset”' });
  for (let step = 0; step < 6; step++) await weight.press('ArrowRight');
  await answered(page);
  await photoAt(page, 'Results', 3).focus();
};

const clear = (page: Page): Promise<void> => page.getByRole('button', { name: 'Clear search' }).click();

// The viewer shows where a photo is, so its folder has a name of its own; made here, or the script stops.
const pictures = join(tmpdir(), 'Pictures');
await mkdir(pictures);
const [home, removeHome] = await temporaryFolder();
try {
  const folder = join(pictures, 'Travels');
  const scenes = await writeScenes(folder, SCENES);
  await mkdir(images, { recursive: true });
  const web = await startWeb(join(home, 'library'), { home, folders: [folder] });
  const browser = await launch();
  try {
    const page = await browser.newPage({
      viewport: { width: 1440, height: 900 },
      deviceScaleFactor: 1.5,
      reducedMotion: 'reduce',
      colorScheme: 'dark',
    });
    await page.goto(web.address);
    await page.getByText(`${SCENES} photos`).first().waitFor({ timeout: 120_000 });
    await page.getByRole('region', { name: 'Indexing' }).waitFor({ state: 'detached', timeout: 120_000 });
    // The first words wait until the text model is loaded; what is shown is what comes after.
    await search(page, 'night');
    await clear(page);
    await keep(page, 'library-dark');

    const misty = scenes.findIndex(({ kind }) => kind === 'misty mountains');
    await photoAt(page, 'Photos', misty + 1).press('Enter');
    const viewer = page.getByRole('dialog');
    await viewer.getByText('Keywords').waitFor();
    await keep(page, 'viewer');
    await page.keyboard.press('Escape');

    await page.emulateMedia({ colorScheme: 'light' });
    await search(page, 'orange sunset');
    await keep(page, 'search');

    await clear(page);
    await page.emulateMedia({ colorScheme: 'dark' });
    await compose(page);
    await keep(page, 'compose');
  } finally {
    await browser.close();
    await web.stop();
  }
} finally {
  await removeHome();
  await rm(pictures, { recursive: true });
}
