import { mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { temporaryFolder } from '../support/command-line.ts';
import { writeScenes } from '../support/scenes.ts';
import { startWeb } from '../support/web.ts';
import { ask, launch, photos } from './browser.ts';

// Makes the pictures of the README: `npx tsx test/e2e/screenshots.ts`, after a build, with AFTERIMAGE_CHROMIUM naming a
// browser. What they show is painted, so that they show nobody's photos.

const images = fileURLToPath(new URL('../../docs/images/', import.meta.url));
const SCENES = 110;

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

const search = async (page: Page, words: string): Promise<void> => {
  await ask(page, words);
  await page.getByRole('status', { name: 'Searching' }).waitFor({ state: 'detached' });
  await page.getByRole('heading', { name: 'Results' }).waitFor();
  await page.getByRole('searchbox').blur();
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
    await photos(page, 'Photos').nth(misty).press('Enter');
    const viewer = page.getByRole('dialog');
    await viewer.getByText('Keywords').waitFor();
    await keep(page, 'viewer');
    await viewer.getByRole('button', { name: 'Find similar' }).click();
    await page.getByRole('img', { name: 'Like this photo' }).waitFor();
    await search(page, 'at night');
    await keep(page, 'similar');

    await page.emulateMedia({ colorScheme: 'light' });
    await clear(page);
    await search(page, 'orange sunset');
    await keep(page, 'search');
  } finally {
    await browser.close();
    await web.stop();
  }
} finally {
  await removeHome();
  await rm(pictures, { recursive: true });
}
